//! What the catalog hands to the binary.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use callboard_feature::{Feature, Features, Job, NavItem, UiContribution};
use callboard_model::{Result, yaml};

use crate::config::{Names, ProviderOptions, Strategy, warn_of_unknown};
use crate::engine::{Polling, Ports, provider_lease};
use crate::entity_rules::EntityRules;
use crate::history;
use crate::placeholder::PlaceholderResolver;
use crate::placeholders::{Bundle, Json, Text, Yaml};
use crate::processor::{EntityProcessor, LocationReader};
use crate::processors::{BuiltInKinds, LocationTargets};
use crate::provider::{EntityProvider, ProviderConnection};
use crate::providers::{ConfigLocations, RegisteredLocations};
use crate::readers::{FileReader, UrlReader};
use crate::{Catalog, ProcessingInterval, metrics, permissions, routes};

/// The catalog as a feature. Its own providers, processors and readers enter through the same ports as
/// those of any other feature.
pub fn feature(catalog: &Catalog) -> Feature {
    let counted = catalog.clone();
    let feature = Feature::new("catalog")
        .routes(routes::of(catalog))
        .permissions(permissions::all())
        .resource(Arc::new(EntityRules(catalog.clone())))
        .ui(UiContribution {
            navigation: vec![NavItem::new("Catalog", "/catalog", "catalog")],
        })
        .metrics(move |registry| metrics::register(&counted, registry));
    let feature = providers(catalog)
        .into_iter()
        .fold(feature, Feature::contribute);
    let feature = processors(catalog)
        .into_iter()
        .fold(feature, Feature::contribute);
    let feature = placeholders(catalog)
        .into_iter()
        .fold(feature, Feature::contribute);
    readers(catalog)
        .into_iter()
        .fold(feature, Feature::contribute)
}

fn providers(catalog: &Catalog) -> Vec<Arc<dyn EntityProvider>> {
    let inner = catalog.inner();
    vec![
        Arc::new(ConfigLocations(inner.locations.subscribe())),
        Arc::new(RegisteredLocations(inner.engine.clone())),
    ]
}

fn processors(catalog: &Catalog) -> Vec<Arc<dyn EntityProcessor>> {
    vec![
        Arc::new(BuiltInKinds(Arc::clone(&catalog.inner().kinds))),
        Arc::new(LocationTargets),
    ]
}

fn placeholders(catalog: &Catalog) -> Vec<Arc<dyn PlaceholderResolver>> {
    if catalog.inner().config.disable_default_processors {
        return Vec::new();
    }
    vec![
        Arc::new(Text),
        Arc::new(Json),
        Arc::new(Yaml),
        Arc::new(Bundle("openapi")),
        Arc::new(Bundle("asyncapi")),
    ]
}

fn readers(catalog: &Catalog) -> Vec<Arc<dyn LocationReader>> {
    let inner = catalog.inner();
    if inner.config.disable_default_processors {
        return Vec::new();
    }
    let options = yaml::Options {
        merge_keys: inner.config.enable_yaml_merge,
        ..yaml::Options::default()
    };
    let kinds = Arc::clone(&inner.kinds);
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
    let providers = enabled(features.take(), &inner.config.provider_options);
    let ports = Ports::new(features.take(), features.take(), rules)
        .analyzers(features.take())
        .placeholders(features.take(), inner.foundations.source.clone())
        .keeping_orphans(inner.config.orphan_strategy == Strategy::Keep)
        .choose(&inner.config.processor_options);
    let polling = match inner.config.processing_interval {
        Some(ProcessingInterval::Every(pause)) => Polling::every(pause),
        Some(ProcessingInterval::Never) | None => Polling::default(),
    };
    // A read replica does no work of the pipeline, and is asked all the same what an entity would become.
    inner.engine.install(ports.polling(polling));
    if let Some(ProcessingInterval::Never) = inner.config.processing_interval {
        return Ok(read_replica(catalog));
    }
    let (engine, feed, files) = (catalog.clone(), catalog.clone(), catalog.clone());
    let feature = Feature::new("catalog-pipeline")
        .job(eviction_job(catalog, &providers))
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

/// The providers that the configuration leaves in.
fn enabled(
    mut providers: Vec<Arc<dyn EntityProvider>>,
    options: &BTreeMap<String, ProviderOptions>,
) -> Vec<Arc<dyn EntityProvider>> {
    let known: Vec<Names<'_>> = providers.iter().map(names).collect();
    warn_of_unknown("providerOptions", options, &known);
    providers.retain(|provider| {
        let chosen = names(provider).choose(options);
        !chosen.is_some_and(|options| options.disabled)
    });
    providers
}

fn names(provider: &Arc<dyn EntityProvider>) -> Names<'_> {
    Names {
        own: provider.name(),
        aliases: provider.aliases(),
    }
}

fn eviction_job(catalog: &Catalog, providers: &[Arc<dyn EntityProvider>]) -> Job {
    let catalog = catalog.clone();
    let installed: BTreeSet<String> = providers
        .iter()
        .map(|provider| provider.name().to_owned())
        .collect();
    Job::new("catalog-orphan-providers", move |stop| {
        let (catalog, installed) = (catalog.clone(), installed.clone());
        async move {
            let inner = catalog.inner();
            match inner.config.orphan_provider_strategy {
                Strategy::Keep => Ok(()),
                Strategy::Delete => inner.engine.evict(&installed, stop).await,
            }
        }
    })
}

fn provider_job(catalog: &Catalog, provider: Arc<dyn EntityProvider>) -> Job {
    let catalog = catalog.clone();
    Job::new("catalog-provider", move |stop| {
        let engine = catalog.inner().engine.clone();
        let provider = Arc::clone(&provider);
        async move {
            let lease = provider_lease(provider.name());
            let run = |stop| {
                let connection = ProviderConnection::new(provider.as_ref(), engine.clone());
                let provider = Arc::clone(&provider);
                async move { provider.run(connection, stop).await }
            };
            engine.run_alone(&lease, stop, run).await
        }
    })
}
