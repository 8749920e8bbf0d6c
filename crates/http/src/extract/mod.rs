//! What handlers take from a request; each refuses bad input with a message that says where.

mod json;
mod path;
mod query;

pub use json::{BodyLimit, Json, JsonList};
pub use path::Path;
pub use query::{Query, QueryPairs};
