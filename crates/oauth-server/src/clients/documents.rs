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
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use axum::Router;
    use axum::extract::State;
    use axum::response::Redirect;
    use axum::routing::get;
    use serde_json::json;
    use tokio::net::TcpListener;

    use super::*;
    use crate::clients::client_id;

    /// A server of documents on this machine; it ends with the test's runtime.
    #[expect(
        clippy::disallowed_methods,
        reason = "the server of a test ends with its runtime"
    )]
    async fn serve() -> (String, Arc<AtomicU32>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(AtomicU32::new(0));
        let document = |id: String| {
            json!({ "client_id": id, "redirect_uris": ["http://127.0.0.1/c"] }).to_string()
        };
        let good = document(format!("{base}/good"));
        let other = document("https://claude.ai/x".to_owned());
        let redirecting = document(format!("{base}/redirecting"));
        let count = |State(asked): State<Arc<AtomicU32>>| async move {
            asked.fetch_add(1, Ordering::Relaxed)
        };
        let router = Router::new()
            .route(
                "/good",
                get(move |state| async move {
                    count(state).await;
                    good
                }),
            )
            .route("/other", get(|| async { other }))
            .route("/huge", get(|| async { "[".repeat(LARGEST + 1) }))
            .route("/slow", get(std::future::pending::<String>))
            .route("/nested", get(|| async { "[".repeat(LARGEST) }))
            .route(
                "/redirecting",
                get(|| async { Redirect::temporary("/target") }),
            )
            .route("/target", get(|| async { redirecting }))
            .with_state(Arc::clone(&asked));
        tokio::spawn(async move { axum::serve(listener, router).await });
        (base, asked)
    }

    fn documents(base: &str, patterns: &[&str], clock: &Clock) -> Documents {
        let base: Url = base.parse().unwrap();
        let settings = ClientDocumentSettings {
            enabled: true,
            allowed_client_id_patterns: Some(
                patterns.iter().map(|&text| text.to_owned()).collect(),
            ),
            allowed_redirect_uri_patterns: None,
        };
        let limits = Limits {
            total: Duration::from_millis(500),
            bytes: LARGEST,
            ..Limits::default()
        };
        let urls = Urls::new(base.clone(), base, &[]).unwrap();
        Documents::within(limits, &settings, &urls, clock.clone()).unwrap()
    }

    async fn read(documents: &Documents, id: &str) -> Result<String, String> {
        let url =
            client_id::parse(id, documents.is_local).map_err(|refusal| refusal.description)?;
        let document = documents.of(id, &url).await;
        document
            .map(|document| document.client_name.clone())
            .map_err(|refusal| refusal.description)
    }

    #[tokio::test]
    async fn hostile_documents_are_refused_without_a_word_of_what_is_there() {
        let (base, _) = serve().await;
        let clock = Clock::manual(0);
        let documents = documents("http://localhost:7007", &["http://127.0.0.1:*/*"], &clock);
        let failed = "Failed to fetch client metadata";
        for (path, why) in [
            ("other", "Client ID mismatch in metadata document"),
            ("huge", "Client metadata document too large"),
            ("nested", "Invalid client metadata document"),
            ("slow", failed),
            ("redirecting", failed),
            ("missing", failed),
        ] {
            let id = format!("{base}/{path}");
            assert_eq!(read(&documents, &id).await.unwrap_err(), why, "{path}");
        }
        assert!(read(&documents, &format!("{base}/good")).await.is_ok());
    }

    #[tokio::test]
    async fn a_document_is_read_once_in_a_while() {
        let (base, asked) = serve().await;
        let clock = Clock::manual(0);
        let documents = documents("http://localhost:7007", &["http://127.0.0.1:*/*"], &clock);
        let id = format!("{base}/good");
        for _ in 0..3 {
            read(&documents, &id).await.unwrap();
        }
        assert_eq!(asked.load(Ordering::Relaxed), 1);

        clock.advance(Duration::from_millis(COUNTS));
        read(&documents, &id).await.unwrap();
        assert_eq!(asked.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn nothing_inside_of_the_network_is_reached_unless_it_is_written_down() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let id = format!("https://{}/x", listener.local_addr().unwrap());
        let clock = Clock::manual(0);
        let portal = "https://portal.example.com";

        let like_it = documents(portal, &["https://127.0.0.1:*/*"], &clock);
        for inside in [
            id.as_str(),
            "https://localhost/x",
            "https://169.254.169.254/x",
            "https://[::1]/x",
        ] {
            let all = documents(portal, &["*"], &clock);
            assert!(read(&all, inside).await.is_err(), "{inside}");
        }
        assert!(read(&like_it, &id).await.is_err());
        assert!(listener.accept().is_err(), "nobody came");

        let itself = documents(portal, &[&id], &clock);
        assert!(read(&itself, &id).await.is_err(), "it speaks no TLS");
        assert!(listener.accept().is_ok(), "somebody came");
    }

    #[tokio::test]
    async fn only_listed_clients_and_the_command_line_are_let_in() {
        let portal = "https://portal.example.com";
        let documents = documents(portal, &["https://claude.ai/*"], &Clock::manual(0));
        let command_line = format!("{portal}/api/auth/.well-known/oauth-client/cli.json");

        assert_eq!(
            read(&documents, &command_line).await.unwrap(),
            "Backstage CLI"
        );
        let refused = read(&documents, "https://evil.org/client.json").await;
        assert_eq!(
            refused.unwrap_err(),
            "Invalid client_id 'https://evil.org/client.json'"
        );
    }
}
