//! Fills the placeholders of an entity before anything else looks at it (CAT-41).

use std::path::PathBuf;

use callboard_model::{Entity, LocationRef, Problem};
use serde_json::{Map, Value};

use super::Ports;
use crate::placeholder::{Asked, Documents, Fetched, Unresolved};
use crate::readers::FileTarget;

/// Placeholders in one entity.
const MOST: usize = 100;

/// What filling found.
#[derive(Debug, Default)]
pub(super) struct Filled {
    /// The documents that the entity names.
    pub(super) asked: Asked,
    /// Some of them are not there yet.
    pub(super) waiting: bool,
    /// Placeholders that cannot be filled.
    pub(super) broken: Vec<Problem>,
    /// Documents that cannot be read any more, and are used as they were.
    pub(super) outdated: Vec<Problem>,
}

/// Whether an entity, as JSON, may have a placeholder in it: most have none, and are not searched.
pub(super) fn may_have_placeholders(json: &str) -> bool {
    memchr::memmem::find(json.as_bytes(), b"\"$").is_some()
}

/// Puts what the placeholders of `entity` stand for in their places.
pub(super) fn fill(
    ports: &Ports,
    fetched: &Fetched,
    entity: &mut Entity,
    (location, origin): (&LocationRef, &LocationRef),
) -> Filled {
    let root = root_of(location, origin);
    let mut filling = Filling {
        ports,
        documents: Documents::new(&ports.source, fetched, location, root.as_deref()),
        count: 0,
        waiting: false,
        broken: Vec::new(),
    };
    filling.object(entity.object_mut(), &mut String::new());
    let Filling {
        documents,
        waiting,
        broken,
        ..
    } = filling;
    let (asked, outdated) = documents.into_asked();
    Filled {
        asked,
        waiting,
        broken,
        outdated,
    }
}

/// The folder in which the entity may name files: that of the registered location, as for nested targets.
fn root_of(location: &LocationRef, origin: &LocationRef) -> Option<PathBuf> {
    if location.kind != "file" || origin.kind != "file" {
        return None;
    }
    let origin = FileTarget::resolve(&origin.target, origin).ok()?;
    Some(origin.root().to_owned())
}

struct Filling<'a> {
    ports: &'a Ports,
    documents: Documents<'a>,
    count: usize,
    waiting: bool,
    broken: Vec<Problem>,
}

impl Filling<'_> {
    fn object(&mut self, entries: &mut Map<String, Value>, path: &mut String) {
        for (key, value) in entries {
            let length = path.len();
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(key);
            self.value(value, path);
            path.truncate(length);
        }
    }

    fn value(&mut self, value: &mut Value, path: &mut String) {
        match value {
            Value::Array(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    let length = path.len();
                    path.push_str(&format!("[{index}]"));
                    self.value(item, path);
                    path.truncate(length);
                }
            }
            Value::Object(entries) if !entries.keys().any(|key| key.starts_with('$')) => {
                self.object(entries, path);
            }
            Value::Object(entries) if entries.len() == 1 => {
                let Some((key, target)) = entries.iter().next() else {
                    return;
                };
                match self.resolve(key, target) {
                    None => {}
                    Some(Ok(resolved)) => *value = resolved,
                    Some(Err(Unresolved::Waiting)) => self.waiting = true,
                    Some(Err(Unresolved::Broken(problem))) => {
                        let message = format!("`{key}` cannot be filled in: {}", problem.message);
                        self.broken
                            .push(Problem { message, ..problem }.path(path.clone()));
                    }
                }
            }
            _ => {}
        }
    }

    /// What `{ key: target }` stands for; nothing when it is no placeholder that anybody knows.
    fn resolve(&mut self, key: &str, target: &Value) -> Option<Result<Value, Unresolved>> {
        let resolver = self.ports.placeholders.get(key.strip_prefix('$')?)?;
        self.count += 1;
        if self.count > MOST {
            let message = format!("the entity has more than {MOST} placeholders");
            return Some(Err(Problem::new("placeholder-too-many", message).into()));
        }
        let Some(target) = target.as_str() else {
            let problem = Problem::new(
                "placeholder-target",
                "it needs a text: a relative path, or an address",
            )
            .hint(format!("write such as `{key}: ./api.yaml`"));
            return Some(Err(problem.into()));
        };
        Some(resolver.resolve(target, &mut self.documents))
    }
}
