//! Tells an OpenTelemetry collector what the program does, when somebody wants to know.
//!
//! [`TraceSettings`] come from the standard `OTEL_…` variables; without an endpoint there are none, and nothing runs.
//! [`Traces`] turn the program's spans into OTLP: a bounded queue, and a thread of their own that sends batches. What
//! does not fit or cannot be sent is dropped and counted; the program never waits for it.
//!
//! Never here: which spans there are (each crate opens its own through `tracing`), metrics of features, or gRPC.
//! Adding a variable: `settings.rs`, and the table in `docs/operating/observability.md`.
//! Start reading at [`Traces::start`].

mod caller;
mod collector;
mod counts;
mod log_line;
mod queue;
mod sampling;
mod settings;
#[cfg(feature = "testing")]
pub mod testing;
mod traces;
mod variables;

pub use caller::continue_trace;
pub use counts::SpanCounts;
pub use log_line::WithTraceId;
pub use settings::{InvalidVariable, TraceSettings};
pub use traces::Traces;
