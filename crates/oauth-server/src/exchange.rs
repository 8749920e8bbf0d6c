//! A client gets a token for its code.

use callboard_auth::Outcome;
use callboard_config::Secret;
use callboard_model::{EntityRef, Result};

use crate::asked::{Asked, Shown};
use crate::consent::Session;
use crate::refresh::RefreshToken;
use crate::refusal::Refusal;
use crate::secret;
use crate::server::{Inner, event};
use crate::sql::refresh_tokens;
use crate::sql::sessions;

/// The longest verifier of PKCE (RFC 7636, 4.1).
const LONGEST_VERIFIER: usize = 128;

/// What a client gets for a code.
#[derive(Debug)]
pub(crate) struct Exchanged {
    pub(crate) access_token: Secret,
    pub(crate) expires_in: u64,
    pub(crate) id_token: Secret,
    /// What the token is for: what was asked for and is there.
    pub(crate) scope: &'static str,
    /// For clients that may stay.
    pub(crate) refresh_token: Option<Secret>,
}

impl Inner {
    /// A client gets a token for its code, which is over then.
    ///
    /// # Errors
    /// When the code is not good, or not that of the client.
    pub(crate) async fn exchange(&self, asked: &Asked) -> Result<Exchanged, Refusal> {
        let mut session = None;
        let exchanged = self.exchanged(asked, &mut session).await;
        let session = session.as_ref();
        let (outcome, error) = match &exchanged {
            Ok(_) => (Outcome::Succeeded, None),
            Err(refusal) => (Outcome::Denied, Some(refusal.description.as_str())),
        };
        let actor = session.and_then(|session| session.user_ref.as_deref());
        let client = session.map(|session| session.client_id.as_str());
        let noted = event("oauth-token", actor, outcome)
            .with("client", client)
            .with("error", error);
        self.record(noted, asked.request_id.as_ref());
        exchanged
    }

    async fn exchanged(
        &self,
        asked: &Asked,
        found: &mut Option<Session>,
    ) -> Result<Exchanged, Refusal> {
        let client = asked.client(&self.clients)?;
        let (Some(code), Some(redirect)) = (asked.get("code"), asked.get("redirect_uri")) else {
            let message = "Missing code or redirect_uri parameters for authorization_code grant";
            return Err(Refusal::request(message));
        };
        let row = sessions::by_code(&self.database, &secret::hash(code)).await?;
        let session = row.map(Session::of);
        let session = session.ok_or_else(|| Refusal::grant("Invalid authorization code"))?;
        let session = &*found.insert(session);
        if session.status == "used" {
            return Err(self.shown_again(session, asked).await?);
        }
        let person = self.check(session, &client, redirect)?;
        check_verifier(session, asked.get("code_verifier"))?;
        self.give(session, &person, asked).await
    }

    /// Whether the code is for this client now: the person who approved.
    fn check(
        &self,
        session: &Session,
        client: &Shown<'_>,
        redirect: &str,
    ) -> Result<EntityRef, Refusal> {
        if session.status != "approved" {
            return Err(Refusal::grant("Authorization not approved"));
        }
        if session.expires_at <= self.now() {
            return Err(Refusal::grant("Authorization code expired"));
        }
        if client.id.is_some_and(|id| id != session.client_id) {
            return Err(Refusal::grant("Client ID mismatch"));
        }
        if session.redirect_uri != redirect {
            return Err(Refusal::grant("Redirect URI mismatch"));
        }
        if self.clients.needs_secret(&session.client_id)? && !client.is_proven {
            return Err(Refusal::client("Client authentication required"));
        }
        let person = session
            .user_ref
            .as_deref()
            .and_then(|text| text.parse().ok());
        person.ok_or_else(|| Refusal::grant("No user associated with authorization"))
    }

    /// The tokens are made before the code is taken, so that a client may try again when that fails.
    async fn give(
        &self,
        session: &Session,
        person: &EntityRef,
        asked: &Asked,
    ) -> Result<Exchanged, Refusal> {
        let token = self.identity.user_token(person).await?;
        let nonce = session.nonce.as_deref();
        let id_token = self.identity.id_token(person, &session.client_id, nonce);
        let id_token = id_token.await?;
        let staying = self.staying.filter(|_| session.asks_for("offline_access"));
        let refresh = staying.map(|_| RefreshToken::new_family()).transpose()?;
        let most = staying.map_or(0, |staying| staying.most_of_one);
        let taken = match (&refresh, staying) {
            (Some(refresh), Some(staying)) => {
                let (family, token) = refresh.hashes();
                let id = self.ids.uuid().to_string();
                let now = self.now();
                let row = refresh_tokens::NewRefreshToken {
                    id: &id,
                    session_id: &session.id,
                    family_hash: &family,
                    token_hash: &token,
                    user_ref: person.as_str(),
                    client_id: &session.client_id,
                    client_name: &session.client_name,
                    scope: &session.scope,
                    now: crate::sql::millis(now),
                    expires_at: crate::sql::millis(staying.end(now, now)),
                };
                sessions::redeem(&self.database, &session.id, Some(&row), most).await?
            }
            _ => sessions::redeem(&self.database, &session.id, None, most).await?,
        };
        if !taken {
            return Err(self.shown_again(session, asked).await?);
        }
        Ok(Exchanged {
            access_token: Secret::from(token.token),
            expires_in: token.expires_in_seconds,
            id_token: Secret::from(id_token),
            scope: match &refresh {
                Some(_) => "openid offline_access",
                None => "openid",
            },
            refresh_token: refresh.map(|refresh| refresh.text()),
        })
    }

    /// Somebody has a code that was used: one of the two was not meant to have it, so that what it gave ends
    /// (RFC 6749, 4.1.2).
    async fn shown_again(&self, session: &Session, asked: &Asked) -> Result<Refusal> {
        let ended = refresh_tokens::remove_of_session(&self.database, &session.id).await?;
        let actor = session.user_ref.as_deref();
        let noted = event("oauth-code-used-again", actor, Outcome::Denied)
            .with("client", session.client_id.as_str())
            .with("ended", ended);
        self.record(noted, asked.request_id.as_ref());
        Ok(Refusal::grant("Authorization code already used"))
    }
}

/// Whether whoever shows the code is who asked for it (RFC 7636, 4.6).
fn check_verifier(session: &Session, verifier: Option<&str>) -> Result<(), Refusal> {
    let verifier = verifier.ok_or_else(|| Refusal::grant("Code verifier required for PKCE"))?;
    let is_good = verifier.len() <= LONGEST_VERIFIER
        && secret::same(&secret::hash(verifier), &session.challenge);
    is_good
        .then_some(())
        .ok_or_else(|| Refusal::grant("Invalid code verifier"))
}
