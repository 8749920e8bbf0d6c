//! Reads the documents in which clients describe themselves.
//!
//! Whoever asks decides which address is read, so the reading is guarded: only addresses that the operator allows, no
//! redirect, nothing inside of the network, little, not for long, and few at once. What goes wrong on the way is told
//! nobody, or the portal would be a way to look around in its network.

use std::sync::Arc;
use std::time::Duration;

use callboard_identity::Urls;
use callboard_model::{Clock, Error, Result};
use callboard_source::{
    AllowConfig, AllowList, Answer, Client, HostPattern, Limits, ReadingConfig, Validators,
};
use quick_cache::sync::Cache;
use tokio::sync::Semaphore;
use url::Url;

use super::document::Document;
use crate::ClientDocumentSettings;
use crate::pattern::UrlPattern;
use crate::redirect::{RedirectUri, is_loopback};
use crate::refusal::Refusal;

/// The largest document.
const LARGEST: usize = 64 * 1024;
/// How long a server may take to give one.
const LONGEST: Duration = Duration::from_secs(10);
/// How long one counts until it is read again, in milliseconds.
const COUNTS: u64 = 5 * 60_000;
/// How long it counts that one cannot be read.
const COUNTS_FAILED: u64 = 10_000;
/// The most documents that are remembered.
const MOST: usize = 500;
/// The most that are read at once.
const AT_ONCE: usize = 16;

/// Agents that are well known, as Backstage lists them.
const CLIENTS: [&str; 4] = [
    "https://claude.ai/*",
    "https://vscode.dev/*",
    "https://chatgpt.com/oauth/codex/*/client.json",
    "https://cursor.com/oauth/mcp-client.json",
];
/// The machine of whoever is asked, as Backstage lists it.
const REDIRECTS: [&str; 6] = [
    "http://localhost:*/*",
    "http://localhost/*",
    "http://127.0.0.1:*/*",
    "http://127.0.0.1/*",
    "http://[::1]:*/*",
    "http://[::1]/*",
];

/// Documents.
#[derive(Debug)]
pub(super) struct Documents {
    clients: Vec<UrlPattern>,
    redirects: Vec<UrlPattern>,
    command_line: Arc<Document>,
    /// Whether the portal itself is on the machine of its developer.
    is_local: bool,
    /// Reads what is on the public internet.
    public: Client,
    /// Reads what the operator wrote down letter by letter, wherever it is.
    trusted: Client,
    read: Cache<String, Arc<Read>>,
    at_once: Semaphore,
    clock: Clock,
}

/// What came of reading a document.
#[derive(Debug)]
struct Read {
    outcome: Result<Arc<Document>, String>,
    until: u64,
}

impl Documents {
    /// Those that `settings` allow.
    ///
    /// # Errors
    /// `Invalid`, when a pattern is wrong.
    pub(super) fn new(
        settings: &ClientDocumentSettings,
        urls: &Urls,
        clock: Clock,
    ) -> Result<Self> {
        let limits = Limits {
            total: LONGEST,
            bytes: LARGEST,
            ..Limits::default()
        };
        Self::within(limits, settings, urls, clock)
    }

    fn within(
        limits: Limits,
        settings: &ClientDocumentSettings,
        urls: &Urls,
        clock: Clock,
    ) -> Result<Self> {
        let clients = patterns(
            "auth.clientIdMetadataDocuments.allowedClientIdPatterns",
            settings.allowed_client_id_patterns.as_deref(),
            &CLIENTS,
        )?;
        let redirects = patterns(
            "auth.clientIdMetadataDocuments.allowedRedirectUriPatterns",
            settings.allowed_redirect_uri_patterns.as_deref(),
            &REDIRECTS,
        )?;
        let is_local = urls.backend_base.scheme() == "http" && is_loopback(&urls.backend_base);
        let id = format!("{}/.well-known/oauth-client/cli.json", urls.auth());
        Ok(Self {
            public: client(limits, Vec::new())?,
            trusted: client(limits, trusted_hosts(&clients, is_local))?,
            clients,
            redirects,
            command_line: Arc::new(Document::command_line(id)),
            is_local,
            read: Cache::new(MOST),
            at_once: Semaphore::new(AT_ONCE),
            clock,
        })
    }

    pub(super) fn is_local(&self) -> bool {
        self.is_local
    }

    pub(super) fn command_line(&self) -> &Document {
        &self.command_line
    }

    /// Whether the operator lets this client in.
    pub(super) fn allow(&self, id: &str, url: &Url) -> bool {
        id == self.command_line.client_id || self.clients.iter().any(|known| known.matches(url))
    }

    /// What the client `id` says of itself, at `url`.
    ///
    /// # Errors
    /// When it is not let in, or its document cannot be read or is wrong.
    pub(super) async fn of(&self, id: &str, url: &Url) -> Result<Arc<Document>, Refusal> {
        if id == self.command_line.client_id {
            return Ok(Arc::clone(&self.command_line));
        }
        if !self.allow(id, url) {
            return Err(Refusal::request(format!("Invalid client_id '{id}'")));
        }
        let now = self.clock.unix_millis();
        let read = match self.read.get(id).filter(|read| now < read.until) {
            Some(read) => read,
            None => self.read_again(id, url).await?,
        };
        read.outcome.clone().map_err(Refusal::request)
    }

    async fn read_again(&self, id: &str, url: &Url) -> Result<Arc<Read>, Refusal> {
        let Ok(_turn) = self.at_once.try_acquire() else {
            return Err(Refusal::unavailable(
                "Too many client metadata documents are being fetched",
            ));
        };
        let outcome = self.fetch(id, url).await.map(Arc::new);
        let counts = if outcome.is_ok() {
            COUNTS
        } else {
            COUNTS_FAILED
        };
        let until = self.clock.unix_millis().saturating_add(counts);
        let read = Arc::new(Read { outcome, until });
        self.read.insert(id.to_owned(), Arc::clone(&read));
        Ok(read)
    }

    async fn fetch(&self, id: &str, url: &Url) -> Result<Document, String> {
        let client = self.client_for(url);
        let none = Validators::default();
        match client.get(url, &none, |next| next == url).await {
            Ok(Answer::Found(file)) => Document::parse(&file.content, id),
            Ok(Answer::NotModified) => Err("Failed to fetch client metadata".to_owned()),
            Err(error) => {
                tracing::info!(client = id, %error, "the document of a client cannot be read");
                Err(match error.code() {
                    "url-too-large" => "Client metadata document too large",
                    _ => "Failed to fetch client metadata",
                }
                .to_owned())
            }
        }
    }

    fn client_for(&self, url: &Url) -> &Client {
        let is_written_down = self
            .clients
            .iter()
            .any(|known| known.exact().as_ref() == Some(url));
        if is_written_down || (self.is_local && is_loopback(url)) {
            &self.trusted
        } else {
            &self.public
        }
    }

    /// Whether people may be sent back to `redirect` for this client.
    ///
    /// # Errors
    /// When they may not.
    pub(super) fn check_redirect(
        &self,
        document: &Document,
        redirect: &RedirectUri,
    ) -> Result<(), Refusal> {
        let is_allowed = self
            .redirects
            .iter()
            .any(|known| known.matches(redirect.url()));
        if !is_allowed {
            return Err(Refusal::request("Invalid redirect_uri"));
        }
        if !redirect.is_one_of(&document.redirect_uris) {
            return Err(Refusal::request(
                "Invalid redirect_uri, not registered in client metadata",
            ));
        }
        Ok(())
    }
}

/// The patterns that are written, or `otherwise`.
fn patterns(key: &str, written: Option<&[String]>, otherwise: &[&str]) -> Result<Vec<UrlPattern>> {
    match written {
        Some(written) => UrlPattern::parse_all(key, written),
        None => UrlPattern::parse_all(key, otherwise),
    }
}

/// The hosts whose documents are read wherever they are.
fn trusted_hosts(clients: &[UrlPattern], is_local: bool) -> Vec<String> {
    let exact = clients.iter().filter_map(UrlPattern::exact);
    let mut hosts: Vec<String> = exact
        .filter_map(|url| url.host_str().map(str::to_owned))
        .collect();
    if is_local {
        hosts.extend(["localhost", "127.0.0.1", "[::1]"].map(str::to_owned));
    }
    hosts
}

/// A client that reaches private networks only for `hosts`.
fn client(limits: Limits, hosts: Vec<String>) -> Result<Client> {
    let allow = hosts.into_iter().map(|host| {
        let host = HostPattern::try_from(host).map_err(|why| Error::invalid("url-pattern", why))?;
        Ok(AllowConfig { host, paths: None })
    });
    let reading = ReadingConfig {
        allow: allow.collect::<Result<_>>()?,
    };
    Client::new(AllowList::new(&reading), limits)
}

#[cfg(test)]
mod tests;
