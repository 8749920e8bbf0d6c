//! What is different between two versions of an entity.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// More differences than these are counted only.
const MOST_CHANGES: usize = 100;
/// Larger values are cut (characters).
const LONGEST_VALUE: usize = 1_000;
/// What is kept before the first difference in a long text (characters).
const CONTEXT: usize = 80;
/// When the values together are larger, the rest is counted only (bytes).
const MOST_BYTES: usize = 32 * 1024;

/// One difference.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Change {
    /// Where, as in filters: keys with dots between them. Items of a list have the path of the list.
    pub(crate) path: String,
    /// What happened there.
    pub(crate) change: ChangeKind,
    /// The value before, unless it was added.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "present"
    )]
    #[schema(required = false)]
    pub(crate) before: Option<Value>,
    /// The value after, unless it was removed.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "present"
    )]
    #[schema(required = false)]
    pub(crate) after: Option<Value>,
    /// Whether the values are parts of what was there, as text, because it is large.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub(crate) shortened: bool,
}

/// What happened to a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ChangeKind {
    /// It was not there before.
    Added,
    /// It is not there any more.
    Removed,
    /// It is another one.
    Changed,
}

impl Change {
    fn is_of_relations(&self) -> bool {
        self.path
            .strip_prefix("relations")
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }

    fn seen_by(self, seen: &HashSet<String>) -> Option<Self> {
        if !self.is_of_relations() {
            return Some(self);
        }
        let (before, after) = (seen_in(self.before, seen), seen_in(self.after, seen));
        (before != after).then_some(Self {
            before,
            after,
            ..self
        })
    }
}

/// What is left of relations when nobody is seen but `seen`. What cannot be read as relations, such as a part of a large
/// one, is not told.
fn seen_in(value: Option<Value>, seen: &HashSet<String>) -> Option<Value> {
    let is_seen = |value: &Value| {
        let target = value["targetRef"].as_str();
        target.is_some_and(|target| seen.contains(target))
    };
    match value? {
        Value::Array(mut items) => {
            items.retain(is_seen);
            Some(Value::Array(items))
        }
        one => Some(one).filter(is_seen),
    }
}

/// A value that is null is a value.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// The differences, of bounded size.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Diff {
    pub(crate) changes: Vec<Change>,
    /// How many more there are.
    pub(crate) omitted: u64,
    #[serde(skip)]
    bytes: usize,
}

impl Diff {
    /// Adds the differences between two objects.
    pub(crate) fn compare(&mut self, before: &Value, after: &Value) {
        self.values("", before, after);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.omitted == 0
    }

    /// As it is stored.
    pub(crate) fn to_json(&self) -> String {
        // Made of JSON values, so it can be written as JSON.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads what was stored.
    pub(crate) fn parse(json: &str) -> Self {
        serde_json::from_str(json).unwrap_or_default()
    }

    /// The references to which relations lead, on either side of a change.
    pub(crate) fn targets(&self) -> HashSet<String> {
        let relations = self
            .changes
            .iter()
            .filter(|change| change.is_of_relations());
        let values = relations.flat_map(|change| change.before.iter().chain(&change.after));
        let each = values.flat_map(|value| match value {
            Value::Array(items) => items.as_slice(),
            one => std::slice::from_ref(one),
        });
        let targets = each.filter_map(|value| value["targetRef"].as_str());
        targets.map(str::to_owned).collect()
    }

    /// The same for somebody who sees nobody but `seen`: relations to others are left out. How many more differences
    /// there are is not told either, for they may be in such relations. `None` when nothing is left to tell.
    pub(crate) fn seen_by(self, seen: &HashSet<String>) -> Option<Self> {
        let changes = self.changes.into_iter();
        let changes: Vec<Change> = changes.filter_map(|change| change.seen_by(seen)).collect();
        (!changes.is_empty()).then_some(Self {
            changes,
            ..Self::default()
        })
    }

    fn values(&mut self, path: &str, before: &Value, after: &Value) {
        match (before, after) {
            _ if before == after => {}
            (Value::Object(before), Value::Object(after)) => {
                for (key, value) in before {
                    let path = joined(path, key);
                    match after.get(key) {
                        Some(after) => self.values(&path, value, after),
                        None => self.one_sided(&path, value, ChangeKind::Removed),
                    }
                }
                for (key, value) in after.iter().filter(|(key, _)| !before.contains_key(*key)) {
                    self.one_sided(&joined(path, key), value, ChangeKind::Added);
                }
            }
            (Value::Array(before_items), Value::Array(after_items)) => {
                let (gone, new) = items(before_items, after_items);
                if gone.is_empty() && new.is_empty() {
                    self.push(path, ChangeKind::Changed, Some(before), Some(after));
                }
                for item in gone {
                    self.push(path, ChangeKind::Removed, Some(item), None);
                }
                for item in new {
                    self.push(path, ChangeKind::Added, None, Some(item));
                }
            }
            _ => self.push(path, ChangeKind::Changed, Some(before), Some(after)),
        }
    }

    /// A value that is on one side only; an object and a list by their parts, for each is news of its own.
    fn one_sided(&mut self, path: &str, value: &Value, change: ChangeKind) {
        match value {
            Value::Object(members) if !members.is_empty() => {
                for (key, value) in members {
                    self.one_sided(&joined(path, key), value, change);
                }
            }
            Value::Array(items) if !items.is_empty() => {
                for item in items {
                    self.sided(path, item, change);
                }
            }
            _ => self.sided(path, value, change),
        }
    }

    fn sided(&mut self, path: &str, value: &Value, change: ChangeKind) {
        match change {
            ChangeKind::Removed => self.push(path, change, Some(value), None),
            ChangeKind::Added | ChangeKind::Changed => self.push(path, change, None, Some(value)),
        }
    }

    fn push(
        &mut self,
        path: &str,
        change: ChangeKind,
        before: Option<&Value>,
        after: Option<&Value>,
    ) {
        if self.changes.len() >= MOST_CHANGES || self.bytes >= MOST_BYTES {
            self.omitted += 1;
            return;
        }
        let (before_text, after_text) = (before.map(text), after.map(text));
        let lengths = [&before_text, &after_text].map(|text| text.as_ref().map_or(0, String::len));
        let shortened = lengths.iter().any(|length| *length > LONGEST_VALUE);
        let start = match (&before_text, &after_text) {
            (Some(before), Some(after)) if shortened => first_difference(before, after),
            _ => 0,
        };
        let shown = |value: Option<&Value>, text: Option<String>| {
            if shortened {
                text.map(|text| Value::String(cut(&text, start)))
            } else {
                value.cloned()
            }
        };
        self.bytes += path.len()
            + lengths
                .iter()
                .map(|length| length.min(&LONGEST_VALUE))
                .sum::<usize>();
        self.changes.push(Change {
            path: path.to_owned(),
            change,
            before: shown(before, before_text),
            after: shown(after, after_text),
            shortened,
        });
    }
}

fn joined(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The items that only one side has, as often as it has them more often than the other.
fn items<'a>(before: &'a [Value], after: &'a [Value]) -> (Vec<&'a Value>, Vec<&'a Value>) {
    let mut kept: HashMap<String, usize> = HashMap::new();
    for item in after {
        *kept.entry(item.to_string()).or_default() += 1;
    }
    let mut take = |item: &&Value| {
        kept.get_mut(&item.to_string())
            .filter(|count| **count > 0)
            .map(|count| *count -= 1)
            .is_none()
    };
    let gone: Vec<&Value> = before.iter().filter(|item| take(item)).collect();
    // What is left was not there before.
    let new = after
        .iter()
        .rev()
        .filter(|item| !take(item))
        .collect::<Vec<_>>();
    (gone, new.into_iter().rev().collect())
}

/// The byte a little before the first difference, at the start of its line if that is near.
fn first_difference(before: &str, after: &str) -> usize {
    let same: usize = before
        .chars()
        .zip(after.chars())
        .take_while(|(one, other)| one == other)
        .map(|(one, _)| one.len_utf8())
        .sum();
    let context = before[..same].char_indices().rev().take(CONTEXT);
    let from = context.last().map_or(0, |(at, _)| at);
    before[from..same]
        .rfind('\n')
        .map_or(from, |line| from + line + 1)
}

/// The part of a large text that starts at `start`, with an ellipsis where something is left out.
fn cut(text: &str, start: usize) -> String {
    let rest = text.get(start..).unwrap_or_default();
    let part: String = rest.chars().take(LONGEST_VALUE).collect();
    let before = if start > 0 { "…" } else { "" };
    let after = if part.len() < rest.len() { "…" } else { "" };
    format!("{before}{part}{after}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn diff(before: &Value, after: &Value) -> Diff {
        let mut diff = Diff::default();
        diff.compare(before, after);
        diff
    }

    /// Each difference on a line.
    fn lines(before: &Value, after: &Value) -> Vec<String> {
        diff(before, after)
            .changes
            .iter()
            .map(|change| {
                let side =
                    |side: &Option<Value>| side.as_ref().map_or(String::new(), Value::to_string);
                format!(
                    "{} {}>{}",
                    change.path,
                    side(&change.before),
                    side(&change.after)
                )
            })
            .collect()
    }

    #[test]
    fn members_differ_by_their_path() {
        let before = json!({ "metadata": { "labels": { "a.b/c": "x" } }, "spec": { "owner": "a", "old": null } });
        let after = json!({ "metadata": { "labels": { "a.b/c": "y" } }, "spec": { "owner": "a", "new": { "deep": 1 } } });

        assert_eq!(
            lines(&before, &after),
            [
                "metadata.labels.a.b/c \"x\">\"y\"",
                "spec.old null>",
                "spec.new.deep >1"
            ]
        );
        assert!(diff(&before, &before).is_empty());
    }

    #[test]
    fn lists_differ_by_their_items() {
        let list = |items: Value| json!({ "tags": items });

        assert_eq!(
            lines(
                &list(json!(["a", "b", "b", "c"])),
                &list(json!(["b", "c", "d", "c", "a"]))
            ),
            ["tags \"b\">", "tags >\"d\"", "tags >\"c\""]
        );
        assert_eq!(
            lines(&list(json!(["a", "b"])), &list(json!(["b", "a"]))),
            ["tags [\"a\",\"b\"]>[\"b\",\"a\"]"]
        );
        assert_eq!(lines(&json!({}), &list(json!(["a"]))), ["tags >\"a\""]);
    }

    #[test]
    fn a_long_text_is_shown_from_its_first_difference_on() {
        let text = |line: &str| json!({ "definition": format!("{}\nä {line}\n{}", "ö\n".repeat(5_000), "z".repeat(9_000)) });

        let diff = diff(&text("one"), &text("two"));

        let change = &diff.changes[0];
        let after = change.after.as_ref().unwrap().as_str().unwrap();
        assert!(change.shortened);
        assert!(
            after.starts_with("…ä two\nzzz") && after.ends_with("z…"),
            "{after}"
        );
        assert_eq!(after.chars().count(), LONGEST_VALUE + 2);
    }

    #[test]
    fn a_large_difference_is_bounded_and_counted() {
        let many = json!({ "relations": (0..10_000).collect::<Vec<_>>() });
        let few = diff(&json!({ "relations": [] }), &many);
        assert_eq!(
            (few.changes.len(), few.omitted),
            (MOST_CHANGES, 10_000 - MOST_CHANGES as u64)
        );

        let large: Value = (0..100)
            .map(|n| (n.to_string(), json!("x".repeat(5_000))))
            .collect::<serde_json::Map<_, _>>()
            .into();
        let few = diff(&json!({}), &large);
        assert!(few.to_json().len() < 2 * MOST_BYTES && few.omitted > 0);
    }

    #[test]
    fn what_is_stored_reads_back() {
        let stored = diff(
            &json!({ "a": null, "b": "x".repeat(2_000) }),
            &json!({ "a": 1, "c": null }),
        );

        let read = Diff::parse(&stored.to_json());

        assert_eq!(
            (read.changes, read.omitted),
            (stored.changes, stored.omitted)
        );
    }
}
