//! Turns what sources say into the catalog that people see, and answers questions about it.
//!
//! *Providers* hand over raw entities, *readers* fetch what locations name, *processors* complete, check
//! and relate; the *stitcher* joins the results into one final entity with a revision. The *feed* carries
//! revisions into the *index* in memory, from which every read is answered.
//!
//! Never here: a `match` on a kind (kinds are data), the network, or the name of another feature.
//! Adding a processor, provider, reader or placeholder: one file in its folder and one line in `feature.rs`;
//! from another crate, `Feature::contribute`. Adding an operation: one file in `routes/`.
//! Start reading at [`Catalog`], then `engine`.

mod analyzer;
mod audit;
mod catalog;
mod config;
mod directory;
mod engine;
mod entity_rules;
mod feature;
mod feed;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod hash;
mod history;
mod index;
mod metrics;
mod model;
mod permissions;
mod placeholder;
mod placeholders;
mod processing_interval;
mod processor;
mod processors;
mod provider;
mod providers;
mod query;
mod readers;
mod routes;
mod sql;
mod trace;

pub use analyzer::{Repository, RepositoryAnalyzer};
pub use catalog::{Catalog, Foundations};
pub use config::{
    CatalogConfig, ConflictStrategy, ModelConfig, ProcessorOptions, ProviderOptions, Strategy,
};
pub use feature::{feature, pipeline};
pub use model::model;
pub use permissions::{
    AnalyzeLocation, CreateEntity, CreateLocation, DeleteEntity, DeleteLocation, DeleteUnprocessed,
    ReadEntity, ReadLocation, ReadUnprocessed, RefreshEntity, ValidateEntity,
};
pub use placeholder::{Documents, PlaceholderResolver, Unresolved};
pub use processing_interval::ProcessingInterval;
pub use processor::{
    DocumentRequest, Emitted, EmittedLocation, EntityProcessor, FetchedDocument, LocationReader,
    Part, PartContent, PartSink, ProcessContext, ReadRequest,
};
pub use provider::{Deferred, EntityProvider, Mutation, ProviderConnection};
