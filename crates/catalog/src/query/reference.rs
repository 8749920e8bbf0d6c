//! What the answers have to be, worked out on JSON values without any index: slow and obvious.
//!
//! Property tests and fuzz targets compare the index with it; nothing that is served uses it.

#[cfg(test)]
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::index::number_text;

/// A catalog by entity reference.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reference {
    pub(crate) entities: BTreeMap<String, Value>,
}

/// A list to be answered.
#[derive(Clone, Debug, Default)]
pub(crate) struct Question<'a> {
    pub(crate) filters: Vec<String>,
    pub(crate) order: Option<(&'a str, bool)>,
    pub(crate) text: Option<(&'a str, Option<Vec<&'a str>>)>,
}

/// Key in lower case, value in lower case and as written.
pub(crate) type Row = (String, Option<(String, String)>);

impl Reference {
    /// The references of the whole list in order.
    pub(crate) fn list(&self, question: &Question<'_>) -> Vec<String> {
        let mut found: Vec<(Option<String>, &String)> = self
            .entities
            .iter()
            .filter(|(_, entity)| passes(entity, &question.filters) && contains(entity, question))
            .map(|(entity_ref, entity)| {
                (
                    question.order.and_then(|(key, _)| smallest(entity, key)),
                    entity_ref,
                )
            })
            .filter(|(value, _)| question.order.is_none() || value.is_some())
            .collect();
        found.sort();
        if question.order.is_some_and(|(_, descending)| descending) {
            found.reverse();
        }
        found
            .into_iter()
            .map(|(_, entity_ref)| entity_ref.clone())
            .collect()
    }

    /// The references of the plain list: several orders, whoever lacks a field last.
    #[cfg(test)]
    pub(crate) fn plain(&self, filters: &[String], orders: &[(&str, bool)]) -> Vec<String> {
        let mut found: Vec<(&String, &Value)> = self
            .entities
            .iter()
            .filter(|(_, entity)| passes(entity, filters))
            .collect();
        found.sort_by(|left, right| {
            let by_field = orders.iter().map(|(key, descending)| {
                match (smallest(left.1, key), smallest(right.1, key)) {
                    (Some(left), Some(right)) if *descending => right.cmp(&left),
                    (Some(left), Some(right)) => left.cmp(&right),
                    (left, right) => left.is_none().cmp(&right.is_none()),
                }
            });
            by_field
                .fold(Ordering::Equal, Ordering::then)
                .then(left.0.cmp(right.0))
        });
        found
            .into_iter()
            .map(|(entity_ref, _)| entity_ref.clone())
            .collect()
    }

    /// The counts of one facet.
    #[cfg(test)]
    pub(crate) fn facet(&self, filters: &[String], facet: &str) -> Vec<(String, u64)> {
        let mut counts = BTreeMap::new();
        for entity in self
            .entities
            .values()
            .filter(|entity| passes(entity, filters))
        {
            for (_, value) in rows(entity)
                .into_iter()
                .filter(|(key, _)| *key == facet.to_lowercase())
            {
                if let Some((_, original)) = value {
                    *counts.entry(original).or_insert(0) += 1;
                }
            }
        }
        counts.into_iter().collect()
    }
}

/// Whether an entity with these rows matches a predicate, word for word.
pub(crate) fn matches(rows: &[Row], predicate: &Value) -> bool {
    let mut conditions = predicate.as_object().into_iter().flatten();
    conditions.all(|(key, value)| match key.as_str() {
        "$all" => each(value).all(|one| matches(rows, one)),
        "$any" => each(value).any(|one| matches(rows, one)),
        "$not" => !matches(rows, value),
        key => match value["$contains"].as_object() {
            Some(relation) if key.to_lowercase() == "relations" => related(rows, relation),
            _ => has(rows, key, value),
        },
    })
}

fn each(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

fn related(rows: &[Row], relation: &Map<String, Value>) -> bool {
    let of = |name: &str| {
        let mut parts = relation.iter();
        parts.find_map(|(key, value)| (key.to_lowercase() == name).then_some(value))
    };
    let kind = of("type").and_then(Value::as_str).unwrap_or_default();
    let exists = Value::from_iter([("$exists", true)]);
    has(
        rows,
        &format!("relations.{kind}"),
        of("targetref").unwrap_or(&exists),
    )
}

fn has(rows: &[Row], key: &str, condition: &Value) -> bool {
    let values: Vec<Option<&str>> = rows
        .iter()
        .filter(|(row, _)| *row == key.to_lowercase())
        .map(|(_, value)| value.as_ref().map(|(lower, _)| lower.as_str()))
        .collect();
    let equal = |wanted: &Value| values.contains(&Some(as_text(wanted).as_str()));
    let mut operators = condition.as_object().into_iter().flatten();
    match operators.next() {
        None => equal(condition),
        Some((operator, value)) => match operator.as_str() {
            "$exists" => (*value == Value::Bool(true)) != values.is_empty(),
            "$in" => value.as_array().into_iter().flatten().any(equal),
            "$contains" => equal(value),
            "$hasPrefix" => {
                let prefix = value.as_str().unwrap_or_default().to_lowercase();
                let mut values = values.iter().flatten();
                values.any(|value| value.starts_with(&prefix))
            }
            other => panic!("{other}"),
        },
    }
}

fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.to_lowercase(),
        Value::Number(number) => number_text(number),
        value => value.to_string(),
    }
}

/// Any parameter: all keys: any value.
fn passes(entity: &Value, filters: &[String]) -> bool {
    let rows = rows(entity);
    let parameters = filters
        .iter()
        .map(|filter| statements(filter))
        .filter(|keys| !keys.is_empty());
    let mut results = parameters.map(|keys| {
        keys.iter().all(|(key, values)| {
            let mut of_key = rows.iter().filter(|(row, _)| *row == key.to_lowercase());
            of_key.any(|(_, found)| {
                values.is_empty()
                    || found.as_ref().is_some_and(|(lower, _)| {
                        values.iter().any(|value| value.to_lowercase() == *lower)
                    })
            })
        })
    });
    let first = results.next();
    first.is_none_or(|first| first || results.any(|result| result))
}

fn statements(filter: &str) -> BTreeMap<&str, Vec<&str>> {
    let mut keys: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for statement in filter
        .split(',')
        .map(str::trim)
        .filter(|statement| !statement.is_empty())
    {
        match statement.split_once('=') {
            None => keys.entry(statement).or_default(),
            Some((key, value)) => {
                let values = keys.entry(key.trim()).or_default();
                values.push(value.trim());
                values
            }
        };
    }
    keys
}

fn contains(entity: &Value, question: &Question<'_>) -> bool {
    let Some((term, fields)) = &question.text else {
        return true;
    };
    let term = term.trim().to_lowercase();
    let default = vec![question.order.map_or("metadata.uid", |(key, _)| key)];
    let fields: BTreeSet<String> = fields
        .as_ref()
        .unwrap_or(&default)
        .iter()
        .map(|field| field.to_lowercase())
        .collect();
    let mut found = rows(entity)
        .into_iter()
        .filter(|(key, _)| fields.contains(key));
    term.is_empty() || found.any(|(_, value)| value.is_some_and(|(lower, _)| lower.contains(&term)))
}

fn smallest(entity: &Value, key: &str) -> Option<String> {
    let of_key = rows(entity)
        .into_iter()
        .filter(|(row, _)| *row == key.to_lowercase());
    of_key.filter_map(|(_, value)| Some(value?.0)).min()
}

/// Parts of an entity that have no rows of their own.
const NOT_SEARCHED: [&str; 4] = ["attachments", "metadata.etag", "relations", "status"];

/// Everything that an entity can be found by.
pub(crate) fn rows(entity: &Value) -> Vec<Row> {
    let mut found: Vec<(String, Value)> = Vec::new();
    visit("", entity, &mut found);
    if entity["metadata"]["namespace"]
        .as_str()
        .unwrap_or_default()
        .is_empty()
    {
        found.push(("metadata.namespace".into(), "default".into()));
    }
    for relation in entity["relations"].as_array().into_iter().flatten() {
        found.push((
            format!(
                "relations.{}",
                relation["type"].as_str().unwrap_or_default()
            ),
            relation["targetRef"].clone(),
        ));
    }
    let mut rows: Vec<Row> = Vec::new();
    for (key, value) in found {
        let original = match value {
            Value::Null => None,
            Value::String(text) => Some(text),
            Value::Number(number) => Some(number_text(&number)),
            other => Some(other.to_string()),
        };
        let value = original.map(|original| (original.to_lowercase(), original));
        let fits = |text: &str| text.encode_utf16().count() <= 200;
        let row = (key.to_lowercase(), value.filter(|(lower, _)| fits(lower)));
        if !fits(&row.0) {
            continue;
        }
        let same = |earlier: &Row| {
            earlier.0 == row.0
                && earlier.1.as_ref().map(|(lower, _)| lower)
                    == row.1.as_ref().map(|(lower, _)| lower)
        };
        if !rows.iter().any(same) {
            rows.push(row);
        }
    }
    rows
}

fn visit(path: &str, value: &Value, found: &mut Vec<(String, Value)>) {
    match value {
        _ if NOT_SEARCHED.contains(&path.to_lowercase().as_str()) => {}
        Value::Object(object) => {
            for (key, value) in object {
                let path = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                visit(&path, value, found);
            }
        }
        Value::Array(items) => {
            for item in items {
                visit(path, item, found);
                if let Value::String(text) = item {
                    found.push((format!("{path}.{text}"), true.into()));
                }
            }
        }
        scalar => found.push((path.to_owned(), scalar.clone())),
    }
}

/// What `fields` keeps of an entity: the way down by the shortest keys that exist.
pub(crate) fn kept(entity: &Value, fields: &[&str]) -> Value {
    let mut output = Value::Object(Map::new());
    for field in fields {
        let mut parts: Vec<String> = field.split('.').map(str::to_owned).collect();
        let (mut path, mut value, mut complete) = (Vec::new(), entity, false);
        for place in 0..parts.len() {
            let part = parts[place].clone();
            let child = match value {
                Value::Object(object) => object.get(&part),
                Value::Array(list) => {
                    let place = part
                        .parse()
                        .ok()
                        .filter(|place: &usize| place.to_string() == part);
                    place.and_then(|place| list.get(place))
                }
                _ => None,
            };
            complete = child.is_some();
            if let Some(child) = child {
                path.push((part, value.is_array()));
                value = child;
            } else if let Some(next) = parts.get_mut(place + 1) {
                *next = format!("{part}.{next}");
            }
        }
        if complete {
            set(&mut output, &path, value);
        }
    }
    output
}

fn set(output: &mut Value, path: &[(String, bool)], value: &Value) {
    let Some(((part, in_list), rest)) = path.split_first() else {
        *output = value.clone();
        return;
    };
    if *in_list {
        let place: usize = part.parse().unwrap_or_default();
        let mut list = output.as_array().cloned().unwrap_or_default();
        list.resize(list.len().max(place + 1), Value::Null);
        set(&mut list[place], rest, value);
        *output = Value::Array(list);
    } else {
        let mut object = output.as_object().cloned().unwrap_or_default();
        set(
            object.entry(part.clone()).or_insert(Value::Null),
            rest,
            value,
        );
        *output = Value::Object(object);
    }
}
