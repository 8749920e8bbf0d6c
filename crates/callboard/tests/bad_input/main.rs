//! Input that makes no sense, over HTTP and through the whole portal: it is refused with a sentence that says what is
//! wrong, it never makes the server fail, and nobody waits for it.

mod bodies;
mod cursors;
mod limits;
mod meanwhile;
mod operation;
mod parameters;
mod refusal;
