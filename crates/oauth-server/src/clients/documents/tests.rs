//! Documents that servers of this machine give.

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
    let count =
        |State(asked): State<Arc<AtomicU32>>| async move { asked.fetch_add(1, Ordering::Relaxed) };
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
        allowed_client_id_patterns: Some(patterns.iter().map(|&text| text.to_owned()).collect()),
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
    let url = client_id::parse(id, documents.is_local).map_err(|refusal| refusal.description)?;
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
