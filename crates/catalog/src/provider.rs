//! The port through which entities enter: an [`EntityProvider`] knows a source and hands over what it holds.

use async_trait::async_trait;
use callboard_model::{Entity, EntityRef, LocationRef, Problem, Result};
use tokio_util::sync::CancellationToken;

use crate::engine::Engine;

/// A source of entities, such as the configured locations, a git host or a directory of people (CAT-20).
#[async_trait]
pub trait EntityProvider: Send + Sync + 'static {
    /// A stable name: what the provider hands over belongs to it under this name, over restarts too.
    fn name(&self) -> &str;

    /// What it is called in Backstage, so that `catalog.providerOptions` may name it so.
    fn aliases(&self) -> &[&str] {
        &[]
    }

    /// Hands over what the source holds now, then follows it until `stop`.
    ///
    /// Returning an error is logged and tried again later with growing pauses; entities handed over
    /// before stay as they are.
    async fn run(&self, connection: ProviderConnection, stop: CancellationToken) -> Result<()>;
}

/// One entity as a provider hands it over.
#[derive(Clone, Debug)]
pub struct Deferred {
    /// The entity, not yet checked.
    pub entity: Entity,
    /// Where it is written down; it may emit further entities from there.
    pub location: LocationRef,
    /// Who owns the entity when two sources name the same one (CAT-22).
    pub location_key: Option<String>,
}

/// What a provider says has changed.
#[derive(Debug)]
pub enum Mutation {
    /// This is everything; what was handed over before and is missing now goes (CAT-20).
    Full(Vec<Deferred>),
    /// Only these changed.
    Delta {
        /// New or changed.
        added: Vec<Deferred>,
        /// Gone from the source.
        removed: Vec<EntityRef>,
    },
}

/// A provider's way into the catalog.
#[derive(Clone)]
pub struct ProviderConnection {
    provider: String,
    engine: Engine,
}

impl ProviderConnection {
    pub(crate) fn new(provider: &dyn EntityProvider, engine: Engine) -> Self {
        Self {
            provider: provider.name().to_owned(),
            engine,
        }
    }

    /// Stores `mutation`; when this returns it is durable, and will be visible soon.
    ///
    /// Entities that cannot even be named come back as problems; the others are taken.
    pub async fn apply(&self, mutation: Mutation) -> Result<Vec<Problem>> {
        self.engine.apply(&self.provider, mutation).await
    }

    /// Has everything looked at again now that depends on one of `keys`, such as
    /// `url:https://example.com/catalog-info.yaml`: what a webhook tells (CAT-38).
    pub async fn refresh(&self, keys: &[String]) -> Result<()> {
        self.engine.refresh_keys(keys).await
    }
}
