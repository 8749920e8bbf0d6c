//! The locations that people registered, each as a Location entity.

use async_trait::async_trait;
use callboard_model::{LocationRef, Result};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::location_entity;
use crate::engine::{Engine, REGISTERED};
use crate::provider::{Deferred, EntityProvider, ProviderConnection};
use crate::sql::locations::LocationRow;

/// Claims the registered locations once at the start; each is claimed when it is registered too.
pub(crate) struct RegisteredLocations(pub(crate) Engine);

#[async_trait]
impl EntityProvider for RegisteredLocations {
    fn name(&self) -> &'static str {
        REGISTERED
    }

    fn aliases(&self) -> &[&str] {
        &["DefaultLocationStore"]
    }

    async fn run(&self, _connection: ProviderConnection, _stop: CancellationToken) -> Result<()> {
        // Not through the connection: somebody may register at this moment, so it has to be one transaction.
        self.0.claim_registered().await
    }
}

/// The entity that stands for a registered location.
pub(crate) fn registered_entity(row: &LocationRow) -> Deferred {
    let location = LocationRef::new(&row.location_type, &row.target);
    let mut deferred = location_entity(&location);
    let name = row.entity_ref.rsplit('/').next().unwrap_or_default();
    let metadata = deferred.entity.metadata_mut();
    metadata.insert("name".to_owned(), json!(name));
    if !row.presence.is_empty()
        && let Some(spec) = deferred.entity.object_mut().get_mut("spec")
    {
        spec["presence"] = json!(row.presence);
    }
    deferred
}
