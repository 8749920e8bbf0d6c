//! Looks at an address for entities to register.

use axum::extract::State;
use callboard_auth::Caller;
use callboard_http::{ErrorBody, Json, Result};
use callboard_model::{Error, LocationRef};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::location::LocationInput;
use super::schemas;
use crate::Catalog;
use crate::audit::Audit;
use crate::engine::Analysis;
use crate::permissions::AnalyzeLocation as MayAnalyze;

/// What to look at.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct AnalyzeLocation {
    /// A repository, a folder in one, or an entity file.
    location: LocationInput,
    /// What entity files are called; `catalog-info.yaml` when left out.
    #[serde(default, alias = "catalogFileName")]
    #[schema(required = false)]
    catalog_filename: Option<String>,
}

/// What is there.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LocationAnalysis {
    /// Entities that are written there already.
    existing_entity_files: Vec<ExistingEntityFile>,
    /// Entities that could be written there; none when some are.
    generate_entities: Vec<GeneratedEntity>,
}

/// An entity that is written there.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ExistingEntityFile {
    /// What to register to have it in the catalog.
    location: LocationPlace,
    /// Whether that is registered.
    is_registered: bool,
    /// The entity.
    #[schema(value_type = schemas::Entity)]
    entity: Value,
}

/// A place to register.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LocationPlace {
    /// Its type, such as `url`.
    r#type: String,
    /// Where it is.
    target: String,
}

/// An entity that could be written there.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct GeneratedEntity {
    /// The entity, perhaps without everything that it needs.
    #[schema(value_type = std::collections::HashMap<String, Value>)]
    entity: Value,
    /// What is to be asked about it.
    fields: Vec<GeneratedField>,
}

/// A field of an entity that somebody has to look at.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct GeneratedField {
    /// Which one, such as `spec.owner`.
    field: String,
    /// `analysisSuggestedValue`, `analysisSuggestedNoValue` or `needsUserInput`.
    state: &'static str,
    /// What to suggest.
    value: Option<String>,
    /// What to tell.
    description: String,
}

/// Analyze a location
///
/// Looks at a repository or a file for entities, reads and checks them as a dry run does, and tells whether they are
/// registered. Where there are none, it answers with a component to begin with.
#[utoipa::path(
    post,
    path = "/api/catalog/analyze-location",
    tag = "catalog",
    request_body = AnalyzeLocation,
    responses(
        (status = 200, description = "What is there.", body = LocationAnalysis),
        (status = 400, description = "The body is wrong, or what is there.", body = ErrorBody),
        (status = 403, description = "The caller may not have locations looked at.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn analyze_location(
    State(catalog): State<Catalog>,
    caller: Caller,
    Json(asked): Json<AnalyzeLocation>,
) -> Result<Json<LocationAnalysis>> {
    let object = asked.location.target.clone();
    let audit = Audit::new(&caller, "location-analyze", "analyze", object);
    let answer = async {
        caller.may::<MayAnalyze>()?;
        let target = asked.location.accepted(&catalog)?.location;
        let filename = filename(asked.catalog_filename)?;
        is_address(&target)?;
        let analysis = catalog.inner().engine.analyze(&target, &filename).await?;
        Ok(Json(analysis.into()))
    };
    audit.end(answer.await)
}

fn is_address(target: &LocationRef) -> Result<(), Error> {
    let rest = ["http://", "https://"]
        .iter()
        .find_map(|scheme| target.target.strip_prefix(scheme));
    if target.kind != "url" || rest.is_some_and(|rest| !rest.starts_with('/') && !rest.is_empty()) {
        return Ok(());
    }
    Err(Error::invalid(
        "location-target",
        "The given location.target is not a URL",
    ))
}

fn filename(asked: Option<String>) -> Result<String, Error> {
    let name = asked.unwrap_or_else(|| "catalog-info.yaml".to_owned());
    let fits = |c: char| !c.is_control() && !"?#\\".contains(c);
    if name.is_empty() || name.len() > 255 || name.contains("..") || !name.chars().all(fits) {
        return Err(Error::invalid(
            "catalog-filename",
            "`catalogFilename` is no name of a file",
        ));
    }
    Ok(name)
}

impl From<Analysis> for LocationAnalysis {
    fn from(analysis: Analysis) -> Self {
        let existing = analysis
            .existing
            .into_iter()
            .map(|existing| ExistingEntityFile {
                location: LocationPlace {
                    r#type: existing.file.kind,
                    target: existing.file.target,
                },
                is_registered: existing.registered,
                entity: existing.entity,
            });
        let suggested = analysis
            .suggested
            .into_iter()
            .map(|entity| GeneratedEntity {
                entity,
                fields: vec![GeneratedField {
                    field: "spec.owner".to_owned(),
                    state: "needsUserInput",
                    value: None,
                    description:
                        "Who owns it: a group or a user, such as `group:default/payments`."
                            .to_owned(),
                }],
            });
        Self {
            existing_entity_files: existing.collect(),
            generate_entities: suggested.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::stage::{Stage, component, good};

    const FILE: &str = "https://host/shop/cart/catalog-info.yaml";

    fn asked(target: &str) -> Value {
        json!({ "location": { "type": "url", "target": target } })
    }

    #[tokio::test]
    async fn entities_that_are_written_there_are_told_and_whether_they_are_registered() {
        let stage = Stage::configured(json!({}), &[(FILE, &component("cart", "one"))]).await;

        for registered in [false, true] {
            for target in ["https://host/shop/cart", FILE] {
                let found = good(&stage.post("/analyze-location", &asked(target)).await);
                let existing = found["existingEntityFiles"].as_array().unwrap();
                assert_eq!(existing.len(), 1, "{found}");
                assert_eq!(
                    existing[0]["location"],
                    json!({ "type": "url", "target": FILE })
                );
                assert_eq!(existing[0]["isRegistered"], registered);
                assert_eq!(existing[0]["entity"]["metadata"]["name"], "cart");
                assert_eq!(found["generateEntities"], json!([]));
            }
            if !registered {
                good(
                    &stage
                        .post("/locations", &json!({ "type": "url", "target": FILE }))
                        .await,
                );
            }
        }
    }

    #[tokio::test]
    async fn where_none_is_written_one_is_suggested() {
        let stage = Stage::configured(json!({}), &[]).await;

        let found = good(
            &stage
                .post("/analyze-location", &asked("https://host/shop/cart.git"))
                .await,
        );

        assert_eq!(found["existingEntityFiles"], json!([]));
        let suggested = &found["generateEntities"][0];
        assert_eq!(suggested["entity"]["metadata"], json!({ "name": "cart" }));
        assert_eq!(
            suggested["entity"]["spec"],
            json!({ "type": "other", "lifecycle": "unknown" })
        );
        assert_eq!(suggested["fields"][0]["field"], "spec.owner");
    }

    #[tokio::test]
    async fn a_file_that_was_only_guessed_and_cannot_be_reached_is_not_there() {
        let stage = Stage::configured(json!({}), &[]).await;

        let guessed = good(
            &stage
                .post("/analyze-location", &asked("https://away/shop/cart"))
                .await,
        );
        assert_eq!(
            guessed["generateEntities"][0]["entity"]["metadata"]["name"],
            "cart"
        );
        assert_eq!(
            stage
                .post("/analyze-location", &asked("https://away/cart.yaml"))
                .await,
            "400 Bad Request\nInputError: `https://away/cart.yaml` cannot be read: `away` does not answer\nhint: wait for it"
        );
    }

    #[tokio::test]
    async fn another_name_of_the_file_is_looked_for() {
        let file = "https://host/shop/cart/backstage.yaml";
        let stage = Stage::configured(json!({}), &[(file, &component("cart", "one"))]).await;
        let mut body = asked("https://host/shop/cart");
        body["catalogFilename"] = json!("backstage.yaml");

        let found = good(&stage.post("/analyze-location", &body).await);
        assert_eq!(found["existingEntityFiles"][0]["location"]["target"], file);
    }

    #[tokio::test]
    async fn what_makes_no_sense_is_refused() {
        let stage = Stage::configured(json!({}), &[(FILE, "a: [\n")]).await;
        let mut climbing = asked("https://host/a");
        climbing["catalogFilename"] = json!("../x.yaml");

        for (body, message) in [
            (asked("shop/cart"), "The given location.target is not a URL"),
            (asked("https://host/shop/cart"), FILE),
            (
                asked("https://host/none.yaml"),
                "`https://host/none.yaml` does not exist",
            ),
            (climbing, "`catalogFilename` is no name of a file"),
            (
                json!({ "location": { "type": "file", "target": "/etc" } }),
                "allowed type",
            ),
            (
                json!({ "location": "a" }),
                "the body at `location` is wrong",
            ),
            (json!({}), "missing field `location`"),
        ] {
            let answer = stage.post("/analyze-location", &body).await;
            assert!(
                answer.starts_with("400 Bad Request\nInputError: "),
                "{answer}"
            );
            assert!(answer.contains(message), "{answer}");
        }
    }
}
