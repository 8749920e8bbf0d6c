//! Questions to the index, and their answers.
//!
//! A filter string becomes an [`Expression`], which is evaluated to a set of documents; a page of that
//! set is cut out in the order asked for and carries *cursors* that lead to its neighbours. What a caller
//! may see is a *view*: the entities for which one more expression is true, and the relations between those.
//!
//! Never here: HTTP, JSON bodies as a whole (`routes`), or changes to the index.
//! Adding a condition: a variant of [`Expression`], one arm in `evaluate`.
//! Start reading at [`Listing::page`].

mod cursor;
mod expression;
mod facet_cache;
mod facets;
pub(crate) mod field_name;
mod filter;
mod full_text;
mod listed;
mod listing;
mod location_question;
mod offset;
pub(crate) mod opaque;
mod order;
mod predicate;
mod projection;
mod question;
mod readable;
#[cfg(any(test, fuzzing))]
pub(crate) mod reference;
mod relations;
mod seen_etag;
mod select;
mod shown;
mod slices;
#[cfg(test)]
mod tests;
mod view;

pub(crate) use cursor::Cursor;
pub(crate) use expression::Expression;
pub(crate) use facet_cache::FacetCache;
pub(crate) use facets::FacetCounts;
pub(crate) use filter::Filter;
pub(crate) use full_text::FullText;
pub(crate) use listed::Listed;
pub(crate) use listing::{Listing, Page};
pub(crate) use location_question::{LocationFields, LocationQuestion};
pub(crate) use offset::Offset;
pub(crate) use order::{Direction, OrderField};
pub(crate) use predicate::Predicate;
pub(crate) use projection::Fields;
pub(crate) use question::Question;
pub(crate) use readable::{Readable, Slice};
pub(crate) use select::FieldOrder;
pub(crate) use shown::Entities;
