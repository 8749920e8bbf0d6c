//! What a feature hands to the binary, as one value.
//!
//! A [`Feature`] holds routes, permissions, [`Job`]s, UI, metrics, readiness checks and contributions
//! to the ports of other features. [`Features`] collects them all, so that a feature can take what
//! the others contribute to its port without knowing any of them.
//!
//! Never here: a feature, or how jobs are run and routes are served (`callboard`).
//! Adding a feature: a crate with a `feature(…) -> Feature`, one line in
//! `crates/callboard/src/features.rs`.
//! Start reading at [`Feature`].

mod contributions;
mod feature;
mod features;
mod job;
mod readiness;
mod ui;

pub use feature::{Feature, Parts, RegisterMetrics};
pub use features::Features;
pub use job::{Job, JobFuture};
pub use readiness::{NotReady, ReadinessCheck};
pub use ui::{NavItem, UiContribution};
