//! Answers with parts of entities only: the `fields` parameter.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
use std::collections::HashSet;

use callboard_model::{Error, Result, shortened};
use serde_json::Value;

use super::slices;

/// Requests with more fields are refused.
const MOST_FIELDS: usize = 200;
/// Requests whose fields have more bytes together are refused: each part of a path is looked for in each entity.
const MOST_BYTES: usize = 16 * 1024;

/// Dotted paths of what to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fields(Vec<String>);

impl Fields {
    /// Reads lists of paths separated by commas; `None` when there is no path in them.
    pub(crate) fn parse<'a>(lists: impl IntoIterator<Item = &'a str>) -> Result<Option<Self>> {
        let mut fields: Vec<String> = Vec::new();
        let mut known: HashSet<&str> = HashSet::new();
        let mut bytes = 0;
        for field in lists
            .into_iter()
            .flat_map(|list| list.split(','))
            .map(str::trim)
        {
            if field.contains('[') {
                let field = shortened(field, 80);
                let message =
                    format!("invalid field `{field}`: array type fields are not supported");
                return Err(Error::invalid("invalid-field", message).hint("ask for the whole list"));
            }
            if field.is_empty() || !known.insert(field) {
                continue;
            }
            bytes += field.len();
            let wrong = match () {
                () if fields.len() == MOST_FIELDS => format!("more than {MOST_FIELDS} fields"),
                () if bytes > MOST_BYTES => format!("more than {MOST_BYTES} bytes in `fields`"),
                () => String::new(),
            };
            if !wrong.is_empty() {
                let message = format!("there are {wrong}");
                return Err(Error::invalid("too-many-fields", message).hint("leave `fields` out"));
            }
            fields.push(field.to_owned());
        }
        Ok((!fields.is_empty()).then_some(Self(fields)))
    }

    /// Appends the kept parts of the entity in `json` to `body`, as they are written there.
    pub(crate) fn append(&self, json: &[u8], body: &mut Vec<u8>) -> Result<()> {
        let entity = Node::new(json);
        entity.kept.set(Kept::Partly);
        for field in &self.0 {
            entity.keep(field).ok_or_else(|| {
                let doing = "keeping some fields of a stored entity";
                Error::internal("unreadable-entity", doing)
            })?;
        }
        entity.append(body);
        Ok(())
    }
}

/// A value in an entity, taken apart only where a path leads through it.
struct Node<'a> {
    raw: &'a [u8],
    children: OnceCell<Children<'a>>,
    kept: Cell<Kept>,
}

enum Children<'a> {
    Object(Vec<(Cow<'a, str>, Node<'a>)>),
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
    fn new(raw: &'a [u8]) -> Self {
        Self {
            raw,
            children: OnceCell::new(),
            kept: Cell::new(Kept::Not),
        }
    }

    /// Marks what `path` leads to; nothing, if it leads nowhere. `None` when the JSON is malformed.
    ///
    /// A part of the path that is not there is joined with the next one, because keys such as those of
    /// annotations contain dots.
    fn keep(&self, path: &str) -> Option<()> {
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
            return Some(());
        }
        if let Some(target) = way.pop() {
            target.kept.set(Kept::Whole);
        }
        for parent in way.iter().filter(|parent| parent.kept.get() == Kept::Not) {
            parent.kept.set(Kept::Partly);
        }
        Some(())
    }

    fn child(&self, part: &str) -> Option<Option<&Self>> {
        Some(match self.children()? {
            Children::Object(entries) => entries
                .iter()
                .find(|(key, _)| key == part)
                .map(|(_, child)| child),
            Children::List(items) => place(part).and_then(|place| items.get(place)),
            Children::None => None,
        })
    }

    fn children(&self) -> Option<&Children<'a>> {
        if let Some(children) = self.children.get() {
            return Some(children);
        }
        let children = match self.raw.first() {
            Some(b'{') => {
                let entries = slices::entries(self.raw)?.into_iter();
                Children::Object(entries.map(|(key, raw)| (key, Node::new(raw))).collect())
            }
            Some(b'[') => {
                let items = slices::items(self.raw)?.into_iter();
                Children::List(items.map(Node::new).collect())
            }
            _ => Children::None,
        };
        Some(self.children.get_or_init(|| children))
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
                    body.extend_from_slice(Value::from(key.as_ref()).to_string().as_bytes());
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
            (Kept::Whole | Kept::Partly, _) => body.extend_from_slice(self.raw),
        }
    }
}

/// A place in a list, written as JavaScript writes it.
fn place(part: &str) -> Option<usize> {
    let plain = part == "0" || !part.starts_with(['0', '+']);
    part.parse().ok().filter(|_| plain)
}
