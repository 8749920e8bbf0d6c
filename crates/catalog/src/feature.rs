//! What the catalog hands to the binary.

use std::sync::Arc;

use callboard_auth::Permission;
use callboard_feature::{Feature, Features, Job, NavItem, UiContribution};
use callboard_model::kinds::Kinds;
use callboard_model::{LocationRef, Result, yaml};

use crate::engine::{Polling, Ports};
use crate::history;
use crate::permissions::ReadEntity;
use crate::processor::{EntityProcessor, LocationReader};
use crate::processors::{BuiltInKinds, LocationTargets};
use crate::provider::{EntityProvider, ProviderConnection};
use crate::providers::ConfigLocations;
use crate::readers::{FileReader, UrlReader};
use crate::{Catalog, ProcessingInterval, metrics, routes};

/// The catalog as a feature. Its own providers, processors and readers enter through the same ports as
/// those of any other feature.
pub fn feature(catalog: &Catalog) -> Feature {
    let counted = catalog.clone();
    let feature = Feature::new("catalog")
        .routes(routes::of(catalog))
        .permissions([ReadEntity::info()])
        .ui(UiContribution {
            navigation: vec![NavItem::new("Catalog", "/catalog", "catalog")],
        })
        .metrics(move |registry| metrics::register(&counted, registry));
    let feature = providers(catalog)
        .into_iter()
        .fold(feature, Feature::contribute);
    let feature = processors().into_iter().fold(feature, Feature::contribute);
    readers(catalog)
        .into_iter()
        .fold(feature, Feature::contribute)
}

fn providers(catalog: &Catalog) -> Vec<Arc<dyn EntityProvider>> {
    let inner = catalog.inner();
    let locations = inner.config.locations.iter().map(|location| {
        LocationRef::new(
            &location.location_type,
            location.resolved_target(&inner.foundations.working_directory),
        )
    });
    vec![Arc::new(ConfigLocations(locations.collect()))]
}

fn processors() -> Vec<Arc<dyn EntityProcessor>> {
    vec![
        Arc::new(BuiltInKinds(Arc::clone(Kinds::built_in()))),
        Arc::new(LocationTargets),
    ]
}

fn readers(catalog: &Catalog) -> Vec<Arc<dyn LocationReader>> {
    let inner = catalog.inner();
    let options = yaml::Options {
        merge_keys: inner.config.enable_yaml_merge,
        ..yaml::Options::default()
    };
    let kinds = Arc::clone(Kinds::built_in());
    let foundations = &inner.foundations;
    vec![
        Arc::new(FileReader::new(
            Arc::clone(&kinds),
            options.clone(),
            foundations.clock.clone(),
            inner.files.clone(),
        )),
        Arc::new(UrlReader::new(foundations.source.clone(), kinds, options)),
    ]
}

/// The work behind the catalog, made of every port that `features` contributed.
pub fn pipeline(catalog: &Catalog, features: &mut Features) -> Result<Feature> {
    let inner = catalog.inner();
    let rules = inner.config.rules(&inner.foundations.working_directory)?;
    let providers: Vec<Arc<dyn EntityProvider>> = features.take();
    let ports = Ports::new(features.take(), features.take(), rules);
    let polling = match inner.config.processing_interval {
        Some(ProcessingInterval::Never) => return Ok(read_replica(catalog)),
        Some(ProcessingInterval::Every(pause)) => Polling::every(pause),
        None => Polling::default(),
    };
    inner.engine.install(ports.polling(polling));
    let (engine, feed, files) = (catalog.clone(), catalog.clone(), catalog.clone());
    let feature = Feature::new("catalog-pipeline")
        .job(Job::new("catalog-engine", move |stop| {
            let catalog = engine.clone();
            async move { catalog.inner().engine.run(stop).await }
        }))
        .job(Job::new("catalog-feed", move |stop| {
            let catalog = feed.clone();
            async move { catalog.inner().feed.run(stop).await }
        }))
        .job(Job::new("catalog-files", move |stop| {
            let catalog = files.clone();
            async move {
                catalog
                    .inner()
                    .files
                    .run(catalog.inner().engine.clone(), stop)
                    .await
            }
        }));
    let feature = feature.job(history_job(catalog));
    Ok(providers.into_iter().fold(feature, |feature, provider| {
        feature.job(provider_job(catalog, provider))
    }))
}

/// A process that follows what others do, and does nothing itself.
fn read_replica(catalog: &Catalog) -> Feature {
    let (engine, feed) = (catalog.clone(), catalog.clone());
    Feature::new("catalog-replica")
        .job(Job::new("catalog-announcements", move |stop| {
            let catalog = engine.clone();
            async move { catalog.inner().engine.follow(stop).await }
        }))
        .job(Job::new("catalog-feed", move |stop| {
            let catalog = feed.clone();
            async move { catalog.inner().feed.run(stop).await }
        }))
}

fn history_job(catalog: &Catalog) -> Job {
    let catalog = catalog.clone();
    Job::new("catalog-history", move |stop| {
        let catalog = catalog.clone();
        async move {
            let inner = catalog.inner();
            let (database, retention) = (
                &inner.foundations.database,
                inner.config.history.retention(),
            );
            let run = |stop| history::keep(database, retention, stop);
            inner.engine.run_alone("history", stop, run).await
        }
    })
}

fn provider_job(catalog: &Catalog, provider: Arc<dyn EntityProvider>) -> Job {
    let catalog = catalog.clone();
    Job::new("catalog-provider", move |stop| {
        let engine = catalog.inner().engine.clone();
        let provider = Arc::clone(&provider);
        async move {
            let lease = format!("provider:{}", provider.name());
            let run = |stop| {
                let connection = ProviderConnection::new(provider.as_ref(), engine.clone());
                let provider = Arc::clone(&provider);
                async move { provider.run(connection, stop).await }
            };
            engine.run_alone(&lease, stop, run).await
        }
    })
}
