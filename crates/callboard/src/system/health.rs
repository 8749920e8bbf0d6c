//! Whether the process lives, and whether it can answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use callboard_feature::ReadinessCheck;
use callboard_http::Json;
use serde::Serialize;
use utoipa::ToSchema;

const STARTING: u8 = 0;
const UP: u8 = 1;
const DOWN: u8 = 2;

/// How far the portal is between its start and its end.
#[derive(Clone, Debug)]
pub(crate) struct Lifecycle {
    phase: Arc<AtomicU8>,
    checks: Arc<[ReadinessCheck]>,
}

impl Lifecycle {
    pub(crate) fn new(checks: Vec<ReadinessCheck>) -> Self {
        Self {
            phase: Arc::new(AtomicU8::new(STARTING)),
            checks: checks.into(),
        }
    }

    pub(crate) fn up(&self) {
        self.phase.store(UP, Ordering::Relaxed);
    }

    pub(crate) fn down(&self) {
        self.phase.store(DOWN, Ordering::Relaxed);
    }

    fn check(&self) -> Result<(), String> {
        match self.phase.load(Ordering::Relaxed) {
            STARTING => return Err("Backend has not started yet".to_owned()),
            DOWN => return Err("Backend is shutting down".to_owned()),
            _ => {}
        }
        let named = |check: &ReadinessCheck| {
            check
                .check()
                .map_err(|why| format!("{} is not ready: {why}", check.name()))
        };
        self.checks.iter().try_for_each(named)
    }
}

/// How the server is.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Health {
    /// `ok` or `error`.
    #[schema(value_type = String)]
    status: &'static str,
    /// Why it is not ready.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

/// Is the server alive?
///
/// Answers as long as the process does.
#[utoipa::path(
    get,
    path = "/.backstage/health/v1/liveness",
    tag = "system",
    responses((status = 200, description = "It is.", body = Health)),
)]
pub(super) async fn liveness() -> Json<Health> {
    Json(Health {
        status: "ok",
        message: None,
    })
}

/// Can the server answer?
///
/// A load balancer sends requests while it can.
#[utoipa::path(
    get,
    path = "/.backstage/health/v1/readiness",
    tag = "system",
    responses(
        (status = 200, description = "It can.", body = Health),
        (status = 503, description = "It starts, ends, or waits for something.", body = Health),
    ),
)]
pub(super) async fn readiness(State(lifecycle): State<Lifecycle>) -> Response {
    match lifecycle.check() {
        Ok(()) => Json(Health {
            status: "ok",
            message: None,
        })
        .into_response(),
        Err(why) => {
            let health = Json(Health {
                status: "error",
                message: Some(why),
            });
            (StatusCode::SERVICE_UNAVAILABLE, health).into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_portal_is_ready_between_start_and_end_when_every_check_says_so() {
        let ready = Arc::new(AtomicU8::new(0));
        let asked = Arc::clone(&ready);
        let check = ReadinessCheck::new("index", move || match asked.load(Ordering::Relaxed) {
            0 => Err("it is loading".to_owned()),
            _ => Ok(()),
        });
        let lifecycle = Lifecycle::new(vec![check]);

        assert_eq!(
            lifecycle.check(),
            Err("Backend has not started yet".to_owned())
        );
        lifecycle.up();
        assert_eq!(
            lifecycle.check(),
            Err("index is not ready: it is loading".to_owned())
        );
        ready.store(1, Ordering::Relaxed);
        assert_eq!(lifecycle.check(), Ok(()));
        lifecycle.down();
        assert_eq!(
            lifecycle.check(),
            Err("Backend is shutting down".to_owned())
        );
    }
}
