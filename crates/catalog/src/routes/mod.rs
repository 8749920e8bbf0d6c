//! The catalog's HTTP API, one operation a file.
//!
//! Paths, parameters, bodies and status codes are Backstage's where Backstage has the operation;
//! `revision` and `history` are ours.
//!
//! Never here: how a question is answered (`query`).
//! Adding an operation: one file, one line in [`routes()`].
//! Start reading at [`query_entities`].

mod analyze_location;
mod answers;
mod body;
mod conditional;
mod count_entity_facets;
mod create_location;
mod data_age;
mod delete_entity_by_uid;
mod delete_location;
mod delete_unprocessed_entity;
mod get_entities;
mod get_entities_by_refs;
mod get_entity_ancestry;
mod get_entity_by_name;
mod get_entity_by_uid;
mod get_entity_facets;
mod get_failed_entities;
mod get_history;
mod get_location;
mod get_location_by_entity;
mod get_locations;
mod get_model;
mod get_pending_entities;
mod get_revision;
mod location;
mod query_entities;
mod query_entities_by_predicate;
mod query_locations;
mod refresh_entity;
mod schemas;
#[cfg(test)]
mod scoped;
#[cfg(test)]
mod sketch;
#[cfg(test)]
mod stage;
mod stream_revisions;
mod unprocessed;
mod update_location;
mod validate_entity;

use std::sync::Arc;

use axum::Extension;
use axum::middleware::from_fn_with_state;
use tower::ServiceBuilder;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Catalog;
use crate::query::FacetCache;

/// Every operation on `catalog`, with what all of them share around it.
pub(crate) fn of(catalog: &Catalog) -> OpenApiRouter {
    let around = ServiceBuilder::new()
        .layer(from_fn_with_state(catalog.clone(), data_age::data_age))
        .layer(from_fn_with_state(
            conditional::Shared::of(catalog),
            conditional::conditional,
        ));
    routes().with_state(catalog.clone()).layer(around)
}

fn routes() -> OpenApiRouter<Catalog> {
    OpenApiRouter::new()
        .routes(routes!(get_entities::get_entities))
        .routes(routes!(
            query_entities::query_entities,
            query_entities_by_predicate::query_entities_by_predicate
        ))
        .routes(routes!(get_entity_by_name::get_entity_by_name))
        .routes(routes!(get_entity_ancestry::get_entity_ancestry))
        .routes(routes!(
            get_entity_by_uid::get_entity_by_uid,
            delete_entity_by_uid::delete_entity_by_uid
        ))
        .routes(routes!(refresh_entity::refresh_entity))
        .routes(routes!(
            get_locations::get_locations,
            create_location::create_location
        ))
        .routes(routes!(query_locations::query_locations))
        .routes(routes!(
            get_location::get_location,
            update_location::update_location,
            delete_location::delete_location
        ))
        .routes(routes!(get_location_by_entity::get_location_by_entity))
        .routes(routes!(analyze_location::analyze_location))
        .routes(routes!(validate_entity::validate_entity))
        .routes(routes!(get_failed_entities::get_failed_entities))
        .routes(routes!(get_pending_entities::get_pending_entities))
        .routes(routes!(
            delete_unprocessed_entity::delete_unprocessed_entity
        ))
        .routes(routes!(get_entities_by_refs::get_entities_by_refs))
        .merge(facets())
        .routes(routes!(get_history::get_history))
        .routes(routes!(get_model::get_model))
        .routes(routes!(get_revision::get_revision))
        .routes(routes!(stream_revisions::stream_revisions))
}

fn facets() -> OpenApiRouter<Catalog> {
    OpenApiRouter::new()
        .routes(routes!(
            get_entity_facets::get_entity_facets,
            count_entity_facets::count_entity_facets
        ))
        .layer(Extension(Arc::new(FacetCache::default())))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::routes;

    #[test]
    fn every_operation_and_parameter_is_described() {
        let description = routes().into_openapi();
        let json = serde_json::to_value(&description).unwrap();
        let operations = json["paths"].as_object().unwrap().values();
        for operation in operations.flat_map(|path| path.as_object().unwrap().values()) {
            let id = operation["operationId"].as_str().unwrap();
            assert!(operation["summary"].is_string(), "{id}");
            assert!(operation["description"].is_string(), "{id}");
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                assert!(parameter["description"].is_string(), "{id}: {parameter}");
            }
        }
        let schemas = json["components"]["schemas"].as_object().unwrap();
        for (name, schema) in schemas {
            assert!(schema["description"].is_string(), "{name}");
            let properties = schema["properties"].as_object();
            for (property, schema) in properties.into_iter().flatten() {
                let described = |schema: &Value| {
                    schema["description"].is_string() || schema["$ref"].is_string()
                };
                assert!(
                    described(schema)
                        || schema["allOf"].is_array()
                        // One that may be null.
                        || schema["oneOf"].as_array().is_some_and(|any| any.iter().any(described)),
                    "{name}.{property}: {schema}"
                );
            }
        }
    }
}
