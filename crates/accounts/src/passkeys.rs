//! Passkeys: a device proves who somebody is, without a password (WebAuthn).
//!
//! A *ceremony* has two steps: the server asks, the device signs. What was asked waits in the database between them, for
//! five minutes and for one answer, so that any replica takes the second step. The protocol is that of `webauthn-rs`.

use callboard_db::Database;
use callboard_model::{Clock, Error, ErrorKind, Ids, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use url::Url;
use uuid::Uuid;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, DiscoverableKey, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};

use crate::sql::passkeys::{self as sql, NewPasskey, PasskeyRow};

/// How long the second step may take.
const PATIENCE: u64 = 5 * 60_000;
/// The most passkeys of one account.
const MOST_OF_ONE: i64 = 20;
/// The most ceremonies at once: anybody may begin one.
const MOST_CEREMONIES: i64 = 10_000;

/// Passkeys of accounts.
#[derive(Debug)]
pub(crate) struct Passkeys {
    database: Database,
    clock: Clock,
    ids: Ids,
    webauthn: Webauthn,
}

/// The first step of a ceremony: what the browser is to be asked.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) ceremony: String,
    pub(crate) options: Value,
}

/// A passkey as its owner sees it. Times are in Unix milliseconds.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) id: String,
    pub(crate) label: String,
    pub(crate) created_at: u64,
    pub(crate) seen_at: Option<u64>,
}

impl Passkeys {
    /// For pages at `base`. Passkeys are for its name: under another name they are not good.
    ///
    /// # Errors
    /// `Invalid`, when the address cannot have passkeys, such as one that is a number.
    pub(crate) fn new(database: Database, clock: Clock, ids: Ids, base: &Url) -> Result<Self> {
        let wrong = || {
            let message = format!(
                "`app.baseUrl` is `{base}`, and passkeys are for a name such as `portal.example.com`"
            );
            Error::invalid("passkey-origin", message)
        };
        let name = base.domain().ok_or_else(wrong)?;
        let webauthn = WebauthnBuilder::new(name, base)
            .map_err(|error| wrong().source(error))?
            .rp_name("Callboard")
            .build()
            .map_err(|error| wrong().source(error))?;
        Ok(Self {
            database,
            clock,
            ids,
            webauthn,
        })
    }

    /// Begins to make a passkey for an account.
    pub(crate) async fn begin_making(&self, name: &str) -> Result<Asked> {
        let known = sql::of_account(&self.database, name).await?;
        if known.len() >= usize::try_from(MOST_OF_ONE).unwrap_or(usize::MAX) {
            return Err(too_many());
        }
        let handle = match sql::handle(&self.database, name).await? {
            Some(handle) => handle
                .parse()
                .map_err(|error| broken("a number").source(error))?,
            None => self.ids.uuid(),
        };
        let known = known.iter().filter_map(passkey);
        let exclude = known.map(|passkey| passkey.cred_id().clone()).collect();
        let (asked, state) = self
            .webauthn
            .start_passkey_registration(handle, name, name, Some(exclude))
            .map_err(|error| broken("a challenge").source(error))?;
        let mut options = json_of(&asked)?;
        // One that the device finds by itself, so that nobody has to type a name first.
        options["publicKey"]["authenticatorSelection"]["residentKey"] = json!("required");
        options["publicKey"]["authenticatorSelection"]["requireResidentKey"] = json!(true);
        let ceremony = self.begin(name, &json!([handle, json_of(&state)?])).await?;
        Ok(Asked { ceremony, options })
    }

    /// Ends making a passkey: it is known from now on.
    ///
    /// # Errors
    /// `Invalid`, when the device did not answer what it was asked; `Conflict`, when there are too many.
    pub(crate) async fn end_making(
        &self,
        name: &str,
        (ceremony, label): (&str, &str),
        credential: Value,
    ) -> Result<()> {
        let state = sql::end(&self.database, (ceremony, name), self.now()).await?;
        let state = state.ok_or_else(no_ceremony)?;
        let (handle, state): (Uuid, PasskeyRegistration) = read(&state)?;
        let credential: RegisterPublicKeyCredential =
            serde_json::from_value(credential).map_err(|error| refused().source(error))?;
        let made = self
            .webauthn
            .finish_passkey_registration(&credential, &state)
            .map_err(|error| refused().source(error))?;
        let row = NewPasskey {
            id: &self.ids.uuid().to_string(),
            name,
            handle: &handle.to_string(),
            label,
            passkey: &json_of(&made)?.to_string(),
            now: self.now(),
        };
        let mut tx = self.database.begin().await?;
        if !sql::add(&mut tx, &row, MOST_OF_ONE).await? {
            return Err(too_many());
        }
        tx.commit().await
    }

    /// Begins to sign somebody in whose name is not known yet.
    ///
    /// # Errors
    /// `TooMany`, when too many do so at once.
    pub(crate) async fn begin_sign_in(&self) -> Result<Asked> {
        if sql::going_on(&self.database, self.now()).await? >= MOST_CEREMONIES {
            let message = "too many people sign in with passkeys at this moment";
            return Err(
                Error::new(ErrorKind::TooMany, "too-many-ceremonies", message)
                    .hint("try again in a few minutes"),
            );
        }
        let (asked, state) = self
            .webauthn
            .start_discoverable_authentication()
            .map_err(|error| broken("a challenge").source(error))?;
        let mut options = json_of(&asked)?;
        // Somebody pressed a button, so the browser asks at once.
        if let Some(options) = options.as_object_mut() {
            options.remove("mediation");
        }
        let ceremony = self.begin("", &json_of(&state)?).await?;
        Ok(Asked { ceremony, options })
    }

    /// Ends signing in: the account whose passkey it was.
    ///
    /// # Errors
    /// `Unauthenticated`, when it is none that is known, or did not sign what it was asked to.
    pub(crate) async fn end_sign_in(&self, ceremony: &str, credential: Value) -> Result<String> {
        let state = sql::end(&self.database, (ceremony, ""), self.now()).await?;
        let state: DiscoverableAuthentication = read(&state.ok_or_else(no_ceremony)?)?;
        let credential: PublicKeyCredential =
            serde_json::from_value(credential).map_err(|error| unknown().source(error))?;
        let (handle, id) = self
            .webauthn
            .identify_discoverable_authentication(&credential)
            .map_err(|error| unknown().source(error))?;
        let rows = sql::of_handle(&self.database, &handle.to_string()).await?;
        let known = rows.iter().find_map(|row| {
            let passkey = passkey(row).filter(|passkey| passkey.cred_id().as_slice() == id);
            passkey.map(|passkey| (row, passkey))
        });
        let (row, mut passkey) = known.ok_or_else(unknown)?;
        let key = DiscoverableKey::from(&passkey);
        let shown = self
            .webauthn
            .finish_discoverable_authentication_v2(&credential, state, &key)
            .map_err(|error| unknown().source(error))?;
        passkey.update_credential(&shown);
        let passkey = json_of(&passkey)?.to_string();
        sql::seen(&self.database, &row.0, &passkey, self.now()).await?;
        Ok(row.1.clone())
    }

    /// The passkeys of an account, the oldest first.
    pub(crate) async fn of_account(&self, name: &str) -> Result<Vec<Known>> {
        let rows = sql::of_account(&self.database, name).await?;
        let time = |at| u64::try_from(at).unwrap_or(0);
        let known = rows
            .into_iter()
            .map(|(id, _, label, _, created_at, seen_at)| Known {
                id,
                label,
                created_at: time(created_at),
                seen_at: Some(time(seen_at)).filter(|at| *at > 0),
            });
        Ok(known.collect())
    }

    /// Removes a passkey of an account; whether there was one.
    pub(crate) async fn remove(&self, name: &str, id: &str) -> Result<bool> {
        sql::remove(&self.database, name, id).await
    }

    async fn begin(&self, name: &str, state: &Value) -> Result<String> {
        let id = self.ids.uuid().to_string();
        let end = self.clock.unix_millis().saturating_add(PATIENCE);
        let end = i64::try_from(end).unwrap_or(i64::MAX);
        let row = (id.as_str(), name, state.to_string());
        sql::begin(&self.database, (row.0, row.1, &row.2), self.now(), end).await?;
        Ok(id)
    }

    fn now(&self) -> i64 {
        i64::try_from(self.clock.unix_millis()).unwrap_or(i64::MAX)
    }
}

fn passkey(row: &PasskeyRow) -> Option<Passkey> {
    serde_json::from_str(&row.3).ok()
}

fn json_of(value: &impl Serialize) -> Result<Value> {
    serde_json::to_value(value).map_err(|error| broken("a ceremony").source(error))
}

fn read<T: DeserializeOwned>(json: &str) -> Result<T> {
    serde_json::from_str(json).map_err(|error| broken("a ceremony").source(error))
}

fn broken(what: &str) -> Error {
    Error::internal(
        "passkey",
        format!("{what} of passkeys cannot be made or read"),
    )
}

fn no_ceremony() -> Error {
    Error::invalid(
        "no-such-ceremony",
        "this was begun too long ago, or ended already",
    )
    .hint("begin again")
}

fn refused() -> Error {
    Error::invalid(
        "passkey-refused",
        "the device did not answer what it was asked",
    )
    .hint("begin again, on the page of this portal")
}

fn unknown() -> Error {
    let message = "this passkey is not known here";
    Error::new(ErrorKind::Unauthenticated, "unknown-passkey", message)
        .hint("sign in another way, and add a passkey in the settings")
}

fn too_many() -> Error {
    let message = format!("an account has at most {MOST_OF_ONE} passkeys");
    Error::new(ErrorKind::Conflict, "too-many-passkeys", message)
        .hint("remove one that is not used")
}
