//! A JSON Schema, looked at from one place of the configuration.

use serde_json::{Map, Value};

/// Who may see a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Visibility {
    Secret,
    Shown,
}

/// What a schema knows about a key.
pub(crate) enum Child<'a> {
    /// It describes the key.
    Known(SchemaView<'a>),
    /// It says nothing about this key, and accepts any.
    Open,
    /// It names all its keys, and this is none of them.
    Unknown,
}

/// The schemas that may apply at one place: every alternative of `anyOf` and `oneOf` is one.
pub(crate) struct SchemaView<'a> {
    root: &'a Value,
    candidates: Vec<&'a Value>,
    visibility: Option<Visibility>,
}

/// References to references to …: more than this is a loop.
const MAX_REFERENCES: usize = 32;

impl<'a> SchemaView<'a> {
    /// The view from the top of `root`.
    pub(crate) fn new(root: &'a Value) -> Self {
        Self::of(root, [root], None)
    }

    fn of(
        root: &'a Value,
        schemas: impl IntoIterator<Item = &'a Value>,
        inherited: Option<Visibility>,
    ) -> Self {
        let mut view = Self {
            root,
            candidates: Vec::new(),
            visibility: None,
        };
        for schema in schemas {
            view.add(schema, 0);
        }
        view.visibility = view.visibility.or(inherited);
        view
    }

    fn add(&mut self, schema: &'a Value, depth: usize) {
        if depth > MAX_REFERENCES {
            return;
        }
        self.candidates.push(schema);
        match schema.get("x-visibility").and_then(Value::as_str) {
            Some("secret") => self.visibility = Some(Visibility::Secret),
            Some(_) => self.visibility = self.visibility.or(Some(Visibility::Shown)),
            None => {}
        }
        if let Some(target) = schema.get("$ref").and_then(Value::as_str)
            && let Some(schema) = target
                .strip_prefix('#')
                .and_then(|at| self.root.pointer(at))
        {
            self.add(schema, depth + 1);
        }
        for keyword in ["allOf", "anyOf", "oneOf"] {
            for schema in schema
                .get(keyword)
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
            {
                self.add(schema, depth + 1);
            }
        }
    }

    /// What is known about `key` below this place.
    pub(crate) fn key(&self, key: &str) -> Child<'a> {
        let named = self
            .candidates
            .iter()
            .filter_map(|schema| schema.get("properties")?.get(key));
        let named: Vec<&Value> = named.collect();
        if !named.is_empty() {
            return Child::Known(Self::of(self.root, named, self.visibility));
        }
        let others = self
            .candidates
            .iter()
            .filter_map(|schema| schema.get("additionalProperties"));
        let others: Vec<&Value> = others.filter(|schema| schema.is_object()).collect();
        if !others.is_empty() {
            return Child::Known(Self::of(self.root, others, self.visibility));
        }
        let is_closed = self
            .candidates
            .iter()
            .any(|schema| schema.get("properties").is_some());
        if is_closed && !self.candidates.iter().any(|schema| is_open(schema)) {
            Child::Unknown
        } else {
            Child::Open
        }
    }

    /// The view of the items, when this may be a list.
    pub(crate) fn item(&self) -> Option<Self> {
        let items = self
            .candidates
            .iter()
            .filter_map(|schema| schema.get("items"));
        let items: Vec<&Value> = items.collect();
        (!items.is_empty()).then(|| Self::of(self.root, items, self.visibility))
    }

    /// The names of all keys that it describes.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'a str> {
        let properties = |schema: &&'a Value| schema.get("properties").and_then(Value::as_object);
        self.candidates
            .iter()
            .filter_map(properties)
            .flat_map(Map::keys)
            .map(String::as_str)
    }

    /// The visibility that it, or the closest schema above it, declares.
    pub(crate) fn visibility(&self) -> Option<Visibility> {
        self.visibility
    }

    /// Whether it says what the value is.
    pub(crate) fn describes(&self) -> bool {
        let says = |schema: &&Value| {
            ["type", "enum", "const"]
                .iter()
                .any(|keyword| schema.get(*keyword).is_some())
        };
        self.candidates.iter().any(says)
    }

    /// The types that it accepts, null aside.
    pub(crate) fn kinds(&self) -> Vec<&'a str> {
        let types = self
            .candidates
            .iter()
            .filter_map(|schema| schema.get("type"));
        let names = types.flat_map(|types| match types {
            Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
            other => other.as_str().into_iter().collect::<Vec<_>>(),
        });
        let mut kinds: Vec<&str> = names.filter(|name| *name != "null").collect();
        let mut seen = std::collections::HashSet::new();
        kinds.retain(|kind| seen.insert(*kind));
        kinds
    }

    /// The first sentence of its documentation.
    pub(crate) fn summary(&self) -> Option<&'a str> {
        let texts = self
            .candidates
            .iter()
            .filter_map(|schema| schema.get("description"));
        let text = texts.filter_map(Value::as_str).next()?;
        text.split("\n\n").next()
    }
}

/// Whether a schema accepts keys that it does not name.
fn is_open(schema: &Value) -> bool {
    match schema {
        Value::Object(keywords) => match keywords.get("additionalProperties") {
            Some(Value::Bool(accepts)) => *accepts,
            Some(_) => true,
            None => {
                let is_object = keywords.get("type").and_then(Value::as_str) == Some("object");
                let says_nothing = !["type", "enum", "const", "$ref", "anyOf", "oneOf", "allOf"]
                    .iter()
                    .any(|keyword| keywords.contains_key(*keyword));
                !keywords.contains_key("properties") && (is_object || says_nothing)
            }
        },
        accepts => accepts == &Value::Bool(true),
    }
}
