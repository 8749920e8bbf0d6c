//! Spans around the steps of the pipeline, for those who trace it.

use std::future::Future;

use callboard_model::Result;
use tracing::{Instrument, Span};

/// A span of the pipeline that can be marked as failed.
macro_rules! step {
    (parent: $parent:expr, $name:literal $(, $($fields:tt)+)?) => {
        tracing::debug_span!(
            parent: $parent,
            $name,
            otel.status_code = tracing::field::Empty,
            "error.type" = tracing::field::Empty
            $(, $($fields)+)?
        )
    };
    ($name:literal $(, $($fields:tt)+)?) => {
        tracing::debug_span!(
            $name,
            otel.status_code = tracing::field::Empty,
            "error.type" = tracing::field::Empty
            $(, $($fields)+)?
        )
    };
}
pub(crate) use step;

/// Does `work` inside of `span`, and marks the span when it fails.
pub(crate) async fn within<T>(span: Span, work: impl Future<Output = Result<T>>) -> Result<T> {
    let outcome = work.instrument(span.clone()).await;
    if let Err(error) = &outcome {
        span.record("otel.status_code", "ERROR");
        span.record("error.type", error.code());
    }
    outcome
}
