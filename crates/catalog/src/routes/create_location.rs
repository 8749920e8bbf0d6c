//! Registers one location, or tries that out.

use axum::extract::State;
use axum::http::StatusCode;
use callboard_auth::Caller;
use callboard_http::{ErrorBody, Json, Query, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::location::{Location, LocationInput, writable};
use super::schemas;
use crate::audit::Audit;
use crate::engine::NewLocation;
use crate::permissions::CreateLocation;
use crate::{Catalog, ConflictStrategy};

/// How to register it.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Parameters {
    /// `true` to only try it out: everything is read and checked, and nothing stored.
    #[serde(default)]
    #[param(required = false)]
    dry_run: Option<String>,
    /// What happens when it is registered already; `catalog.defaultLocationConflictStrategy` when left out.
    #[serde(default)]
    #[param(required = false, inline)]
    on_conflict: Option<ConflictStrategy>,
}

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CreatedLocation {
    /// Whether it was registered already; said by a dry run only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    exists: Option<bool>,
    /// The location.
    location: Location,
    /// What a dry run found, the Location itself first; empty otherwise.
    #[schema(value_type = Vec<schemas::Entity>)]
    entities: Vec<Value>,
}

/// Register a location
///
/// The location is read at once and followed from then on, by every process that works on the database. A dry run
/// reads, checks and relates everything that it leads to, stores nothing, and answers with the entities, or with
/// what is wrong and where.
#[utoipa::path(
    post,
    path = "/api/catalog/locations",
    tag = "catalog",
    params(Parameters),
    request_body = LocationInput,
    responses(
        (status = 201, description = "It is registered, or would be.", body = CreatedLocation),
        (status = 400, description = "The body is wrong, or what the dry run found.", body = ErrorBody),
        (status = 403, description = "The caller may not register locations, or nobody may.", body = ErrorBody),
        (status = 409, description = "It is registered already.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn create_location(
    State(catalog): State<Catalog>,
    caller: Caller,
    Query(parameters): Query<Parameters>,
    Json(input): Json<LocationInput>,
) -> Result<(StatusCode, Json<CreatedLocation>)> {
    let dry_run = parameters.dry_run.as_deref().is_some_and(says_yes);
    let action = if dry_run { "dry-run" } else { "create" };
    let object = format!("{}:{}", input.r#type, input.target);
    let audit = Audit::new(&caller, "location-mutate", action, object);
    let strategy = parameters
        .on_conflict
        .unwrap_or(catalog.inner().config.default_location_conflict_strategy);
    let answer = async {
        if !dry_run {
            writable(&catalog)?;
        }
        caller.may::<CreateLocation>()?;
        let new = input.accepted(&catalog)?;
        if dry_run {
            try_out(&catalog, new).await
        } else {
            register(&catalog, &new, strategy).await
        }
    };
    audit
        .end(answer.await)
        .map(|created| (StatusCode::CREATED, Json(created)))
}

/// As the `yn` package reads it for Backstage.
fn says_yes(text: &str) -> bool {
    ["y", "yes", "true", "1", "on"]
        .iter()
        .any(|yes| text.trim().eq_ignore_ascii_case(yes))
}

async fn register(
    catalog: &Catalog,
    new: &NewLocation,
    strategy: ConflictStrategy,
) -> Result<CreatedLocation> {
    let row = catalog.inner().engine.register(new, strategy).await?;
    Ok(CreatedLocation {
        exists: None,
        location: row.into(),
        entities: Vec::new(),
    })
}

async fn try_out(catalog: &Catalog, new: NewLocation) -> Result<CreatedLocation> {
    let engine = &catalog.inner().engine;
    let known = engine.location_at(&new.location).await?;
    let entities = engine.rehearse(&new).await?;
    Ok(CreatedLocation {
        exists: Some(known.is_some()),
        location: new.row(new.location.to_string())?.into(),
        entities,
    })
}

#[cfg(test)]
mod tests {
    use axum::http::Method;
    use serde_json::{Value, json};

    use super::super::stage::{Stage, component, good};

    const CART: &str = "https://host/cart.yaml";

    fn cart() -> Value {
        json!({ "type": "url", "target": CART })
    }

    #[tokio::test]
    async fn a_registered_location_is_read_and_shown() {
        let stage = Stage::configured(json!({}), &[(CART, &component("cart", "one"))]).await;

        let created = good(&stage.post("/locations", &cart()).await);
        stage.settle().await;

        let root = stage.root(CART);
        assert_eq!(created["location"]["entityRef"], root);
        assert_eq!(created["location"]["target"], CART);
        assert_eq!(created["entities"], json!([]));
        assert_eq!(created["exists"], Value::Null);
        let origin = format!("url:{CART}");
        for entity_ref in [root.as_str(), "component:default/cart"] {
            let annotations = stage.entity(entity_ref).await["metadata"]["annotations"].clone();
            assert_eq!(
                annotations["backstage.io/managed-by-origin-location"],
                origin
            );
        }
    }

    #[tokio::test]
    async fn the_same_location_again_is_a_conflict_or_a_refresh() {
        let stage = Stage::configured(json!({}), &[(CART, &component("cart", "one"))]).await;
        let first = good(&stage.post("/locations", &cart()).await);
        stage.settle().await;

        assert_eq!(
            stage.post("/locations", &cart()).await,
            "409 Conflict\nConflictError: Location url:https://host/cart.yaml already exists\nhint: refresh it, or send `onConflict=refresh`"
        );
        stage.sources.silently(CART, &component("cart", "two"));
        let again = good(&stage.post("/locations?onConflict=refresh", &cart()).await);
        stage.settle().await;

        assert_eq!(again["location"], first["location"]);
        assert_eq!(
            stage.entity("component:default/cart").await["spec"]["owner"],
            "two"
        );
    }

    #[tokio::test]
    async fn the_configuration_says_what_happens_at_a_conflict() {
        let config = json!({ "defaultLocationConflictStrategy": "refresh" });
        let stage = Stage::configured(config, &[]).await;
        let first = good(&stage.post("/locations", &cart()).await);

        let again = good(&stage.post("/locations", &cart()).await);
        assert_eq!(again, first);
        let answer = stage.post("/locations?onConflict=reject", &cart()).await;
        assert!(answer.starts_with("409"), "{answer}");
    }

    #[tokio::test]
    async fn a_dry_run_answers_with_related_entities_and_stores_nothing() {
        let root = "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: { name: shop }\nspec: { target: 'https://host/cart.yaml' }\n";
        let pages = [
            ("https://host/shop.yaml", root),
            (CART, &component("cart", "one")),
        ];
        let stage = Stage::configured(json!({}), &pages).await;
        let body = json!({ "type": "url", "target": "https://host/shop.yaml" });

        let tried = good(&stage.post("/locations?dryRun=true", &body).await);

        assert_eq!(tried["exists"], false);
        assert_eq!(tried["location"]["id"], "url:https://host/shop.yaml");
        let entities = tried["entities"].as_array().unwrap();
        let names: Vec<_> = entities
            .iter()
            .map(|entity| entity["metadata"]["name"].as_str().unwrap())
            .collect();
        assert_eq!(names[1..], ["shop", "cart"]);
        assert_eq!(
            entities[2]["relations"],
            json!([{ "type": "ownedBy", "targetRef": "group:default/one" }])
        );
        assert_eq!(stage.get("/locations").await, "200 OK\n[]");
        stage.settle().await;
        assert!(stage.entity("component:default/cart").await.is_null());

        stage.post("/locations", &body).await;
        let tried = good(&stage.post("/locations?dryRun=yes", &body).await);
        assert_eq!(tried["exists"], true);
    }

    #[tokio::test]
    async fn a_dry_run_says_what_is_wrong_where() {
        let broken = component("cart", "one").replace("  owner: one\n", "");
        let user =
            "apiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: { name: ada }\nspec: {}\n";
        let twice = "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: { name: twice }\nspec: { targets: ['https://host/a.yaml', 'https://host/b.yaml'] }\n";
        let file = "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: { name: file }\nspec: { type: file, target: /etc/passwd }\n";
        let pages = [
            (CART, broken.as_str()),
            ("https://host/yaml.yaml", "a: [\n"),
            ("https://host/user.yaml", user),
            ("https://host/twice.yaml", twice),
            ("https://host/a.yaml", &component("cart", "one")),
            ("https://host/b.yaml", &component("cart", "two")),
            ("https://host/file.yaml", file),
        ];
        let stage = Stage::configured(json!({}), &pages).await;

        for (target, message) in [
            (
                CART,
                "url:https://host/cart.yaml:5:1: `spec.owner` is missing",
            ),
            ("https://host/yaml.yaml", "url:https://host/yaml.yaml:"),
            (
                "https://host/user.yaml",
                "`ada` is of kind `User`, which no rule allows",
            ),
            (
                "https://host/none.yaml",
                "`https://host/none.yaml` does not exist",
            ),
            (
                "https://host/file.yaml",
                "`url:https://host/file.yaml` may not name a location of type `file`",
            ),
            (
                "https://host/twice.yaml",
                "Duplicate nested entity: component:default/cart is in url:https://host/a.yaml and in url:https://host/b.yaml",
            ),
        ] {
            let body = json!({ "type": "url", "target": target });
            let answer = stage.post("/locations?dryRun=1", &body).await;
            assert!(
                answer.starts_with("400 Bad Request\nInputError: "),
                "{answer}"
            );
            assert!(answer.contains(message), "{target}: {answer}");
        }
    }

    #[tokio::test]
    async fn locations_that_name_each_other_can_be_tried_out() {
        let a = "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: { name: a }\nspec: { target: 'https://host/a.yaml' }\n";
        let stage = Stage::configured(json!({}), &[("https://host/a.yaml", a)]).await;
        let body = json!({ "type": "url", "target": "https://host/a.yaml" });

        let tried = good(&stage.post("/locations?dryRun=true", &body).await);
        assert_eq!(tried["entities"].as_array().unwrap().len(), 2);
    }

    #[tokio::test]
    async fn a_wrong_body_is_named() {
        let stage = Stage::configured(json!({}), &[]).await;

        for (body, message) in [
            (
                json!({ "type": "file", "target": "/etc/passwd" }),
                "Registered locations must be of an allowed type [\"url\"]",
            ),
            (json!({ "type": "url" }), "missing field `target`"),
            (json!({ "type": "url", "target": " " }), "it is empty"),
            (
                json!({ "type": "url", "target": "a\u{0}b" }),
                "control characters",
            ),
            (
                json!({ "type": "url", "target": CART, "force": 1 }),
                "unknown field `force`",
            ),
            (
                json!({ "type": "url", "target": CART, "presence": "maybe" }),
                "unknown variant `maybe`",
            ),
        ] {
            for path in ["/locations", "/locations?dryRun=true"] {
                let answer = stage.post(path, &body).await;
                assert!(
                    answer.starts_with("400 Bad Request\nInputError: "),
                    "{answer}"
                );
                assert!(answer.contains(message), "{answer}");
            }
        }
        let answer = stage.post("/locations?onConflict=replace", &cart()).await;
        assert!(
            answer.starts_with("400 Bad Request\nInputError: "),
            "{answer}"
        );
    }

    #[tokio::test]
    async fn a_readonly_catalog_takes_no_locations_and_can_be_asked() {
        let config = json!({ "readonly": true });
        let stage = Stage::configured(config, &[(CART, &component("cart", "one"))]).await;
        let id = "/locations/00000000-0000-4000-8000-000000000001";

        for answer in [
            stage.post("/locations", &cart()).await,
            stage.put(id, &cart()).await,
            stage.delete(id).await,
        ] {
            let expected =
                "403 Forbidden\nNotAllowedError: This operation not allowed in readonly mode";
            assert!(answer.starts_with(expected), "{answer}");
        }
        good(&stage.post("/locations?dryRun=true", &cart()).await);
        assert_eq!(stage.get("/locations").await, "200 OK\n[]");
    }

    #[tokio::test]
    async fn nothing_is_done_without_a_permission() {
        let stage = Stage::configured(json!({}), &[]).await;
        let location = good(&stage.post("/locations", &cart()).await);
        let id = location["location"]["id"].as_str().unwrap();
        let one = format!("/locations/{id}");
        let refresh = json!({ "entityRef": "component:default/cart" });
        let entity =
            json!({ "entity": { "kind": "Component" }, "location": "url:https://host/a.yaml" });
        let analyze = json!({ "location": cart() });
        let uid = "/entities/by-uid/00000000-0000-4000-8000-000000000001";

        for (method, path, body) in [
            (Method::POST, "/locations", Some(cart())),
            (Method::POST, "/locations?dryRun=true", Some(cart())),
            (Method::PUT, &one, Some(cart())),
            (Method::DELETE, &one, None),
            (Method::POST, "/refresh", Some(refresh)),
            (Method::DELETE, uid, None),
            (Method::POST, "/analyze-location", Some(analyze)),
            (
                Method::GET,
                "/entities/by-name/component/default/cart/ancestry",
                None,
            ),
            (Method::GET, "/entities/unprocessed/failed", None),
            (Method::GET, "/entities/unprocessed/pending", None),
            (
                Method::DELETE,
                "/entities/unprocessed/delete/00000000-0000-4000-8000-000000000001",
                None,
            ),
        ] {
            let answer = stage.refused(method.clone(), path, body.as_ref()).await;
            assert!(
                answer.starts_with("403 Forbidden\nNotAllowedError: "),
                "{method} {path}: {answer}"
            );
        }
        let valid = json!({ "entity": { "apiVersion": "backstage.io/v1alpha1", "kind": "Component", "metadata": { "name": "a" } }, "location": entity["location"] });
        let answer = stage
            .refused(Method::POST, "/validate-entity", Some(&valid))
            .await;
        assert!(answer.starts_with("403 Forbidden"), "{answer}");
        assert_eq!(
            stage.refused(Method::GET, "/locations", None).await,
            "200 OK\n[]"
        );
        assert_eq!(
            stage
                .refused(Method::POST, "/locations/by-query", Some(&json!({})))
                .await,
            "200 OK\n{\"items\":[],\"totalItems\":0,\"pageInfo\":{}}"
        );
        let answer = stage.refused(Method::GET, &one, None).await;
        assert_eq!(
            answer,
            format!("404 Not Found\nNotFoundError: Found no location with ID {id}")
        );
        assert_eq!(
            good(&stage.get("/locations").await)
                .as_array()
                .unwrap()
                .len(),
            1
        );
    }

    #[tokio::test]
    async fn while_the_database_is_away_writing_says_so() {
        let stage = Stage::with(&[(CART, &component("cart", "one"))]).await;
        let uid = stage.uid("component:default/cart").await;
        stage.database_goes_away().await;

        let refresh = json!({ "entityRef": "component:default/cart" });
        for answer in [
            stage.post("/locations", &cart()).await,
            stage.post("/refresh", &refresh).await,
            stage.delete(&format!("/entities/by-uid/{uid}")).await,
            stage
                .get("/entities/by-name/component/default/cart/ancestry")
                .await,
            stage.get("/locations").await,
        ] {
            assert!(
                answer.starts_with("503 Service Unavailable\nServiceUnavailableError: "),
                "{answer}"
            );
        }
        assert_eq!(
            stage.entity("component:default/cart").await["kind"],
            "Component"
        );
    }
}
