//! An entity's JSON as the rows that filters, facets, orders and full text see (FEATURES CAT-34).
//!
//! `spec.type: service` gives `spec.type=service`; every string in an array also gives
//! `metadata.tags.java=true`; relations give `relations.ownedby=group:default/payments`.

use std::borrow::Cow;
use std::fmt;
use std::hash::BuildHasher;
use std::ops::Range;

use rustc_hash::FxBuildHasher;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::number;

/// Longer keys are left out and longer values count as null: nobody filters by a description.
const LONGEST: usize = 200;
/// Its lower case is another one at the end of a word, and a `.` does not end one.
const SIGMA: char = 'Σ';
/// Parts of an entity that are not searched by path.
const SKIPPED: [&str; 3] = ["attachments", "status", "metadata.etag"];

/// The rows of one entity in no order, without repetition.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    text: String,
    rows: Vec<Row>,
}

/// One row; `None` as value is null, or a value that is too long.
pub(crate) type KeyValue<'a> = (&'a str, Option<Spelled<'a>>);

/// A value in the two forms that are kept of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spelled<'a> {
    /// What it is compared by.
    pub(crate) lower: &'a str,
    /// What is shown.
    pub(crate) original: &'a str,
}

#[derive(Debug)]
struct Row {
    hash: u64,
    key: Range<u32>,
    value: Option<(Range<u32>, Range<u32>)>,
    /// Whether the other version of the entity has the same row.
    is_old: bool,
}

impl Rows {
    /// The rows of the entity in `json`.
    pub(crate) fn of(json: &[u8]) -> Result<Self, serde_json::Error> {
        let mut flattening = Flattening::default();
        let mut deserializer = serde_json::Deserializer::from_slice(json);
        Node {
            flattening: &mut flattening,
            in_array: false,
        }
        .deserialize(&mut deserializer)?;
        Ok(flattening.finish())
    }

    /// Marks the rows that two versions of an entity have in common, so that only the others are new.
    pub(super) fn compare(former: &mut Self, next: &mut Self) {
        let (mut left, mut right) = (0, 0);
        while left < former.rows.len() && right < next.rows.len() {
            let order = {
                let (one, other) = (&former.rows[left], &next.rows[right]);
                let hashes = one.hash.cmp(&other.hash);
                hashes.then_with(|| former.lower(one).cmp(&next.lower(other)))
            };
            if order.is_eq() && former.row(&former.rows[left]) == next.row(&next.rows[right]) {
                former.rows[left].is_old = true;
                next.rows[right].is_old = true;
            }
            left += usize::from(order.is_le());
            right += usize::from(order.is_ge());
        }
    }

    /// Every row that the other version does not have.
    pub(crate) fn new_rows(&self) -> impl Iterator<Item = KeyValue<'_>> {
        let new = self.rows.iter().filter(|row| !row.is_old);
        new.map(|row| self.row(row))
    }

    /// Whether a row of `key` is not in the other version.
    pub(super) fn has_new(&self, key: &str) -> bool {
        let mut new = self.rows.iter().filter(|row| !row.is_old);
        new.any(|row| self.text(&row.key) == key)
    }

    /// Every key.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.rows.iter().map(|row| self.text(&row.key))
    }

    /// The values of `key`.
    pub(crate) fn values<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        let of_key = self
            .rows
            .iter()
            .filter(move |row| self.text(&row.key) == key);
        of_key.filter_map(|row| Some(self.text(&row.value.as_ref()?.0)))
    }

    /// The values of `key` as they are written.
    pub(crate) fn spellings<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        let of_key = self
            .rows
            .iter()
            .filter(move |row| self.text(&row.key) == key);
        of_key.filter_map(|row| Some(self.text(&row.value.as_ref()?.1)))
    }

    fn row(&self, row: &Row) -> KeyValue<'_> {
        let value = row.value.as_ref().map(|(lower, original)| Spelled {
            lower: self.text(lower),
            original: self.text(original),
        });
        (self.text(&row.key), value)
    }

    fn lower(&self, row: &Row) -> (&str, Option<&str>) {
        let value = row.value.as_ref();
        (
            self.text(&row.key),
            value.map(|(lower, _)| self.text(lower)),
        )
    }

    fn text(&self, range: &Range<u32>) -> &str {
        &self.text[range.start as usize..range.end as usize]
    }
}

#[derive(Default)]
struct Flattening {
    rows: Rows,
    /// Lower-cased, because keys are compared that way everywhere.
    path: String,
    /// The path as it is written, as soon as there is a letter in it whose lower case depends on its neighbours.
    written: Option<String>,
    has_namespace: bool,
}

impl Flattening {
    /// Goes down to `key` for the time of `visit`.
    fn at<T>(&mut self, key: &str, visit: impl FnOnce(&mut Self) -> T) -> T {
        let in_context = self.written.is_some() || (!key.is_ascii() && key.contains(SIGMA));
        if in_context && !is_too_long(&self.path) {
            return self.at_in_context(key, visit);
        }
        let parent = self.path.len();
        if parent > 0 {
            self.path.push('.');
        }
        push_lower(&mut self.path, key);
        let result = visit(self);
        self.path.truncate(parent);
        result
    }

    /// The same where the lower case of a part depends on the parts around it: whoever asks for a key writes all of it.
    fn at_in_context<T>(&mut self, key: &str, visit: impl FnOnce(&mut Self) -> T) -> T {
        let parent = (self.path.clone(), self.written.clone());
        let mut written = self.written.take().unwrap_or_else(|| self.path.clone());
        if !written.is_empty() {
            written.push('.');
        }
        written.push_str(key);
        self.path = written.to_lowercase();
        self.written = Some(written);
        let result = visit(self);
        (self.path, self.written) = parent;
        result
    }

    fn push(&mut self, value: Option<&str>) {
        if is_too_long(&self.path) {
            return;
        }
        let key = self.append(|text, path| text.push_str(path));
        let value = value.and_then(|original| {
            let lower = self.append(|text, _| push_lower(text, original));
            if is_too_long(self.rows.text(&lower)) {
                return None;
            }
            let spelled = if self.rows.text(&lower) == original {
                lower.clone()
            } else {
                self.append(|text, _| text.push_str(original))
            };
            Some((lower, spelled))
        });
        if self.path == "metadata.namespace" {
            self.has_namespace |= value.as_ref().is_some_and(|(lower, _)| !lower.is_empty());
        }
        self.rows.rows.push(Row {
            hash: 0,
            key,
            value,
            is_old: false,
        });
    }

    fn push_number(&mut self, print: impl FnOnce(&mut String)) {
        let mut text = String::new();
        print(&mut text);
        self.push(Some(&text));
    }

    fn append(&mut self, write: impl FnOnce(&mut String, &str)) -> Range<u32> {
        let offset = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let start = offset(self.rows.text.len());
        write(&mut self.rows.text, &self.path);
        start..offset(self.rows.text.len())
    }

    fn finish(mut self) -> Rows {
        if !self.has_namespace {
            self.at("metadata.namespace", |flattening| {
                flattening.push(Some("default"));
            });
        }
        let Rows { text, mut rows } = self.rows;
        let part = |range: &Range<u32>| &text[range.start as usize..range.end as usize];
        let lower = |row: &Row| {
            let lower = row.value.as_ref().map(|(lower, _)| lower);
            (part(&row.key), lower.map(part))
        };
        for row in &mut rows {
            row.hash = FxBuildHasher.hash_one(lower(row));
        }
        // Sorting by hash first brings repetitions together without comparing long keys that begin alike.
        // Stable: of two spellings in one entity the first is the one that counts.
        rows.sort_by(|one, other| {
            let hashes = one.hash.cmp(&other.hash);
            hashes.then_with(|| lower(one).cmp(&lower(other)))
        });
        rows.dedup_by(|later, row| later.hash == row.hash && lower(later) == lower(row));
        Rows { text, rows }
    }
}

/// A JSON value at the current path.
struct Node<'a> {
    flattening: &'a mut Flattening,
    in_array: bool,
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.flattening.push(None);
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.flattening
            .push(Some(if value { "true" } else { "false" }));
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.flattening
            .push_number(|text| number::push_unsigned(text, value));
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.flattening
            .push_number(|text| number::push_signed(text, value));
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.flattening
            .push_number(|text| number::push_float(text, value));
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.flattening.push(Some(value));
        if self.in_array {
            self.flattening
                .at(value, |flattening| flattening.push(Some("true")));
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items
            .next_element_seed(Node {
                flattening: &mut *self.flattening,
                in_array: true,
            })?
            .is_some()
        {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        while let Some(Key(key)) = entries.next_key()? {
            self.flattening.at(&key, |flattening| {
                let path = flattening.path.as_str();
                if path == "relations" {
                    return visit_relations(flattening, entries.next_value()?);
                }
                if SKIPPED.contains(&path) {
                    entries.next_value::<IgnoredAny>()?;
                    return Ok(());
                }
                entries.next_value_seed(Node {
                    flattening,
                    in_array: false,
                })
            })?;
        }
        Ok(())
    }
}

/// An object's key, borrowed unless it is written with escapes.
#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RelationItem<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    target_ref: Cow<'a, str>,
}

fn visit_relations<E>(
    flattening: &mut Flattening,
    relations: Vec<RelationItem<'_>>,
) -> Result<(), E> {
    for relation in relations {
        flattening.at(&relation.kind, |flattening| {
            flattening.push(Some(&relation.target_ref));
        });
    }
    Ok(())
}

/// Lower-cases without regard to a language.
fn push_lower(text: &mut String, original: &str) {
    if original.is_ascii() {
        let start = text.len();
        text.push_str(original);
        text[start..].make_ascii_lowercase();
    } else {
        text.push_str(&original.to_lowercase());
    }
}

/// Counts as JavaScript does, in UTF-16 units. None has more than three bytes, and most texts that are too long are
/// so by far: a key may be as long as an entity, and is looked at for each value below it.
fn is_too_long(text: &str) -> bool {
    text.len() > 3 * LONGEST || (text.len() > LONGEST && text.encode_utf16().count() > LONGEST)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::{Value, json};

    use super::*;

    fn rows(entity: &Value) -> Vec<String> {
        let rows = Rows::of(entity.to_string().as_bytes()).unwrap();
        let mut rows: Vec<String> = rows
            .new_rows()
            .map(|(key, value)| match value {
                None => format!("{key} null"),
                Some(Spelled { lower, original }) if lower == original => format!("{key}={lower}"),
                Some(Spelled { lower, original }) => format!("{key}={lower} as {original}"),
            })
            .collect();
        rows.sort();
        rows
    }

    #[test]
    fn an_entity_becomes_rows_by_path() {
        let entity = json!({
            "apiVersion": "backstage.io/v1alpha1",
            "kind": "Component",
            "metadata": {
                "name": "Checkout", "uid": "u-1", "etag": "e",
                "annotations": { "backstage.io/orphan": "true" },
                "tags": ["java", "Java", "go"],
            },
            "spec": { "type": "service", "owner": null, "tier": 1.0, "ports": [80, { "tls": false }] },
            "relations": [{ "type": "ownedBy", "targetRef": "group:default/payments" }],
            "status": { "items": [] },
        });
        assert_eq!(
            rows(&entity),
            [
                "apiversion=backstage.io/v1alpha1",
                "kind=component as Component",
                "metadata.annotations.backstage.io/orphan=true",
                "metadata.name=checkout as Checkout",
                "metadata.namespace=default",
                "metadata.tags.go=true",
                "metadata.tags.java=true",
                "metadata.tags=go",
                "metadata.tags=java",
                "metadata.uid=u-1",
                "relations.ownedby=group:default/payments",
                "spec.owner null",
                "spec.ports.tls=false",
                "spec.ports=80",
                "spec.tier=1",
                "spec.type=service",
            ]
        );
    }

    #[test]
    fn long_values_exist_without_a_value_and_long_keys_do_not_exist() {
        let long = "é".repeat(201);
        let fits = "é".repeat(200);
        let entity = json!({
            "metadata": { "namespace": "tools", "description": long, "title": fits, long.as_str(): 1 },
        });
        assert_eq!(
            rows(&entity),
            [
                "metadata.description null".to_owned(),
                "metadata.namespace=tools".to_owned(),
                format!("metadata.title={fits}"),
            ]
        );
    }

    #[test]
    fn a_key_has_the_lower_case_of_the_whole_path() {
        let entity =
            json!({ "metadata": { "namespace": "a" }, "spec": { "ΑΣ": { "Β": 1 }, "ΟΣ": 2 } });
        let [inside, end] = ["spec.ΑΣ.Β=1", "spec.ΟΣ=2"].map(str::to_lowercase);
        assert_eq!(rows(&entity), ["metadata.namespace=a".into(), inside, end]);
    }

    #[test]
    fn of_two_versions_only_what_differs_is_new() {
        let of = |json: &[u8]| Rows::of(json).unwrap();
        let mut former = of(br#"{"kind":"API","spec":{"a":["x","y"],"b":"Old"}}"#);
        let mut next = of(br#"{"kind":"Api","spec":{"a":["y","z"],"b":"Old"}}"#);
        Rows::compare(&mut former, &mut next);
        let new = |rows: &Rows| -> BTreeSet<String> {
            let new = rows.new_rows();
            new.map(|(key, value)| format!("{key}={}", value.unwrap().original))
                .collect()
        };
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        assert_eq!(
            new(&former),
            texts(&["kind=API", "spec.a=x", "spec.a.x=true"])
        );
        assert_eq!(
            new(&next),
            texts(&["kind=Api", "spec.a=z", "spec.a.z=true"])
        );
        assert!(former.has_new("spec.a") && !former.has_new("spec.b"));
    }

    #[test]
    fn a_key_gives_its_values() {
        let rows = Rows::of(br#"{"spec":{"a":["Zoo","ant",null,"zoo"],"b":null,"c":{}}}"#).unwrap();
        let values = |key| rows.values(key).collect::<BTreeSet<_>>();
        assert_eq!(values("spec.a"), BTreeSet::from(["ant", "zoo"]));
        assert!(values("spec.b").is_empty());
        assert!(values("spec.c").is_empty());
    }
}
