//! Goes on with a configuration that is changed while the portal runs.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use callboard_catalog::{Catalog, CatalogConfig};
use callboard_config::{Config, ConfigErrors, Watch};
use callboard_feature::{Feature, Job};
use callboard_model::{Error, Result};
use tokio::time::timeout;

/// How often to look: a change counts after two looks.
const LOOK: Duration = Duration::from_secs(1);

/// Tells those who can change while they run; the others read the configuration at the next start.
pub(crate) fn feature(watch: Watch, catalog: &Catalog) -> Feature {
    let watch = Arc::new(Mutex::new(watch));
    let catalog = catalog.clone();
    Feature::new("configuration").job(Job::new("configuration-watch", move |stop| {
        let (watch, catalog) = (Arc::clone(&watch), catalog.clone());
        async move {
            while !stop.is_cancelled() {
                // A pause that a stop ends at once.
                let _ = timeout(LOOK, stop.cancelled()).await;
                if let Some(changed) = look(&watch).await? {
                    follow(&catalog, changed).await?;
                }
            }
            Ok(())
        }
    }))
}

async fn look(watch: &Arc<Mutex<Watch>>) -> Result<Option<Result<Config, ConfigErrors>>> {
    let watch = Arc::clone(watch);
    let look = move || watch.lock().unwrap_or_else(PoisonError::into_inner).look();
    tokio::task::spawn_blocking(look).await.map_err(|error| {
        Error::internal("configuration-watch", "while looking at the configuration").source(error)
    })
}

/// A configuration that is wrong changes nothing.
async fn follow(catalog: &Catalog, changed: Result<Config, ConfigErrors>) -> Result<()> {
    match changed.and_then(|config| config.read::<CatalogConfig>("catalog")) {
        Ok(settings) => match catalog.reconfigure(&settings).await {
            Err(error) if error.kind() == callboard_model::ErrorKind::Invalid => {
                tracing::error!("the changed configuration is not used: {}", error.message());
                Ok(())
            }
            done => done,
        },
        Err(errors) => {
            for error in errors {
                tracing::error!("the changed configuration is not used: {error}");
            }
            Ok(())
        }
    }
}
