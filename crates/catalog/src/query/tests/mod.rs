//! The index against a reference evaluator that is slow and obvious.

mod bad_input;
mod cursors;
mod lists;
mod meanwhile;
mod predicates;
mod sample;
