//! The program as a process: what it prints, how it ends.

mod describing;
mod folder;
mod process;
mod reloading;
mod secrets;
mod serving;
mod tracing;
mod validating;
