//! Roles as a whole: their operations, files, replicas, and how long a decision takes.

mod administrators;
mod explained;
mod files;
mod many;
mod operations;
mod replicas;
mod stage;
mod tried;
