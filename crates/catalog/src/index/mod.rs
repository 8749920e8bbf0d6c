//! All final entities in memory, so that no read waits for the database.
//!
//! A *document* is one final entity as compact JSON under a dense number, *packed* once there are many. Its
//! JSON is *flattened* into `key=value` rows; a *field* holds, for one key, which documents have which value,
//! without the texts of values that hardly two documents share; a *column* holds the texts and the sort order
//! of one field and is made when somebody sorts by it. One writer, the change feed, applies changes; readers
//! share a lock that the writer takes for a short time only.
//!
//! Never here: the database, HTTP, or what a filter string means (`query`).
//! Adding a rule about what can be filtered by: `flatten.rs`.
//! Start reading at [`SharedIndex::apply`].

mod apart;
mod column;
mod columns;
mod documents;
mod field;
mod fingerprint;
mod flatten;
mod found;
mod memory;
mod number;
mod order;
mod packing;
mod pairs;
mod posting;
mod recent;
mod seen;
mod shared;
mod texts;

pub(crate) use column::{Column, Place};
pub(crate) use columns::{ColumnRef, MOST as MOST_COLUMNS};
pub(crate) use fingerprint::Fingerprint;
pub(crate) use memory::{Change, Index, RELATION};
pub(crate) use number::number_text;
pub(crate) use packing::{Json, Version};
pub(crate) use posting::Posting;
pub(crate) use shared::SharedIndex;
