//! The portal inside a test.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request};
use callboard::Portal;
use callboard_config::{Config, Environment, Sources};
use callboard_model::Clock;
use http_body_util::BodyExt;
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt;

use crate::Answer;
use crate::feed::Feed;
use crate::running::Running;

/// Every kind may come in, from every file in the folder.
const CONFIG: &str = "
catalog:
  rules:
    - allow: [AiResource, API, Component, Domain, Group, Location, Resource, System, Template, User]
  locations:
    - { type: file, target: './**/*.yaml' }
";

/// Longer than any machine needs; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// The first millisecond of 2026 in UTC.
const START: u64 = 1_767_225_600_000;

/// A portal with an empty catalog, which reads every `*.yaml` of its folder.
pub struct TestApp {
    router: Router,
    running: Running,
    clock: Clock,
    folder: TempDir,
}

impl TestApp {
    /// A portal with an empty folder.
    pub async fn new() -> Self {
        Self::with_config("").await
    }

    /// A portal whose configuration has `yaml` laid over that of all tests.
    pub async fn with_config(yaml: &str) -> Self {
        let folder = TempDir::new().expect("a folder for the test can be made");
        let clock = Clock::manual(START);
        let running = Running::start(config(yaml), clock.clone(), folder.path().to_owned()).await;
        Self {
            router: running.portal().router(),
            running,
            clock,
            folder,
        }
    }

    /// The portal itself.
    pub fn portal(&self) -> &Portal {
        self.running.portal()
    }

    /// The clock that the portal goes by; it stands until the test moves it.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The folder that the portal reads.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file in the folder, as an editor does: at once and whole.
    ///
    /// # Panics
    /// When the file system refuses.
    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        let parent = path.parent().expect("the file is in the folder");
        fs::create_dir_all(parent).expect("the folder can be made");
        let draft = path.with_extension("draft");
        fs::write(&draft, text).expect("the file can be written");
        fs::rename(&draft, &path).expect("the file can be put in its place");
        path
    }

    /// Removes a file from the folder.
    ///
    /// # Panics
    /// When it is not there.
    pub fn remove(&self, name: &str) {
        fs::remove_file(self.folder.path().join(name)).expect("the file can be removed");
    }

    /// Asks for `path`.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(request(Method::GET, path, None)).await
    }

    /// Sends `body` to `path`.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(request(Method::POST, path, Some(body))).await
    }

    /// Sends any request.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let answering = answered(self.router.clone(), request);
        self.running.within(answering).await
    }

    /// Sends a request that is answered on the test's own thread, so that a handler that keeps a thread is found out.
    /// For questions that are answered from memory: what a database leaves behind does not end with the portal here.
    pub async fn send_here(&self, request: Request<Body>) -> Answer {
        answered(self.router.clone(), request).await
    }

    /// Asks for `path` each time the catalog changes, until `enough` likes the answer.
    ///
    /// # Panics
    /// When that takes longer than any machine needs.
    pub async fn eventually(&self, path: &str, enough: impl Fn(&Answer) -> bool) -> Answer {
        let mut feed = Feed::follow(self.router.clone()).await;
        let mut last = None;
        let waiting = async {
            loop {
                feed.moved().await;
                let answer = self.get(path).await;
                if enough(&answer) {
                    return answer;
                }
                last = Some(answer);
            }
        };
        match tokio::time::timeout(PATIENCE, waiting).await {
            Ok(answer) => answer,
            Err(_) => panic!(
                "waited {} s for {path} in vain; the last answer: {last:?}",
                PATIENCE.as_secs()
            ),
        }
    }
}

async fn answered(router: Router, request: Request<Body>) -> Answer {
    let Ok(response) = router.oneshot(request).await;
    let (parts, body) = response.into_parts();
    let body = body
        .collect()
        .await
        .expect("the answer is complete")
        .to_bytes();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body,
    }
}

fn config(yaml: &str) -> Config {
    let layers = TempDir::new().expect("a folder for the configuration can be made");
    let paths = [
        layers.path().join("base.yaml"),
        layers.path().join("own.yaml"),
    ];
    for (path, text) in paths.iter().zip([CONFIG, yaml]) {
        fs::write(path, text).expect("the configuration can be written");
    }
    Config::load(&Sources::files(paths), &Environment::default())
        .expect("the configuration is right")
}

fn request(method: Method, path: &str, body: Option<&Value>) -> Request<Body> {
    let request = Request::builder().method(method).uri(path);
    let request = match body {
        Some(json) => request
            .header("content-type", "application/json")
            .body(Body::from(json.to_string())),
        None => request.body(Body::empty()),
    };
    request.expect("the request is right")
}
