//! Checks one entity without storing it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use callboard_auth::Caller;
use callboard_http::{ErrorBody, Json, Result};
use callboard_model::{Entity, Error, LocationRef, Problem, shortened};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tokio::runtime::Handle;
use utoipa::ToSchema;

use crate::Catalog;
use crate::audit::Audit;
use crate::permissions::ValidateEntity;

/// Errors in one answer: one list of a check is as long at most, with its line about those that it leaves out.
const MOST: usize = 101;
/// Characters of a text in one error.
const LONGEST: usize = 1_000;

/// What to check.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ToValidate {
    /// The entity.
    #[schema(value_type = std::collections::HashMap<String, Value>)]
    entity: Map<String, Value>,
    /// Where it is to be written, such as `url:https://git.example.com/shop/cart/blob/main/catalog-info.yaml`.
    location: String,
}

/// What is wrong with an entity.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ValidationErrors {
    /// One thing each.
    errors: Vec<ValidationError>,
}

/// One thing that is wrong.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ValidationError {
    /// The class of error, such as `InputError`.
    name: String,
    /// What is wrong.
    message: String,
    /// A stable code for programs.
    code: String,
    /// The place inside the entity, such as `metadata.name`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    path: Option<String>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    hint: Option<String>,
}

impl From<Problem> for ValidationError {
    fn from(problem: Problem) -> Self {
        let place = problem.path.as_deref();
        let place = place.map(|path| format!("{path}: ")).unwrap_or_default();
        Self {
            message: format!("{place}{}", problem.message),
            code: problem.code,
            path: problem.path,
            hint: problem.hint,
            ..Self::default()
        }
        .shortened()
    }
}

impl From<&Error> for ValidationError {
    fn from(error: &Error) -> Self {
        Self {
            message: error.message().to_owned(),
            code: error.code().to_owned(),
            hint: error.hint_text().map(str::to_owned),
            ..Self::default()
        }
        .shortened()
    }
}

impl Default for ValidationError {
    fn default() -> Self {
        Self {
            name: "InputError".to_owned(),
            message: String::new(),
            code: String::new(),
            path: None,
            hint: None,
        }
    }
}

impl ValidationError {
    /// The same, where it quotes too much of the entity.
    fn shortened(self) -> Self {
        let short = |text: String| shortened(&text, LONGEST).into_owned();
        Self {
            message: short(self.message),
            path: self.path.map(short),
            hint: self.hint.map(short),
            ..self
        }
    }
}

/// Validate an entity
///
/// Completes and checks an entity as if it had been read from `location`, which has to be an address. Nothing is
/// read and nothing is stored: the places that a Location names are not looked at. A good entity is answered with
/// an empty body.
#[utoipa::path(
    post,
    path = "/api/catalog/validate-entity",
    tag = "catalog",
    request_body = ToValidate,
    responses(
        (status = 200, description = "It is good."),
        (status = 400, description = "What is wrong with it, or with the body.", body = ValidationErrors),
        (status = 403, description = "The caller may not have entities checked.", body = ErrorBody),
    )
)]
pub(super) async fn validate_entity(
    State(catalog): State<Catalog>,
    caller: Caller,
    Json(body): Json<Value>,
) -> Result<Response> {
    let audit = Audit::new(&caller, "entity-validate", "validate", "");
    audit.end(validate(&catalog, &caller, body).await)
}

async fn validate(catalog: &Catalog, caller: &Caller, body: Value) -> Result<Response> {
    let (entity, location) = match read(body) {
        Ok(read) => read,
        Err(error) => return Ok(refused(vec![(&error).into()])),
    };
    caller.may::<ValidateEntity>()?;
    let problems = check(catalog.clone(), entity, location).await?;
    if problems.is_empty() {
        return Ok(StatusCode::OK.into_response());
    }
    let more = problems.len().saturating_sub(MOST);
    let told = problems.into_iter().take(MOST).map(ValidationError::from);
    let more = (more > 0).then(|| ValidationError {
        message: format!("{more} more problems are not listed"),
        code: "more-problems".to_owned(),
        hint: Some("correct those above first".to_owned()),
        ..ValidationError::default()
    });
    Ok(refused(told.chain(more).collect()))
}

/// Checks on a thread of its own, because an entity of megabytes takes a while, for which nobody has to wait.
async fn check(
    catalog: Catalog,
    entity: Entity,
    location: LocationRef,
) -> Result<Vec<Problem>, Error> {
    let runtime = Handle::current();
    let checking = tokio::task::spawn_blocking(move || {
        runtime.block_on(catalog.inner().engine.check(entity, &location))
    });
    checking.await.map_err(|error| {
        Error::internal("checking-an-entity", "checking an entity").source(error)
    })?
}

fn read(body: Value) -> Result<(Entity, LocationRef), Error> {
    let body = to_validate(body)?;
    let location: LocationRef =
        body.location
            .parse()
            .map_err(|error: callboard_model::InvalidLocationRef| {
                Error::invalid("invalid-location", error.to_string())
            })?;
    if location.kind != "url" {
        let message = format!(
            "Invalid location ref {location}, only 'url:<target>' is supported, e.g. url:https://host/path"
        );
        return Err(Error::invalid("invalid-location", message));
    }
    Ok((Entity::new(body.entity), location))
}

fn to_validate(body: Value) -> Result<ToValidate, Error> {
    serde_json::from_value(body)
        .map_err(|error| Error::invalid("invalid-json", format!("the body is wrong: {error}")))
}

fn refused(errors: Vec<ValidationError>) -> Response {
    (StatusCode::BAD_REQUEST, Json(ValidationErrors { errors })).into_response()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::stage::Stage;

    fn cart() -> Value {
        json!({
            "apiVersion": "backstage.io/v1alpha1", "kind": "Component", "metadata": { "name": "cart" },
            "spec": { "type": "service", "lifecycle": "production", "owner": "one" },
        })
    }

    /// The messages of a refusal.
    async fn messages(stage: &Stage, body: &Value) -> Vec<String> {
        let answer = stage.post("/validate-entity", body).await;
        let json = answer
            .strip_prefix("400 Bad Request\n")
            .unwrap_or_else(|| panic!("{answer}"));
        let json: Value = serde_json::from_str(json).unwrap();
        let errors = json["errors"].as_array().unwrap();
        assert!(
            errors.iter().all(|error| error["name"] == "InputError"),
            "{json}"
        );
        errors
            .iter()
            .map(|error| error["message"].as_str().unwrap().to_owned())
            .collect()
    }

    #[tokio::test]
    async fn a_good_entity_is_answered_with_nothing_and_not_stored() {
        let stage = Stage::configured(json!({}), &[]).await;
        let body = json!({ "entity": cart(), "location": "url:https://host/a.yaml" });

        assert_eq!(stage.post("/validate-entity", &body).await, "200 OK\n");
        stage.settle().await;
        assert!(stage.entity("component:default/cart").await.is_null());
    }

    #[tokio::test]
    async fn everything_that_is_wrong_is_told() {
        let stage = Stage::configured(json!({}), &[]).await;
        let mut entity = cart();
        entity["spec"]["owner"] = json!("");
        entity["spec"]["lifecycle"] = json!(7);

        let found = messages(
            &stage,
            &json!({ "entity": entity, "location": "url:https://host/a.yaml" }),
        )
        .await;
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(
            found
                .iter()
                .any(|message| message.starts_with("spec.owner: ")),
            "{found:?}"
        );
        assert!(
            found
                .iter()
                .any(|message| message.starts_with("spec.lifecycle: ")),
            "{found:?}"
        );
    }

    #[tokio::test]
    async fn bodies_that_make_no_sense_are_told_in_the_same_shape() {
        let stage = Stage::configured(json!({}), &[]).await;
        let location = "url:https://host/a.yaml";

        for (body, message) in [
            (
                json!({ "entity": cart(), "location": "file:/etc/passwd" }),
                "only 'url:<target>' is supported",
            ),
            (
                json!({ "entity": cart(), "location": "https://host/a.yaml" }),
                "url:https://host/a.yaml",
            ),
            (
                json!({ "entity": [], "location": location }),
                "the body is wrong",
            ),
            (json!({ "entity": cart() }), "missing field `location`"),
            (json!({ "entity": {}, "location": location }), "kind"),
            (
                json!({ "entity": { "kind": "Component", "metadata": { "name": "a\u{0}b" } }, "location": location }),
                "metadata.name",
            ),
            (
                json!({ "entity": { "apiVersion": "a/v1", "kind": "Nothing", "metadata": { "name": "a" } }, "location": location }),
                "no processor knows the kind",
            ),
        ] {
            let found = messages(&stage, &body).await;
            assert!(
                found.iter().any(|found| found.contains(message)),
                "{body}: {found:?}"
            );
        }
    }
}
