//! One entity by its name.

use axum::extract::State;
use axum::response::Response;
use callboard_auth::Caller;
use callboard_http::{ErrorBody, Path, Result};
use callboard_model::{EntityRef, Error};

use super::{body, schemas};
use crate::Catalog;
use crate::query::Readable;

/// Get an entity by its name
///
/// Kind, namespace and name in any case. An entity that may not be seen does not exist.
#[utoipa::path(
    get,
    path = "/api/catalog/entities/by-name/{kind}/{namespace}/{name}",
    tag = "catalog",
    params(
        ("kind" = String, Path, description = "Its kind.", example = "component"),
        ("namespace" = String, Path, description = "Its namespace.", example = "default"),
        ("name" = String, Path, description = "Its name.", example = "checkout"),
    ),
    responses(
        (status = 200, description = "The entity.", body = schemas::Entity),
        (status = 404, description = "There is no such entity.", body = ErrorBody),
    )
)]
pub(super) async fn get_entity_by_name(
    State(catalog): State<Catalog>,
    caller: Caller,
    Path((kind, namespace, name)): Path<(String, String, String)>,
) -> Result<Response> {
    let not_found = || {
        let message = format!(
            "No entity named '{name}' found, with kind '{kind}' in namespace '{namespace}'"
        );
        Error::not_found("no-such-entity", message)
    };
    let entity_ref = EntityRef::new(&kind, &namespace, &name).map_err(|_| not_found())?;
    let entity = Readable::new(catalog.index(), &caller.scope())?
        .by_ref(entity_ref.as_str())
        .ok_or_else(not_found)?;
    Ok(body::json(entity))
}

#[cfg(test)]
mod tests {
    use super::super::sketch::Api;

    #[tokio::test]
    async fn a_name_in_any_case_finds_its_entity() {
        let api = Api::with("Component:Checkout").await;

        let expected = r#"200 OK
{"apiVersion":"v1","kind":"Component","metadata":{"name":"Checkout","uid":"00000000-0000-4000-8000-000000000001"},"spec":{}}"#;
        assert_eq!(
            api.get("/entities/by-name/component/default/checkout")
                .await,
            expected
        );
        assert_eq!(
            api.get("/entities/by-name/Component/Default/CHECKOUT")
                .await,
            expected
        );
    }

    #[tokio::test]
    async fn a_name_that_nobody_has_is_not_found() {
        let api = Api::with("Component:checkout").await;

        assert_eq!(
            api.get("/entities/by-name/API/default/x%2Fy").await,
            "404 Not Found\nNotFoundError: No entity named 'x/y' found, with kind 'API' in namespace 'default'"
        );
    }
}
