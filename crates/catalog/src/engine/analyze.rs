//! What somebody could register at an address: the entity files that are there, or an entity to write down.

use callboard_model::{LocationRef, Result};
use serde_json::{Map, Value, json};

use super::rehearse::UNREACHABLE;
use super::{Engine, NewLocation};
use crate::analyzer::{Repository, by_address, is_entity_file};

/// What is at an address.
#[derive(Debug, Default)]
pub(crate) struct Analysis {
    /// Entities that are written there.
    pub(crate) existing: Vec<ExistingEntity>,
    /// An entity that could be; when none is.
    pub(crate) suggested: Option<Value>,
}

/// An entity that is written at an address.
#[derive(Debug)]
pub(crate) struct ExistingEntity {
    /// The file that registering would name.
    pub(crate) file: LocationRef,
    /// Whether that is registered.
    pub(crate) registered: bool,
    pub(crate) entity: Value,
}

impl Engine {
    /// Looks at an address.
    pub(crate) async fn analyze(
        &self,
        target: &LocationRef,
        catalog_filename: &str,
    ) -> Result<Analysis> {
        let analyzers = &self.ports()?.analyzers;
        let repository = match analyzers.iter().find(|one| one.knows(&target.target)) {
            Some(analyzer) => analyzer.analyze(&target.target, catalog_filename).await?,
            None => by_address(&target.target, catalog_filename),
        };
        let mut existing = Vec::new();
        for file in &repository.catalog_files {
            let file = LocationRef::new(&target.kind, file);
            existing.extend(self.written_in(file, target).await?);
        }
        let suggested = existing.is_empty().then(|| suggestion(&repository));
        Ok(Analysis {
            existing,
            suggested,
        })
    }

    /// The entities in `file`; none when it is not there. A file that was only guessed and cannot be reached is
    /// not there either.
    async fn written_in(
        &self,
        file: LocationRef,
        asked: &LocationRef,
    ) -> Result<Vec<ExistingEntity>> {
        let presence = if is_entity_file(&asked.target) {
            "required"
        } else {
            "optional"
        };
        let new = NewLocation {
            location: file.clone(),
            presence: presence.to_owned(),
        };
        let entities = match self.rehearse(&new).await {
            Ok(entities) => entities,
            Err(error) if presence == "optional" && error.code() == UNREACHABLE => {
                return Ok(Vec::new());
            }
            Err(error) => return Err(error),
        };
        let registered = self.location_at(&file).await?.is_some();
        // The first one is the Location that registering would make.
        let written = entities.into_iter().skip(1);
        Ok(written
            .map(|entity| ExistingEntity {
                file: file.clone(),
                registered,
                entity,
            })
            .collect())
    }
}

/// An entity for a repository that has none, as Backstage suggests it.
fn suggestion(repository: &Repository) -> Value {
    let mut metadata = Map::new();
    metadata.insert("name".to_owned(), json!(name(&repository.name)));
    if !repository.annotations.is_empty() {
        let annotations = repository.annotations.iter().cloned();
        let annotations: Map<String, Value> = annotations
            .map(|(key, value)| (key, json!(value)))
            .collect();
        metadata.insert("annotations".to_owned(), Value::Object(annotations));
    }
    json!({
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Component",
        "metadata": metadata,
        "spec": { "type": "other", "lifecycle": "unknown" },
    })
}

/// The nearest name that an entity may have.
fn name(text: &str) -> String {
    let fit = |c: char| {
        if c.is_ascii_alphanumeric() || "-_.".contains(c) {
            c
        } else {
            '-'
        }
    };
    let name: String = text.chars().take(63).map(fit).collect();
    let name = name.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    if name.is_empty() { "component" } else { name }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suggested_name_is_one_that_entities_may_have() {
        for (text, expected) in [
            ("cart", "cart"),
            ("Big Cart (old)", "Big-Cart--old"),
            ("..", "component"),
            ("wägen", "w-gen"),
        ] {
            assert_eq!(name(text), expected);
        }
        assert_eq!(name(&"x".repeat(100)).len(), 63);
    }
}
