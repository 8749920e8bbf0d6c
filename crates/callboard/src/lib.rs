//! The portal as a program: configuration, wiring and commands.
//!
//! A command reads the [`settings`], opens the foundations (database, clock, ids), lets every
//! *feature* in [`features`] hand over its routes, jobs and pages, and makes one [`Portal`] of them,
//! which the *server* runs until it is told to stop.
//!
//! Never here: anything that belongs to one feature; tests start the portal through `testkit`.
//! Adding a feature: one line in [`features::collect`] and, when it has settings, one in
//! [`features::sections`]. Adding a command: one file in `commands/`, one variant in `cli.rs`.
//! Start reading at [`Portal::open`].

mod cli;
mod commands;
mod failure;
pub mod features;
mod jobs;
mod logging;
mod memory;
mod portal;
mod reload;
mod server;
pub mod settings;
mod system;

pub use cli::main;
pub use failure::Failure;
pub use jobs::Jobs;
pub use portal::{Access, Foundations, Portal};

/// The version of this program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
