//! Which clients there are, and whether one is who it says.

mod client_id;
mod document;
mod documents;
mod fixed;

use callboard_identity::Urls;
use callboard_model::{Clock, Result};

pub(crate) use document::Document;
use documents::Documents;
use fixed::FixedClients;

use crate::OAuthSettings;
use crate::redirect::RedirectUri;
use crate::refusal::Refusal;

/// Clients: those that the configuration lists, and those that describe themselves.
#[derive(Debug)]
pub(crate) struct Clients {
    fixed: FixedClients,
    documents: Option<Documents>,
}

impl Clients {
    /// Those that `settings` let in.
    ///
    /// # Errors
    /// `Invalid`, when the configuration is wrong.
    pub(crate) fn new(settings: &OAuthSettings, urls: &Urls, clock: &Clock) -> Result<Self> {
        let documents = &settings.client_documents;
        Ok(Self {
            fixed: FixedClients::new(&settings.static_clients)?,
            documents: documents
                .enabled
                .then(|| Documents::new(documents, urls, clock.clone()))
                .transpose()?,
        })
    }

    /// Whether any client can be let in.
    pub(crate) fn are_wanted(&self) -> bool {
        self.documents.is_some() || !self.fixed.is_empty()
    }

    /// Whether clients may describe themselves.
    pub(crate) fn may_describe_themselves(&self) -> bool {
        self.documents.is_some()
    }

    /// Whether there are clients that need a secret, and others that need none.
    pub(crate) fn ways_to_authenticate(&self) -> Vec<&'static str> {
        let mut ways = Vec::new();
        if self.fixed.some_need_a_secret() {
            ways.extend(["client_secret_basic", "client_secret_post"]);
        }
        if self.documents.is_some() || self.fixed.some_need_none() {
            ways.push("none");
        }
        ways
    }

    /// What our own command line says of itself, when clients may.
    pub(crate) fn command_line(&self) -> Option<&Document> {
        self.documents.as_ref().map(Documents::command_line)
    }

    /// What the client is called that wants people sent back to `redirect`.
    ///
    /// # Errors
    /// When there is no such client, or nobody is sent back there.
    pub(crate) async fn name(&self, id: &str, redirect: &RedirectUri) -> Result<String, Refusal> {
        if let Some(client) = self.fixed.get(id) {
            client.check_redirect(redirect)?;
            return Ok(client.name().to_owned());
        }
        let url = client_id::parse(id, self.is_local())?;
        let Some(documents) = &self.documents else {
            return Err(Refusal::request("Client ID metadata documents not enabled"));
        };
        let document = documents.of(id, &url).await?;
        documents.check_redirect(&document, redirect)?;
        Ok(document.client_name.clone())
    }

    /// Whether a client has to show its secret.
    ///
    /// # Errors
    /// When there is no such client any more: then what it was given is over.
    pub(crate) fn needs_secret(&self, id: &str) -> Result<bool, Refusal> {
        if let Some(client) = self.fixed.get(id) {
            return Ok(client.needs_secret());
        }
        if self.is_allowed(id) {
            Ok(false)
        } else {
            Err(Refusal::grant("Client is no longer registered"))
        }
    }

    /// Whether `secret` is that of the client.
    pub(crate) fn has_secret(&self, id: &str, secret: &str) -> bool {
        self.fixed
            .get(id)
            .is_some_and(|client| client.has_secret(secret))
    }

    /// Whether the operator lets a client in that describes itself; its document is not read for that.
    fn is_allowed(&self, id: &str) -> bool {
        let Some(documents) = &self.documents else {
            return false;
        };
        client_id::parse(id, self.is_local()).is_ok_and(|url| documents.allow(id, &url))
    }

    fn is_local(&self) -> bool {
        self.documents.as_ref().is_some_and(Documents::is_local)
    }
}
