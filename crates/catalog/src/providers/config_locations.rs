//! The locations of the configuration, each as a Location entity.

use async_trait::async_trait;
use callboard_model::{Entity, LocationRef, Result};
use serde_json::json;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::hash;
use crate::provider::{Deferred, EntityProvider, Mutation, ProviderConnection};

/// Hands over `catalog.locations`, again when the configuration changes; reading them is the business of their
/// readers.
pub(crate) struct ConfigLocations(pub(crate) watch::Receiver<Vec<LocationRef>>);

#[async_trait]
impl EntityProvider for ConfigLocations {
    fn name(&self) -> &'static str {
        "config-locations"
    }

    fn aliases(&self) -> &[&str] {
        &["ConfigLocationProvider"]
    }

    async fn run(&self, connection: ProviderConnection, stop: CancellationToken) -> Result<()> {
        let mut locations = self.0.clone();
        loop {
            let named: Vec<LocationRef> = locations.borrow_and_update().clone();
            hand_over(&connection, &named).await?;
            tokio::select! {
                changed = locations.changed() => {
                    if changed.is_err() {
                        return Ok(());
                    }
                    tracing::info!("catalog.locations changed");
                }
                () = stop.cancelled() => return Ok(()),
            }
        }
    }
}

async fn hand_over(connection: &ProviderConnection, locations: &[LocationRef]) -> Result<()> {
    let deferred = locations.iter().map(location_entity).collect();
    for problem in connection.apply(Mutation::Full(deferred)).await? {
        tracing::warn!(
            problem = problem.message,
            "an entry of catalog.locations is not used"
        );
    }
    Ok(())
}

/// The entity that stands for a registered location (CAT-44).
pub(crate) fn location_entity(location: &LocationRef) -> Deferred {
    let object = json!({
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Location",
        "metadata": { "name": format!("generated-{}", hash::hex(location.to_string().as_bytes())) },
        "spec": { "type": location.kind, "target": location.target },
    });
    let entity = match object {
        serde_json::Value::Object(object) => Entity::new(object),
        _ => unreachable!("the literal above is an object"),
    };
    Deferred {
        entity,
        location: location.clone(),
        // Backstage's key too: who names the same location, in the configuration or by registering, agrees.
        location_key: Some(location.to_string()),
    }
}
