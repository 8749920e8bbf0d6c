//! Where one entity comes from.

use std::collections::HashSet;

use axum::extract::State;
use axum::response::Response;
use bytes::Bytes;
use callboard_auth::Caller;
use callboard_http::{ErrorBody, Path, Result};
use callboard_model::{EntityRef, Error};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{body, schemas};
use crate::Catalog;
use crate::permissions::ReadEntity;
use crate::query::Readable;

/// An entity and everything above it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Ancestry {
    /// The entity that was asked about.
    root_entity_ref: String,
    /// It, and those above it that the caller may see.
    items: Vec<AncestryItem>,
}

/// One entity on the way up.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AncestryItem {
    /// The entity.
    entity: schemas::Entity,
    /// Those that named it; none when a provider handed it over.
    parent_entity_refs: Vec<String>,
}

/// Get where an entity comes from
///
/// The entity, the Locations that named it, those that named them, and so on up to what the configuration or
/// another provider handed over. Ways through an entity that may not be seen end there.
#[utoipa::path(
    get,
    path = "/api/catalog/entities/by-name/{kind}/{namespace}/{name}/ancestry",
    tag = "catalog",
    params(
        ("kind" = String, Path, description = "Its kind.", example = "component"),
        ("namespace" = String, Path, description = "Its namespace.", example = "default"),
        ("name" = String, Path, description = "Its name.", example = "checkout"),
    ),
    responses(
        (status = 200, description = "It and those above it.", body = Ancestry),
        (status = 403, description = "The caller may not see it.", body = ErrorBody),
        (status = 404, description = "There is no such entity.", body = ErrorBody),
        (status = 503, description = "The database is away: this is answered from it.", body = ErrorBody),
    )
)]
pub(super) async fn get_entity_ancestry(
    State(catalog): State<Catalog>,
    caller: Caller,
    Path((kind, namespace, name)): Path<(String, String, String)>,
) -> Result<Response> {
    let not_found = || {
        let named = format!("{kind}:{namespace}/{name}").to_lowercase();
        Error::not_found("no-such-entity", format!("No such entity {named}"))
    };
    let entity_ref = EntityRef::new(&kind, &namespace, &name).map_err(|_| not_found())?;
    caller.may_some::<ReadEntity>()?;
    let readable = Readable::new(catalog.index(), &caller.scope())?;
    let entity = readable.by_ref(entity_ref.as_str()).ok_or_else(not_found)?;
    let parents = catalog.inner().engine.parents(&entity_ref).await?;
    let root = entity_ref.to_string();
    let mut seen = HashSet::from([root.clone()]);
    let mut todo = vec![(root.clone(), entity)];
    let mut items = Vec::new();
    while let Some((current, entity)) = todo.pop() {
        let mut refs = Vec::new();
        for parent in parents.get(&current).into_iter().flatten() {
            let Some(json) = readable.by_ref(parent) else {
                continue;
            };
            refs.push(parent.clone());
            if seen.insert(parent.clone()) {
                todo.push((parent.clone(), json));
            }
        }
        items.push((entity, refs));
    }
    Ok(body::json(print(&root, &items)))
}

/// Entities are JSON already, so the answer is put together around them.
fn print(root: &str, items: &[(Bytes, Vec<String>)]) -> Vec<u8> {
    let mut json = format!("{{\"rootEntityRef\":{},\"items\":[", json!(root)).into_bytes();
    for (place, (entity, parents)) in items.iter().enumerate() {
        if place > 0 {
            json.push(b',');
        }
        json.extend_from_slice(b"{\"entity\":");
        json.extend_from_slice(entity);
        json.extend_from_slice(format!(",\"parentEntityRefs\":{}}}", json!(parents)).as_bytes());
    }
    json.extend_from_slice(b"]}");
    json
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::super::stage::{Stage, component};

    fn location(name: &str, target: &str) -> String {
        format!(
            "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {{ name: {name} }}\nspec: {{ target: '{target}' }}\n---\n"
        )
    }

    /// `name <- parent parent` for each item.
    fn drawn(answer: &Value) -> Vec<String> {
        let items = answer["items"].as_array().unwrap();
        let draw = |item: &Value| {
            let parents: Vec<&str> = item["parentEntityRefs"]
                .as_array()
                .unwrap()
                .iter()
                .map(|r| r.as_str().unwrap())
                .collect();
            format!(
                "{} <- {}",
                item["entity"]["metadata"]["name"].as_str().unwrap(),
                parents.join(" ")
            )
        };
        items.iter().map(draw).collect()
    }

    #[tokio::test]
    async fn the_way_up_ends_at_what_was_registered() {
        let stage = Stage::with(&[
            (
                "https://host/root.yaml",
                &location("team", "https://host/a.yaml"),
            ),
            ("https://host/a.yaml", &component("cart", "one")),
        ])
        .await;
        let root = stage.root("https://host/root.yaml");
        let name = root.rsplit('/').next().unwrap();

        let answer = stage
            .get_json("/entities/by-name/Component/default/Cart/ancestry")
            .await;

        assert_eq!(answer["rootEntityRef"], "component:default/cart");
        assert!(drawn(&answer).contains(&format!("{name} <- ")), "{answer}");
        assert!(
            drawn(&answer).contains(&format!("team <- {root}")),
            "{answer}"
        );
        assert_eq!(answer["items"][0]["entity"]["metadata"]["name"], "cart");
    }

    #[tokio::test]
    async fn locations_that_name_each_other_end_the_way() {
        let a = format!(
            "{}{}",
            location("a", "https://host/b.yaml"),
            component("cart", "one")
        );
        let stage = Stage::with(&[
            ("https://host/a.yaml", &a),
            ("https://host/b.yaml", &location("b", "https://host/a.yaml")),
        ])
        .await;

        let answer = stage
            .get_json("/entities/by-name/location/default/a/ancestry")
            .await;

        let drawn = drawn(&answer);
        assert!(
            drawn.contains(&"b <- location:default/a".to_owned()),
            "{drawn:?}"
        );
        assert!(
            drawn
                .iter()
                .any(|line| line.starts_with("a <- ") && line.contains("location:default/b")),
            "{drawn:?}"
        );
    }

    #[tokio::test]
    async fn an_entity_that_nobody_knows_has_no_ancestry() {
        let stage = Stage::with(&[]).await;

        assert_eq!(
            stage
                .get("/entities/by-name/Component/default/none/ancestry")
                .await,
            "404 Not Found\nNotFoundError: No such entity component:default/none"
        );
    }
}
