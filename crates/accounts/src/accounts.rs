//! Everything that this crate holds, opened once.

use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use callboard_auth::{Audit, Directory};
use callboard_db::Database;
use callboard_identity::{Identity, SignedIn};
use callboard_model::{Clock, EntityRef, Error, ErrorKind, Result};
use tokio_util::sync::CancellationToken;

use crate::attempts::Attempts;
use crate::config::LocalAccountSettings;
use crate::password::Passwords;
use crate::secret_link::{LinkSecret, hash};
use crate::sql;

/// The name of the first account.
const FIRST: &str = "admin";
/// How often it is looked whether another replica made or removed an administrator.
const BETWEEN_LOOKS: Duration = Duration::from_secs(10);

/// Accounts of this portal. Clones share everything.
#[derive(Clone, Debug)]
pub struct Accounts(pub(crate) Arc<Inner>);

#[derive(Debug)]
pub(crate) struct Inner {
    database: Database,
    pub(crate) identity: Identity,
    clock: Clock,
    pub(crate) audit: Audit,
    passwords: Passwords,
    attempts: Attempts,
    invitation_lifetime: Duration,
    administrators: RwLock<HashSet<EntityRef>>,
}

/// The link by which the first administrator sets their password. Printed, it is the link: show it to nobody else.
pub struct FirstInvitation(String);

impl fmt::Display for FirstInvitation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for FirstInvitation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FirstInvitation(…)")
    }
}

/// An account. Times are in Unix milliseconds.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) name: String,
    pub(crate) has_password: bool,
    pub(crate) is_admin: bool,
    pub(crate) created_at: u64,
    pub(crate) changed_at: u64,
}

/// An invitation that was made: its link, which is shown once, and when it is over, in Unix milliseconds.
#[derive(Debug)]
pub(crate) struct Invitation {
    pub(crate) link: String,
    pub(crate) expires_at: u64,
}

impl Accounts {
    /// Brings the tables up to date and reads who may do everything.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn open(
        database: Database,
        identity: Identity,
        settings: &LocalAccountSettings,
        audit: Audit,
    ) -> Result<Self> {
        database.migrate(&sql::MIGRATIONS).await?;
        let clock = identity.clock().clone();
        let accounts = Self(Arc::new(Inner {
            database,
            identity,
            attempts: Attempts::new(clock.clone()),
            clock,
            audit,
            passwords: Passwords::new()?,
            invitation_lifetime: settings.invitation_lifetime.get(),
            administrators: RwLock::default(),
        }));
        accounts.look().await?;
        Ok(accounts)
    }

    /// The link for the first administrator, as long as there is no account: a new one each time, which ends the last.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn first_invitation(&self) -> Result<Option<FirstInvitation>> {
        if sql::count(&self.0.database).await? > 0 {
            return Ok(None);
        }
        let invitation = self.invite(FIRST, true).await?;
        Ok(Some(FirstInvitation(invitation.link)))
    }

    /// Whether somebody has an account that may do everything. Answers from memory.
    pub fn is_administrator(&self, entity_ref: &EntityRef) -> bool {
        let all = self.0.administrators.read();
        all.unwrap_or_else(PoisonError::into_inner)
            .contains(entity_ref)
    }

    /// Looks from time to time who may do everything, because other replicas change that too.
    pub(crate) async fn follow(&self, stop: CancellationToken) -> Result<()> {
        let mut looks = tokio::time::interval(BETWEEN_LOOKS);
        while stop.run_until_cancelled(looks.tick()).await.is_some() {
            if let Err(error) = self.look().await {
                tracing::debug!(%error, "who is an administrator was not read and stays as it was");
            }
        }
        Ok(())
    }

    async fn look(&self) -> Result<()> {
        let names = sql::administrators(&self.0.database).await?;
        let refs = names.iter().filter_map(|name| entity_ref(name).ok());
        let refs: HashSet<EntityRef> = refs.collect();
        let mut all = self.0.administrators.write();
        *all.as_deref_mut().unwrap_or_else(|poison| poison.get_mut()) = refs;
        Ok(())
    }

    /// All accounts, by name.
    pub(crate) async fn all(&self) -> Result<Vec<Account>> {
        let rows = sql::all(&self.0.database).await?;
        let time = |at| u64::try_from(at).unwrap_or(0);
        let accounts =
            rows.into_iter()
                .map(
                    |(name, has_password, is_admin, created_at, changed_at)| Account {
                        name,
                        has_password: has_password == 1,
                        is_admin: is_admin == 1,
                        created_at: time(created_at),
                        changed_at: time(changed_at),
                    },
                );
        Ok(accounts.collect())
    }

    /// Makes an account and invites somebody to set its password.
    ///
    /// # Errors
    /// `Invalid`, when the name cannot be one; `Conflict`, when there is such an account.
    pub(crate) async fn create(&self, name: &str, is_admin: bool) -> Result<Invitation> {
        entity_ref(name)?;
        let mut tx = self.0.database.begin().await?;
        if !sql::add(&mut tx, name, is_admin, self.now()).await? {
            let message = format!("there is an account `{name}` already");
            return Err(Error::new(ErrorKind::Conflict, "account-exists", message)
                .hint("invite its owner again, or take another name"));
        }
        tx.commit().await?;
        self.look().await?;
        self.invite(name, is_admin).await
    }

    /// Invites the owner of an account to set its password anew. The old one is good until then.
    ///
    /// # Errors
    /// `NotFound`, when there is none of that name.
    pub(crate) async fn invite_again(&self, name: &str) -> Result<Invitation> {
        let mut tx = self.0.database.begin().await?;
        let exists = sql::exists(&mut tx, name).await?;
        tx.commit().await?;
        if !exists {
            return Err(no_account(name));
        }
        self.invite(name, false).await
    }

    async fn invite(&self, name: &str, is_admin: bool) -> Result<Invitation> {
        let secret = LinkSecret::new()?;
        let lasts = u64::try_from(self.0.invitation_lifetime.as_millis()).unwrap_or(u64::MAX);
        let expires_at = self.0.clock.unix_millis().saturating_add(lasts);
        let mut tx = self.0.database.begin().await?;
        let row = (secret.hash(), i64::try_from(expires_at).unwrap_or(i64::MAX));
        sql::invite(&mut tx, (&row.0, name, is_admin), row.1).await?;
        tx.commit().await?;
        let base = self.0.identity.urls().app_base.as_str();
        // Behind the `#`, where no server and no proxy writes it down.
        let link = format!("{}/welcome#{}", base.trim_end_matches('/'), secret.expose());
        Ok(Invitation { link, expires_at })
    }

    /// Whom an invitation is for, as long as it is good.
    pub(crate) async fn invited(&self, secret: &str) -> Result<Option<(String, u64)>> {
        let row = sql::invitation(&self.0.database, &hash(secret), self.now()).await?;
        Ok(row.map(|(name, _, expires_at)| (name, u64::try_from(expires_at).unwrap_or(0))))
    }

    /// Sets the password of the account that an invitation is for, and uses it up.
    ///
    /// # Errors
    /// `NotFound`, when it is not good any more; `Invalid`, when the password is not good.
    pub(crate) async fn accept(&self, secret: &str, password: String) -> Result<String> {
        let gone = || {
            Error::not_found(
                "no-such-invitation",
                "this invitation is over, or was used already",
            )
            .hint("ask whoever sent it for a new one")
        };
        let (name, _) = self.invited(secret).await?.ok_or_else(gone)?;
        Passwords::check(&name, &password)?;
        // Before the transaction: hashing takes a while.
        let hashed = self.0.passwords.hash(password).await?;
        let mut tx = self.0.database.begin().await?;
        let now = self.now();
        let taken = sql::take_invitation(&mut tx, &hash(secret), now).await?;
        let (name, is_admin) = taken.ok_or_else(gone)?;
        if is_admin == 1 {
            sql::add(&mut tx, &name, true, now).await?;
        }
        if !sql::set_password(&mut tx, &name, &hashed, now).await? {
            return Err(gone());
        }
        tx.commit().await?;
        self.0.attempts.forget(&name);
        self.look().await?;
        self.0.identity.end_sessions(&entity_ref(&name)?).await?;
        Ok(name)
    }

    /// Sets the password of somebody who knows the present one, and signs them out everywhere.
    ///
    /// # Errors
    /// `Forbidden`, when the present one is wrong; `Invalid`, when the new one is not good.
    pub(crate) async fn change_password(
        &self,
        name: &str,
        present: String,
        new: String,
    ) -> Result<()> {
        if !self.is_password(name, present).await? {
            return Err(Error::new(
                ErrorKind::Forbidden,
                "wrong-password",
                "the present password is wrong",
            )
            .hint("sign in with your account, or ask an administrator for an invitation"));
        }
        Passwords::check(name, &new)?;
        let hashed = self.0.passwords.hash(new).await?;
        let mut tx = self.0.database.begin().await?;
        if !sql::set_password(&mut tx, name, &hashed, self.now()).await? {
            return Err(no_account(name));
        }
        tx.commit().await?;
        self.0.identity.end_sessions(&entity_ref(name)?).await
    }

    /// Whether this is the password of the account; a guess that is wrong counts.
    ///
    /// # Errors
    /// `TooMany`, when there were too many wrong guesses.
    pub(crate) async fn is_password(&self, name: &str, password: String) -> Result<bool> {
        self.0.attempts.begin(name)?;
        let kept = sql::password(&self.0.database, name).await?;
        let is_right = self.0.passwords.is(password, kept).await?;
        if is_right {
            self.0.attempts.forget(name);
        }
        Ok(is_right)
    }

    /// Removes an account; whoever uses it is signed out.
    ///
    /// # Errors
    /// `NotFound`, when there is none of that name; `Conflict`, when nobody else may do everything.
    pub(crate) async fn remove(&self, name: &str) -> Result<()> {
        let mut tx = self.0.database.begin().await?;
        if sql::remove(&mut tx, name).await? == 0 {
            let is_last = sql::exists(&mut tx, name).await?;
            tx.commit().await?;
            if !is_last {
                return Err(no_account(name));
            }
            let message = format!("`{name}` is the last account that may do everything");
            return Err(
                Error::new(ErrorKind::Conflict, "last-administrator", message)
                    .hint("make another administrator first"),
            );
        }
        tx.commit().await?;
        self.look().await?;
        self.0.identity.end_sessions(&entity_ref(name)?).await
    }

    /// Who somebody is who showed that an account is theirs.
    pub(crate) fn person(&self, name: &str) -> Result<SignedIn> {
        let entity_ref = entity_ref(name)?;
        let mut ownership = vec![entity_ref.clone()];
        ownership.extend(self.directory().groups_of(&entity_ref));
        Ok(SignedIn {
            entity_ref,
            ownership,
            provider: "local".to_owned(),
            user_agent: None,
            previous: None,
        })
    }

    fn directory(&self) -> &Arc<dyn Directory> {
        self.0.identity.directory()
    }

    fn now(&self) -> i64 {
        i64::try_from(self.0.clock.unix_millis()).unwrap_or(i64::MAX)
    }
}

/// The user whose account is called `name`.
///
/// # Errors
/// `Invalid`, when nobody can be called so.
pub(crate) fn entity_ref(name: &str) -> Result<EntityRef> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
    let wrong = || {
        Error::invalid(
            "account-name",
            "an account's name has 1 to 63 lower-case letters, digits, `-`, `_` and `.`",
        )
    };
    if name.is_empty() || name.len() > 63 || !name.chars().all(allowed) {
        return Err(wrong());
    }
    EntityRef::new("user", "default", name).map_err(|error| wrong().source(error))
}

fn no_account(name: &str) -> Error {
    Error::not_found("no-such-account", format!("there is no account `{name}`"))
}
