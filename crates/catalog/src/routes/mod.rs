//! The catalog's HTTP API, one operation a file.
//!
//! Paths, parameters, bodies and status codes are Backstage's where Backstage has the operation;
//! `revision` and `history` are ours.
//!
//! Never here: how a question is answered (`query`).
//! Adding an operation: one file, one line in [`routes()`].
//! Start reading at [`query_entities`].

mod body;
mod conditional;
mod count_entity_facets;
mod data_age;
mod get_entities;
mod get_entities_by_refs;
mod get_entity_by_name;
mod get_entity_by_uid;
mod get_entity_facets;
mod get_history;
mod get_model;
mod get_revision;
mod query_entities;
mod query_entities_by_predicate;
mod schemas;
#[cfg(test)]
mod sketch;
mod stream_revisions;

use std::sync::Arc;

use axum::Extension;
use axum::middleware::from_fn_with_state;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Catalog;
use crate::query::FacetCache;

/// Every operation on `catalog`, with what all of them share around it.
pub(crate) fn of(catalog: &Catalog) -> OpenApiRouter {
    routes()
        .with_state(catalog.clone())
        .layer(from_fn_with_state(
            catalog.clone(),
            conditional::conditional,
        ))
        .layer(from_fn_with_state(catalog.clone(), data_age::data_age))
}

fn routes() -> OpenApiRouter<Catalog> {
    OpenApiRouter::new()
        .routes(routes!(get_entities::get_entities))
        .routes(routes!(
            query_entities::query_entities,
            query_entities_by_predicate::query_entities_by_predicate
        ))
        .routes(routes!(get_entity_by_name::get_entity_by_name))
        .routes(routes!(get_entity_by_uid::get_entity_by_uid))
        .routes(routes!(get_entities_by_refs::get_entities_by_refs))
        .routes(routes!(
            get_entity_facets::get_entity_facets,
            count_entity_facets::count_entity_facets
        ))
        .routes(routes!(get_history::get_history))
        .routes(routes!(get_model::get_model))
        .routes(routes!(get_revision::get_revision))
        .routes(routes!(stream_revisions::stream_revisions))
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
