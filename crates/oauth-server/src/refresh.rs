//! A client stays: it gets a new token for the one that it was given last.
//!
//! A refresh token has two parts: one that stays, by which it is found, and one that changes whenever it is used. Only
//! who was given a token of the family knows the first. So whoever shows that with a second part which is not the one
//! that counts has a token that was used already: one of two was not meant to have it, and the family ends.

use callboard_auth::{Outcome, PersonQuery};
use callboard_config::Secret;
use callboard_model::{EntityRef, ErrorKind, Result};

use crate::asked::{Asked, Shown};
use crate::refusal::Refusal;
use crate::secret;
use crate::server::{Inner, Staying, event};
use crate::sql::millis;
use crate::sql::refresh_tokens::{self, RefreshTokenRow, Rotation};

/// A refresh token.
pub(crate) struct RefreshToken {
    family: Secret,
    token: Secret,
}

/// A client that stays.
#[derive(Debug)]
struct Client {
    id: String,
    token_hash: String,
    user_ref: String,
    client_id: String,
    created_at: u64,
    expires_at: u64,
}

/// What a client gets for a refresh token.
#[derive(Debug)]
pub(crate) struct Refreshed {
    pub(crate) access_token: Secret,
    pub(crate) expires_in: u64,
    pub(crate) refresh_token: Secret,
}

impl RefreshToken {
    /// The first one of a client.
    pub(crate) fn new_family() -> Result<Self> {
        Ok(Self {
            family: secret::random()?,
            token: secret::random()?,
        })
    }

    /// The one that comes next.
    fn next(&self) -> Result<Self> {
        Ok(Self {
            family: self.family.clone(),
            token: secret::random()?,
        })
    }

    fn parse(text: &str) -> Option<Self> {
        let (family, token) = text.split_once('.')?;
        (family.len() == 43 && token.len() == 43).then(|| Self {
            family: Secret::from(family),
            token: Secret::from(token),
        })
    }

    /// What is kept of its two parts.
    pub(crate) fn hashes(&self) -> (String, String) {
        let [family, token] = [&self.family, &self.token].map(|part| secret::hash(part.expose()));
        (family, token)
    }

    /// The text itself, to be shown once.
    pub(crate) fn text(&self) -> Secret {
        let (family, token) = (self.family.expose(), self.token.expose());
        Secret::from(format!("{family}.{token}"))
    }
}

impl Client {
    fn of(row: RefreshTokenRow) -> Self {
        let (id, token_hash, user_ref, client_id, created_at, expires_at) = row;
        let time = |at| u64::try_from(at).unwrap_or(0);
        Self {
            id,
            token_hash,
            user_ref,
            client_id,
            created_at: time(created_at),
            expires_at: time(expires_at),
        }
    }
}

impl Inner {
    /// A client gets a new token, and another refresh token in the place of the one that it shows.
    ///
    /// # Errors
    /// When that is not good, or not that of the client, or its person is gone.
    pub(crate) async fn refresh(&self, asked: &Asked) -> Result<Refreshed, Refusal> {
        let mut found = None;
        let refreshed = self.refreshed(asked, &mut found).await;
        let found = found.as_ref();
        let (outcome, error) = match &refreshed {
            Ok(_) => (Outcome::Succeeded, None),
            Err(refusal) => (Outcome::Denied, Some(refusal.description.as_str())),
        };
        let noted = event(
            "oauth-refresh",
            found.map(|client| client.user_ref.as_str()),
            outcome,
        )
        .with("client", found.map(|client| client.client_id.as_str()))
        .with("error", error);
        self.record(noted, asked.request_id.as_ref());
        refreshed
    }

    async fn refreshed(
        &self,
        asked: &Asked,
        found: &mut Option<Client>,
    ) -> Result<Refreshed, Refusal> {
        let shown_by = asked.client(&self.clients)?;
        let Some(text) = asked.get("refresh_token") else {
            let message = "Missing refresh_token parameter for refresh_token grant";
            return Err(Refusal::request(message));
        };
        let staying = self
            .staying
            .ok_or_else(|| Refusal::request("Refresh tokens are not enabled"))?;
        let shown = RefreshToken::parse(text).ok_or_else(invalid)?;
        let (family, token) = shown.hashes();
        let row = refresh_tokens::by_family(&self.database, &family).await?;
        let client = &*found.insert(row.map(Client::of).ok_or_else(invalid)?);
        if client.token_hash != token {
            return Err(self.used_again(client, asked).await?);
        }
        let person = self.check_client(client, &shown_by).await?;
        self.rotate((client, &person), &shown, (staying, asked))
            .await
    }

    async fn check_client(
        &self,
        client: &Client,
        shown_by: &Shown<'_>,
    ) -> Result<EntityRef, Refusal> {
        if client.expires_at <= self.now() {
            refresh_tokens::remove(&self.database, &client.id).await?;
            return Err(invalid());
        }
        if shown_by.id.is_some_and(|id| id != client.client_id) {
            let message = "Refresh token was not issued to this client";
            return Err(Refusal::grant(message));
        }
        if self.clients.needs_secret(&client.client_id)? && !shown_by.is_proven {
            return Err(Refusal::client("Client authentication required"));
        }
        let person: EntityRef = client.user_ref.parse().map_err(|_| invalid())?;
        self.check_person(client, &person).await?;
        Ok(person)
    }

    /// Whether the person is in the catalog still.
    async fn check_person(&self, client: &Client, person: &EntityRef) -> Result<(), Refusal> {
        if !self
            .staying
            .is_some_and(|staying| staying.person_has_to_be_known)
        {
            return Ok(());
        }
        let query = PersonQuery::Ref(person.clone());
        match self.identity.directory().people(&query) {
            Ok(known) if !known.is_empty() => Ok(()),
            Ok(_) => {
                refresh_tokens::remove(&self.database, &client.id).await?;
                Err(Refusal::grant(
                    "User entity no longer exists in the catalog",
                ))
            }
            // The client keeps its token, and may ask again.
            Err(error) if error.kind() == ErrorKind::Unavailable => {
                Err(Refusal::unavailable("Unable to validate user existence"))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The new token is made before the old one is over, so that a client may try again when that fails.
    async fn rotate(
        &self,
        (client, person): (&Client, &EntityRef),
        shown: &RefreshToken,
        (staying, asked): (Staying, &Asked),
    ) -> Result<Refreshed, Refusal> {
        let access = self.identity.user_token(person).await?;
        let next = shown.next()?;
        let (_, new_hash) = next.hashes();
        let now = self.now();
        let rotation = Rotation {
            id: &client.id,
            old_hash: &client.token_hash,
            new_hash: &new_hash,
            now: millis(now),
            expires_at: millis(staying.end(client.created_at, now)),
        };
        if !refresh_tokens::rotate(&self.database, &rotation).await? {
            return Err(self.used_again(client, asked).await?);
        }
        Ok(Refreshed {
            access_token: Secret::from(access.token),
            expires_in: access.expires_in_seconds,
            refresh_token: next.text(),
        })
    }

    async fn used_again(&self, client: &Client, asked: &Asked) -> Result<Refusal> {
        refresh_tokens::remove(&self.database, &client.id).await?;
        let actor = Some(client.user_ref.as_str());
        let noted = event("oauth-refresh-token-used-again", actor, Outcome::Denied)
            .with("client", client.client_id.as_str());
        self.record(noted, asked.request_id.as_ref());
        Ok(invalid())
    }

    /// A client gives its refresh token back (RFC 7009). What is no refresh token of ours needs no end.
    ///
    /// # Errors
    /// When the client does not show who it is, or the token is that of another.
    pub(crate) async fn give_back(&self, asked: &Asked) -> Result<(), Refusal> {
        let token = asked.get("token");
        let token = token.ok_or_else(|| Refusal::request("Missing token parameter"))?;
        let shown_by = asked.client(&self.clients)?;
        let Some(id) = shown_by.id else {
            return Err(Refusal::client("Client authentication required"));
        };
        // Unlike at the other operations, no client that is not let in any more asks here.
        let needs_secret = self.clients.needs_secret(id);
        if needs_secret.map_or(true, |needed| needed && !shown_by.is_proven) {
            return Err(Refusal::client("Invalid client credentials"));
        }
        let Some(shown) = RefreshToken::parse(token) else {
            return Ok(());
        };
        let row = refresh_tokens::by_family(&self.database, &shown.hashes().0).await?;
        let Some(client) = row.map(Client::of) else {
            return Ok(());
        };
        let is_theirs = client.client_id == id;
        let outcome = if is_theirs {
            refresh_tokens::remove(&self.database, &client.id).await?;
            Outcome::Succeeded
        } else {
            Outcome::Denied
        };
        let noted = event("oauth-revoke", Some(&client.user_ref), outcome).with("client", id);
        self.record(noted, asked.request_id.as_ref());
        is_theirs
            .then_some(())
            .ok_or_else(|| Refusal::grant("The token was not issued to this client"))
    }
}

fn invalid() -> Refusal {
    Refusal::grant("Invalid refresh token")
}
