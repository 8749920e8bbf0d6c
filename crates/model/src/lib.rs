//! The words of a catalog: what an entity is, how it is named, parsed, checked and related.
//!
//! An [`Entity`] is a JSON object with `apiVersion`, `kind`, `metadata` and `spec`. It is named by an
//! [`EntityRef`]. YAML text becomes entities through [`parse`]; what is wrong with them is a list of
//! [`Problem`]s that know their place in the text. What a kind requires, and how it relates to others,
//! is data: [`kinds`].
//!
//! Never here: files, databases, the network, async, or the name of a feature.
//! Adding a kind: one file in `kinds/`, one line in `kinds::BUILT_IN`.
//! Start reading at [`Entity`].

mod clock;
pub mod duration;
mod entity;
mod entity_ref;
mod error;
mod ids;
pub mod kinds;
mod location_ref;
pub mod parse;
mod path;
mod problem;
mod relation;
mod shown;
pub mod validate;
pub mod yaml;

pub use clock::Clock;
pub use entity::{Entity, annotation};
pub use entity_ref::{EntityRef, InvalidEntityRef, RefContext};
pub use error::{Error, ErrorKind, Result};
pub use ids::Ids;
pub use location_ref::{InvalidLocationRef, LocationRef, is_script_url};
pub use problem::{Problem, Span};
pub use relation::{Relation, RelationPair};
pub use shown::shortened;
