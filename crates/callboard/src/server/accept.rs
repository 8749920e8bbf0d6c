//! Takes connections.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

/// More wait in the system's queue.
const MOST_CONNECTIONS: usize = 10_000;
/// How long a client may take to send the head of a request.
const HEAD_DEADLINE: Duration = Duration::from_secs(30);
/// How long to wait after the system refused a connection, for want of file handles for example.
const BREATH: Duration = Duration::from_millis(100);

/// The connections that are open.
pub(super) struct Connections {
    tasks: TaskTracker,
    finish: CancellationToken,
}

impl Connections {
    /// Lets every request in flight finish, for as long as `patience`.
    pub(super) async fn end(self, patience: Duration) {
        self.finish.cancel();
        self.tasks.close();
        if tokio::time::timeout(patience, self.tasks.wait())
            .await
            .is_err()
        {
            let open = self.tasks.len();
            tracing::warn!(
                open,
                "some requests did not end within {} s",
                patience.as_secs()
            );
        }
    }
}

/// Takes connections from `listener` until `stop`.
pub(super) async fn until(
    stop: &CancellationToken,
    listener: &TcpListener,
    router: Router,
) -> Connections {
    let connections = Connections {
        tasks: TaskTracker::new(),
        finish: CancellationToken::new(),
    };
    let server = Server::new(router, connections.finish.clone());
    loop {
        let Some((stream, slot)) = stop.run_until_cancelled(server.next(listener)).await else {
            return connections;
        };
        connections.tasks.spawn(server.clone().serve(stream, slot));
    }
}

#[derive(Clone)]
struct Server {
    http: Builder<TokioExecutor>,
    router: Router,
    slots: Arc<Semaphore>,
    finish: CancellationToken,
}

impl Server {
    fn new(router: Router, finish: CancellationToken) -> Self {
        let mut http = Builder::new(TokioExecutor::new());
        http.http1()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_DEADLINE);
        http.http2()
            .timer(TokioTimer::new())
            .max_concurrent_streams(256);
        Self {
            http,
            router,
            slots: Arc::new(Semaphore::new(MOST_CONNECTIONS)),
            finish,
        }
    }

    /// The next connection, and its place among the open ones.
    async fn next(&self, listener: &TcpListener) -> (TcpStream, Option<OwnedSemaphorePermit>) {
        let slot = Arc::clone(&self.slots).acquire_owned().await.ok();
        loop {
            match listener.accept().await {
                Ok((stream, _)) => return (stream, slot),
                Err(error) => {
                    tracing::warn!("a connection could not be taken: {error}");
                    tokio::time::sleep(BREATH).await;
                }
            }
        }
    }

    async fn serve(self, stream: TcpStream, slot: Option<OwnedSemaphorePermit>) {
        // Small answers leave at once; a socket that refuses this works all the same.
        let _ = stream.set_nodelay(true);
        let peer = stream.peer_addr().ok().map(ConnectInfo);
        // Who asks too often is told by the address that the connection comes from.
        let router = self
            .router
            .map_request(move |mut request: Request<Incoming>| {
                if let Some(peer) = peer {
                    request.extensions_mut().insert(peer);
                }
                request
            });
        let service = TowerToHyperService::new(router);
        let connection = self.http.serve_connection(TokioIo::new(stream), service);
        tokio::pin!(connection);
        let outcome = tokio::select! {
            outcome = connection.as_mut() => outcome,
            () = self.finish.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = outcome {
            tracing::debug!("a connection broke: {error}");
        }
        drop(slot);
    }
}
