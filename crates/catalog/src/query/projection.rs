//! Answers with parts of entities only: the `fields` parameter.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
use std::fmt;

use callboard_model::{Error, Result};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

/// Requests with more fields are refused.
const MOST_FIELDS: usize = 200;

/// Dotted paths of what to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fields(Vec<String>);

impl Fields {
    /// Reads lists of paths separated by commas; `None` when there is no path in them.
    pub(crate) fn parse<'a>(lists: impl IntoIterator<Item = &'a str>) -> Result<Option<Self>> {
        let mut fields: Vec<String> = Vec::new();
        for field in lists
            .into_iter()
            .flat_map(|list| list.split(','))
            .map(str::trim)
        {
            if field.contains('[') {
                let message =
                    format!("invalid field `{field}`: array type fields are not supported");
                return Err(Error::invalid("invalid-field", message).hint("ask for the whole list"));
            }
            if field.is_empty() || fields.iter().any(|earlier| earlier == field) {
                continue;
            }
            if fields.len() == MOST_FIELDS {
                let message = format!("there are more than {MOST_FIELDS} fields");
                return Err(Error::invalid("too-many-fields", message).hint("leave `fields` out"));
            }
            fields.push(field.to_owned());
        }
        Ok((!fields.is_empty()).then_some(Self(fields)))
    }

    /// Appends the kept parts of the entity in `json` to `body`, as they are written there.
    pub(crate) fn append(&self, json: &[u8], body: &mut Vec<u8>) -> Result<()> {
        let failed = |error| {
            Error::internal(
                "unreadable-entity",
                "keeping some fields of a stored entity",
            )
            .source(error)
        };
        let entity = Node::new(serde_json::from_slice(json).map_err(failed)?);
        entity.kept.set(Kept::Partly);
        for field in &self.0 {
            entity.keep(field).map_err(failed)?;
        }
        entity.append(body);
        Ok(())
    }
}

/// A value in an entity, taken apart only where a path leads through it.
struct Node<'a> {
    raw: &'a RawValue,
    children: OnceCell<Children<'a>>,
    kept: Cell<Kept>,
}

enum Children<'a> {
    Object(Vec<(Key<'a>, Node<'a>)>),
    List(Vec<Node<'a>>),
    None,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kept {
    Not,
    Partly,
    Whole,
}

impl<'a> Node<'a> {
    fn new(raw: &'a RawValue) -> Self {
        Self {
            raw,
            children: OnceCell::new(),
            kept: Cell::new(Kept::Not),
        }
    }

    /// Marks what `path` leads to; nothing, if it leads nowhere.
    ///
    /// A part of the path that is not there is joined with the next one, because keys such as those of
    /// annotations contain dots.
    fn keep(&self, path: &str) -> serde_json::Result<()> {
        let mut way = vec![self];
        let mut start = 0;
        for end in path
            .match_indices('.')
            .map(|(end, _)| end)
            .chain([path.len()])
        {
            let Some(parent) = way.last() else { break };
            if let Some(child) = parent.child(&path[start..end])? {
                way.push(child);
                start = end + 1;
            }
        }
        if start <= path.len() {
            return Ok(());
        }
        if let Some(target) = way.pop() {
            target.kept.set(Kept::Whole);
        }
        for parent in way.iter().filter(|parent| parent.kept.get() == Kept::Not) {
            parent.kept.set(Kept::Partly);
        }
        Ok(())
    }

    fn child(&self, part: &str) -> serde_json::Result<Option<&Self>> {
        Ok(match self.children()? {
            Children::Object(entries) => entries
                .iter()
                .find(|(key, _)| key.0 == part)
                .map(|(_, child)| child),
            Children::List(items) => place(part).and_then(|place| items.get(place)),
            Children::None => None,
        })
    }

    fn children(&self) -> serde_json::Result<&Children<'a>> {
        if let Some(children) = self.children.get() {
            return Ok(children);
        }
        let text = self.raw.get();
        let children = match text.as_bytes().first() {
            Some(b'{') => {
                Children::Object(serde_json::Deserializer::from_str(text).deserialize_map(Entries)?)
            }
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(text)?;
                Children::List(items.into_iter().map(Node::new).collect())
            }
            _ => Children::None,
        };
        Ok(self.children.get_or_init(|| children))
    }

    fn append(&self, body: &mut Vec<u8>) {
        match (self.kept.get(), self.children.get()) {
            (Kept::Not, _) => body.extend_from_slice(b"null"),
            (Kept::Partly, Some(Children::Object(entries))) => {
                body.push(b'{');
                let kept = entries
                    .iter()
                    .filter(|(_, child)| child.kept.get() != Kept::Not);
                for (place, (key, child)) in kept.enumerate() {
                    if place > 0 {
                        body.push(b',');
                    }
                    body.extend_from_slice(Value::from(key.0.as_ref()).to_string().as_bytes());
                    body.push(b':');
                    child.append(body);
                }
                body.push(b'}');
            }
            (Kept::Partly, Some(Children::List(items))) => {
                body.push(b'[');
                let last = items.iter().rposition(|item| item.kept.get() != Kept::Not);
                for (place, item) in items
                    .iter()
                    .take(last.map_or(0, |last| last + 1))
                    .enumerate()
                {
                    if place > 0 {
                        body.push(b',');
                    }
                    item.append(body);
                }
                body.push(b']');
            }
            (Kept::Whole | Kept::Partly, _) => body.extend_from_slice(self.raw.get().as_bytes()),
        }
    }
}

/// A place in a list, written as JavaScript writes it.
fn place(part: &str) -> Option<usize> {
    let plain = part == "0" || !part.starts_with(['0', '+']);
    part.parse().ok().filter(|_| plain)
}

/// A key, borrowed unless it is written with escapes.
#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// Reads an object's entries without reading their values.
struct Entries;

impl<'de> Visitor<'de> for Entries {
    type Value = Vec<(Key<'de>, Node<'de>)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some((key, raw)) = map.next_entry()? {
            entries.push((key, Node::new(raw)));
        }
        Ok(entries)
    }
}
