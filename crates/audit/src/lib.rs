//! Who did what, and how it ended: to the log, and to a table that administrators read.
//!
//! Whoever does something records an [`callboard_auth::AuditEvent`]. The [`AuditTrail`] writes a line of the log at
//! once, and puts the event into a queue that a job empties into the table. What nobody else records, [`observe`]
//! sees at the edge: requests that change something, and refusals. The *keeper* deletes what is too old or too much.
//!
//! Never here: what a feature records about what it does, or who may read it (a policy).
//! Adding something that is a secret: one word in `redact.rs`.
//! Start reading at [`AuditTrail`].

mod config;
mod cursor;
mod feature;
mod flood;
mod keeper;
mod line;
mod metrics;
mod observe;
mod permissions;
mod queue;
mod redact;
mod routes;
mod row;
mod sql;
#[cfg(test)]
mod stage;
#[cfg(test)]
mod tests;
mod trail;
mod writer;

pub use config::AuditConfig;
pub use feature::feature;
pub use observe::{Observer, observe};
pub use permissions::ReadEvents;
pub use trail::{AuditTrail, Foundations};
