//! What happened to final entities: who said so, when, and what is different since.
//!
//! An *event* is one change of one final entity. Its id is the revision of the change, so events have the order of the
//! change feed, and a follower that asks for what came after an id misses none. *Recording* happens in the transaction
//! that writes the final entity; that an entity came to be costs nothing there, because its own row tells it until the
//! next change. The *keeper* forgets what is older, or more, than the configuration wants.
//!
//! Never here: who may read what (`routes`), or changes to entities.
//! Start reading at [`record`].

mod diff;
mod keeper;
mod page;
mod position;
mod record;
mod retention;

pub(crate) use diff::{Change, Diff};
#[cfg(test)]
pub(crate) use keeper::forget_some;
pub(crate) use keeper::keep;
pub(crate) use page::{Page, page};
pub(crate) use position::Position;
pub(crate) use record::{leaving, record, record_removals};
pub(crate) use retention::{HistoryConfig, Retention};
