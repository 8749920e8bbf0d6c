//! Which registered locations somebody asks for: the predicate language over `id`, `type`, `target` and
//! `entityRef`.

use callboard_model::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::opaque;
use super::predicate::{Predicate, primitive};

const FIELDS: [&str; 4] = ["id", "type", "target", "entityref"];

/// What can be asked about a registered location.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LocationFields<'a> {
    pub(crate) id: &'a str,
    pub(crate) location_type: &'a str,
    pub(crate) target: &'a str,
    pub(crate) entity_ref: &'a str,
}

/// A page of registered locations, as it is asked for and as a cursor carries it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct LocationQuestion {
    /// The most to answer.
    pub(crate) limit: usize,
    /// Only those whose id comes after this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) after_id: Option<String>,
    /// What they have to match.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    query: Option<Value>,
}

impl LocationQuestion {
    /// The first page of what matches `query`.
    pub(crate) fn new(limit: usize, query: Option<Value>) -> Result<Self> {
        Self {
            limit,
            after_id: None,
            query,
        }
        .checked()
    }

    /// The page that a cursor leads to.
    pub(crate) fn from_cursor(cursor: &str) -> Result<Self> {
        opaque::parse::<Self>(cursor)?.checked()
    }

    /// A cursor to the page after the location with the id `last`.
    pub(crate) fn cursor_after(&self, last: &str) -> Result<String> {
        opaque::print(&Self {
            after_id: Some(last.to_owned()),
            ..self.clone()
        })
    }

    /// Whether everything matches.
    pub(crate) fn is_everything(&self) -> bool {
        self.query.is_none()
    }

    /// Whether `location` is asked for.
    pub(crate) fn matches(&self, location: LocationFields<'_>) -> bool {
        self.query
            .as_ref()
            .is_none_or(|query| holds(query, location))
    }

    fn checked(self) -> Result<Self> {
        if self.limit < 1 {
            return Err(Error::invalid(
                "invalid-limit",
                "Limit must be a positive integer >= 1",
            ));
        }
        if let Some(id) = &self.after_id
            && id.chars().any(char::is_control)
        {
            return Err(opaque::malformed("it leads to no location"));
        }
        if let Some(query) = &self.query {
            Predicate::parse(query.clone())?;
            known_fields(query)?;
        }
        Ok(self)
    }
}

/// Refuses fields that locations do not have. The predicate was read before, so its shape is right.
fn known_fields(query: &Value) -> Result<()> {
    for (key, value) in query.as_object().into_iter().flatten() {
        match key.as_str() {
            "$all" | "$any" => value
                .as_array()
                .into_iter()
                .flatten()
                .try_for_each(known_fields)?,
            "$not" => known_fields(value)?,
            field if FIELDS.contains(&field.to_lowercase().as_str()) => {}
            field => {
                let shown: String = field.chars().take(100).collect();
                let message = format!(
                    "Invalid filter predicate, expected key to be 'id', 'type', 'target', or 'entityRef', got '{shown}'"
                );
                return Err(Error::invalid("invalid-query", message));
            }
        }
    }
    Ok(())
}

/// As in Backstage's store of locations, an empty `$all` matches nothing.
fn holds(query: &Value, location: LocationFields<'_>) -> bool {
    let Some(object) = query.as_object() else {
        return false;
    };
    let each = |operator| object.get(operator).and_then(Value::as_array);
    if let Some(all) = each("$all") {
        return !all.is_empty() && all.iter().all(|one| holds(one, location));
    }
    if let Some(any) = each("$any") {
        return any.iter().any(|one| holds(one, location));
    }
    if let Some(not) = object.get("$not") {
        return !holds(not, location);
    }
    object.iter().all(|(key, condition)| {
        let value = match key.to_lowercase().as_str() {
            "id" => location.id,
            "type" => location.location_type,
            "target" => location.target,
            _ => location.entity_ref,
        };
        fits(&value.to_lowercase(), condition)
    })
}

/// Whether a field, in lower case, has the value or what the operator says.
fn fits(field: &str, condition: &Value) -> bool {
    match condition {
        Value::Object(object) => {
            if let Some(exists) = object.get("$exists") {
                return *exists == Value::Bool(true);
            }
            if let Some(Value::Array(values)) = object.get("$in") {
                return values.iter().any(|value| fits(field, value));
            }
            if let Some(Value::String(prefix)) = object.get("$hasPrefix") {
                return field.starts_with(&prefix.to_lowercase());
            }
            // `$contains` is about lists, and no field is one.
            false
        }
        value => primitive(value).is_some_and(|text| text == field),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn matches(query: Value) -> bool {
        let location = LocationFields {
            id: "1b",
            location_type: "url",
            target: "https://Host/a.yaml",
            entity_ref: "location:default/generated-1",
        };
        LocationQuestion::new(1, Some(query))
            .unwrap()
            .matches(location)
    }

    #[test]
    fn predicates_are_about_the_four_fields() {
        for (query, expected) in [
            (json!({}), true),
            (json!({ "type": "URL" }), true),
            (
                json!({ "type": "url", "target": "https://host/b.yaml" }),
                false,
            ),
            (json!({ "target": { "$hasPrefix": "https://host/" } }), true),
            (
                json!({ "entityRef": { "$in": ["a", "location:default/generated-1"] } }),
                true,
            ),
            (json!({ "id": { "$exists": false } }), false),
            (json!({ "id": { "$contains": "1b" } }), false),
            (json!({ "$not": { "id": "1B" } }), false),
            (json!({ "$any": [{ "id": "x" }, { "type": "url" }] }), true),
            (json!({ "$any": [] }), false),
            (json!({ "$all": [] }), false),
            (json!({ "$all": [{ "type": "url" }, { "id": 1 }] }), false),
        ] {
            assert_eq!(matches(query.clone()), expected, "{query}");
        }
    }

    #[test]
    fn a_wrong_question_is_refused() {
        for (query, message) in [
            (json!({ "kind": "a" }), "got 'kind'"),
            (
                json!({ "$all": [{ "$not": { "name": "a" } }] }),
                "got 'name'",
            ),
            (json!([]), "expected an object"),
            (json!({ "id": null }), "expected a value"),
        ] {
            let error = LocationQuestion::new(1, Some(query)).unwrap_err();
            assert!(error.message().contains(message), "{error}");
        }
        assert!(LocationQuestion::new(0, None).is_err());
    }
}
