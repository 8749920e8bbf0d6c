//! `$openapi` and `$asyncapi`: a document together with every file that its `$ref`s name, as one text.
//!
//! What a `$ref` names is put in its place where it is met first; later ones point there. A reference inside of
//! one document stays as it is when that is the document at the top.

use std::collections::HashMap;
use std::sync::Arc;

use callboard_model::{LocationRef, Problem};
use serde_json::{Map, Value};

use super::data::one_document;
use super::{pointer, yaml_text};
use crate::placeholder::{Documents, PlaceholderResolver, Unresolved};

/// How deep the values of a bundle may be nested, each reference that is replaced counted as a level.
const DEEPEST: usize = 200;
/// How many references may lead to references.
const LONGEST_CHAIN: usize = 50;
/// How many values a bundle may have.
const MOST_VALUES: usize = 500_000;
/// How many bytes its texts and names may have together, as often as they are in it.
const MOST_BYTES: usize = 32 * 1024 * 1024;
/// How many references may be replaced by what they name.
const MOST_REPLACED: usize = 10_000;

/// Bundles what is named under one key.
pub(crate) struct Bundle(pub(crate) &'static str);

impl PlaceholderResolver for Bundle {
    fn key(&self) -> &str {
        self.0
    }

    fn resolve(&self, target: &str, documents: &mut Documents<'_>) -> Result<Value, Unresolved> {
        let root = documents.locate(target, documents.base())?;
        let mut bundling = Bundling {
            documents,
            parsed: HashMap::new(),
            places: HashMap::new(),
            root: root.clone(),
            keeps_references: false,
            waiting: false,
            depth: 0,
            values: 0,
            bytes: 0,
            replaced: 0,
        };
        let value = bundling.document(&root)?;
        if !value.is_object() {
            let message = format!("`{target}` holds no object, so it cannot describe an API");
            return Err(Problem::new("placeholder-bundle", message).into());
        }
        bundling.keeps_references = is_async_api_3(&value);
        let bundled = bundling.copy(&value, &root, &mut Vec::new())?;
        if bundling.waiting {
            return Err(Unresolved::Waiting);
        }
        Ok(Value::from(yaml_text::print(&bundled)))
    }
}

struct Bundling<'a, 'd> {
    documents: &'a mut Documents<'d>,
    parsed: HashMap<LocationRef, Arc<Value>>,
    /// Where in the bundle a value of another document was put.
    places: HashMap<(LocationRef, Vec<String>), String>,
    root: LocationRef,
    /// In AsyncAPI 3, some references are links between parts that must stay links.
    keeps_references: bool,
    waiting: bool,
    /// How many values are being copied, each inside of the one before.
    depth: usize,
    values: usize,
    bytes: usize,
    replaced: usize,
}

impl Bundling<'_, '_> {
    fn document(&mut self, place: &LocationRef) -> Result<Arc<Value>, Unresolved> {
        if let Some(parsed) = self.parsed.get(place) {
            return Ok(Arc::clone(parsed));
        }
        let text = self.documents.text(place)?;
        let parsed = Arc::new(one_document(&place.target, &text)?);
        self.parsed.insert(place.clone(), Arc::clone(&parsed));
        Ok(parsed)
    }

    /// A copy of `value`, which is written in the document `from` and put at `at` in the bundle.
    fn copy(
        &mut self,
        value: &Value,
        from: &LocationRef,
        at: &mut Vec<String>,
    ) -> Result<Value, Unresolved> {
        self.values += 1;
        self.bytes += value.as_str().map_or(0, str::len) + at.last().map_or(0, String::len);
        let large = self.values > MOST_VALUES || self.bytes > MOST_BYTES;
        if self.depth > DEEPEST || large || self.replaced > MOST_REPLACED {
            let message = format!(
                "the bundle of `{}` is too large, or nested too deeply",
                self.root.target
            );
            return Err(Problem::new("placeholder-bundle-large", message).into());
        }
        if self.keeps_references && is_link(at) {
            return Ok(value.clone());
        }
        self.depth += 1;
        let copied = self.copy_inside(value, from, at);
        self.depth -= 1;
        copied
    }

    fn copy_inside(
        &mut self,
        value: &Value,
        from: &LocationRef,
        at: &mut Vec<String>,
    ) -> Result<Value, Unresolved> {
        match value {
            Value::Object(entries) => match entries.get("$ref").and_then(Value::as_str) {
                Some(reference) => self.follow(reference, entries, from, at),
                None => self.copy_entries(entries, from, at),
            },
            Value::Array(items) => {
                let mut copied = Vec::with_capacity(items.len());
                for (index, item) in items.iter().enumerate() {
                    copied.push(self.copy_child(index.to_string(), item, from, at)?);
                }
                Ok(Value::Array(copied))
            }
            other => Ok(other.clone()),
        }
    }

    fn copy_entries(
        &mut self,
        entries: &Map<String, Value>,
        from: &LocationRef,
        at: &mut Vec<String>,
    ) -> Result<Value, Unresolved> {
        let mut copied = Map::new();
        for (key, value) in entries {
            copied.insert(key.clone(), self.copy_child(key.clone(), value, from, at)?);
        }
        Ok(Value::Object(copied))
    }

    fn copy_child(
        &mut self,
        name: String,
        value: &Value,
        from: &LocationRef,
        at: &mut Vec<String>,
    ) -> Result<Value, Unresolved> {
        at.push(name);
        let copied = self.copy(value, from, at);
        at.pop();
        copied
    }

    /// What stands in the place of a reference.
    fn follow(
        &mut self,
        reference: &str,
        entries: &Map<String, Value>,
        from: &LocationRef,
        at: &mut Vec<String>,
    ) -> Result<Value, Unresolved> {
        if *from == self.root && reference.starts_with('#') {
            return Ok(Value::Object(entries.clone()));
        }
        let found = match self.find(reference, from, 0) {
            Err(Unresolved::Waiting) => {
                // The others are looked at too, so that all that is missing is fetched at once.
                self.waiting = true;
                return Ok(Value::Null);
            }
            found => found?,
        };
        if found.document == self.root {
            return Ok(pointing_to(&pointer::join(&found.names), entries));
        }
        if let Some(place) = self.place_of(&found) {
            return Ok(pointing_to(&place, entries));
        }
        self.replaced += 1;
        if entries.len() == 1 {
            let place = pointer::join(at);
            self.places
                .insert((found.document.clone(), found.names.clone()), place);
            return self.copy(found.value(), &found.document, at);
        }
        // With keys beside it, the value is another one, and no later reference may point to it.
        let mut merged = self.copy(found.value(), &found.document, at)?;
        if let Value::Object(merged) = &mut merged {
            for (key, value) in entries.iter().filter(|(key, _)| *key != "$ref") {
                merged.insert(key.clone(), self.copy_child(key.clone(), value, from, at)?);
            }
        }
        Ok(merged)
    }

    /// Where in the bundle the value is, by itself or inside of one that was put there as a whole.
    fn place_of(&self, found: &Found) -> Option<String> {
        (0..=found.names.len()).rev().find_map(|split| {
            let (outer, inner) = found.names.split_at(split);
            let place = self.places.get(&(found.document.clone(), outer.to_vec()))?;
            Some(format!("{place}{}", pointer::join(inner)))
        })
    }

    /// The value that `reference` names in `document`. References on the way are followed too.
    fn find(
        &mut self,
        reference: &str,
        document: &LocationRef,
        chain: usize,
    ) -> Result<Found, Unresolved> {
        if chain > LONGEST_CHAIN {
            let message = format!("`{reference}` leads round in a circle of references");
            return Err(Problem::new("placeholder-ref-circle", message).into());
        }
        let (file, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let place = if file.is_empty() {
            document.clone()
        } else {
            self.documents.locate(file, document)?
        };
        let parsed = self.document(&place)?;
        let names = pointer::names(fragment);
        let mut value: &Value = &parsed;
        for (depth, name) in names.iter().enumerate() {
            if let Some(next) = value
                .get("$ref")
                .and_then(Value::as_str)
                .filter(|_| value.get(name).is_none())
            {
                let rest = pointer::join(&names[depth..]);
                let next = if next.contains('#') {
                    format!("{next}{rest}")
                } else {
                    format!("{next}#{rest}")
                };
                return self.find(&next, &place, chain + 1);
            }
            value = pointer::step(value, name).ok_or_else(|| {
                let message = format!(
                    "`{reference}` in `{}` names something that is not there",
                    document.target
                );
                Problem::new("placeholder-ref", message).hint("correct the reference")
            })?;
        }
        if let Some(entries) = value.as_object().filter(|entries| entries.len() == 1)
            && let Some(next) = entries.get("$ref").and_then(Value::as_str)
        {
            return self.find(next, &place, chain + 1);
        }
        Ok(Found {
            document: place,
            names,
            parsed,
        })
    }
}

/// A value that a reference names.
struct Found {
    document: LocationRef,
    names: Vec<String>,
    /// The whole document: most references are met again and again, and what they name may be large.
    parsed: Arc<Value>,
}

impl Found {
    fn value(&self) -> &Value {
        let mut names = self.names.iter();
        // The names were followed when it was found; a document never changes.
        names
            .try_fold(&*self.parsed, |value, name| pointer::step(value, name))
            .unwrap_or(&Value::Null)
    }
}

/// The reference with its new target; keys beside it stay.
fn pointing_to(place: &str, entries: &Map<String, Value>) -> Value {
    let mut pointing = entries.clone();
    pointing.insert("$ref".to_owned(), format!("#{place}").into());
    Value::Object(pointing)
}

fn is_async_api_3(value: &Value) -> bool {
    let version = match value.get("asyncapi") {
        Some(Value::String(version)) => version.clone(),
        Some(Value::Number(version)) => version.to_string(),
        _ => return false,
    };
    version.split('.').next() == Some("3")
}

/// Whether AsyncAPI 3 wants a link between parts here: a channel's servers, an operation's channel and messages.
fn is_link(at: &[String]) -> bool {
    let names: Vec<&str> = at.iter().map(String::as_str).collect();
    let names = names.strip_prefix(&["components"]).unwrap_or(&names);
    matches!(
        names,
        ["channels", _, "servers", ..]
            | ["operations", _, "channel" | "messages", ..]
            | ["operations", _, "reply", "channel" | "messages", ..]
    )
}
