//! Reads an entity's source again now.

use axum::extract::State;
use axum::http::StatusCode;
use callboard_auth::Caller;
use callboard_http::{ErrorBody, Json, Result};
use callboard_model::{EntityRef, Error};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Catalog;
use crate::audit::Audit;
use crate::permissions::{RefreshEntity, is_like};

/// What to refresh.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Refresh {
    /// The entity, such as `component:default/checkout`, in any case.
    entity_ref: String,
    /// Taken for the sake of Backstage's clients; the request's own `Authorization` is what counts.
    #[serde(default)]
    #[schema(required = false)]
    #[expect(dead_code, reason = "clients send it, and the caller is known already")]
    authorization_token: Option<String>,
}

/// Refresh an entity
///
/// Reads the entity's source, and every Location that leads to it, again now instead of at the next turn. The
/// answer comes at once; the change shows when it has been read.
#[utoipa::path(
    post,
    path = "/api/catalog/refresh",
    tag = "catalog",
    request_body = Refresh,
    responses(
        (status = 200, description = "It will be read."),
        (status = 400, description = "The body is wrong.", body = ErrorBody),
        (status = 403, description = "The caller may not refresh it.", body = ErrorBody),
        (status = 404, description = "There is no such entity.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn refresh_entity(
    State(catalog): State<Catalog>,
    caller: Caller,
    Json(Refresh { entity_ref, .. }): Json<Refresh>,
) -> Result<StatusCode> {
    let audit = Audit::new(&caller, "entity-mutate", "refresh", &*entity_ref);
    audit.end(refresh(&catalog, &caller, &entity_ref).await)
}

async fn refresh(catalog: &Catalog, caller: &Caller, entity_ref: &str) -> Result<StatusCode> {
    let parsed: EntityRef =
        entity_ref
            .parse()
            .map_err(|error: callboard_model::InvalidEntityRef| {
                Error::invalid("invalid-entity-ref", error.to_string())
            })?;
    caller.may_with::<RefreshEntity>(&parsed, |conditions| {
        is_like(catalog.index(), &parsed, conditions)
    })?;
    // No entity has control characters in its name, and not every database can be asked about them.
    let known = !parsed.as_str().chars().any(char::is_control);
    if known && catalog.inner().engine.refresh(&parsed).await? {
        return Ok(StatusCode::OK);
    }
    let message = format!("Failed to schedule {parsed} for refresh: there is no such entity");
    Err(Error::not_found("no-such-entity", message).into())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::stage::{Stage, component};

    #[tokio::test]
    async fn a_source_that_looks_unchanged_is_read_again() {
        let stage = Stage::with(&[("https://host/a.yaml", &component("cart", "one"))]).await;
        stage
            .sources
            .silently("https://host/a.yaml", &component("cart", "two"));
        stage.look_again().await;
        assert_eq!(
            stage.entity("component:default/cart").await["spec"]["owner"],
            "one"
        );

        let body = json!({ "entityRef": "Component:Default/CART", "authorizationToken": "x" });
        assert_eq!(stage.post("/refresh", &body).await, "200 OK\n");
        stage.settle().await;

        assert_eq!(
            stage.entity("component:default/cart").await["spec"]["owner"],
            "two"
        );
    }

    #[tokio::test]
    async fn the_locations_above_are_looked_at_too() {
        let root = "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: { name: root }\nspec: { targets: ['https://host/a.yaml'] }\n";
        let stage = Stage::with(&[
            ("https://host/root.yaml", root),
            ("https://host/a.yaml", &component("cart", "one")),
            ("https://host/b.yaml", &component("basket", "one")),
        ])
        .await;
        let more = root.replace("a.yaml", "a.yaml', 'https://host/b.yaml");
        stage.sources.put("https://host/root.yaml", &more);

        let body = json!({ "entityRef": "component:default/cart" });
        assert_eq!(stage.post("/refresh", &body).await, "200 OK\n");
        stage.settle().await;

        assert_eq!(
            stage.entity("component:default/basket").await["kind"],
            "Component"
        );
    }

    #[tokio::test]
    async fn what_nobody_knows_is_not_found() {
        let stage = Stage::with(&[]).await;

        for entity_ref in ["component:default/none", "component:default/a\u{0}b"] {
            let answer = stage
                .post("/refresh", &json!({ "entityRef": entity_ref }))
                .await;
            let expected = format!(
                "404 Not Found\nNotFoundError: Failed to schedule {entity_ref} for refresh: there is no such entity"
            );
            assert_eq!(answer, expected);
        }
    }

    #[tokio::test]
    async fn a_wrong_body_is_named() {
        let stage = Stage::with(&[]).await;

        for (body, message) in [
            (
                json!({ "entityRef": "cart" }),
                "`cart` is not a full entity reference",
            ),
            (
                json!({ "entityRef": "component:default/cart", "force": true }),
                "unknown field `force`",
            ),
            (json!({}), "missing field `entityRef`"),
        ] {
            let answer = stage.post("/refresh", &body).await;
            assert!(
                answer.starts_with("400 Bad Request\nInputError: "),
                "{answer}"
            );
            assert!(answer.contains(message), "{answer}");
        }
    }
}
