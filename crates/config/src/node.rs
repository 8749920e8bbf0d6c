//! Values that know where they are written.

use std::sync::{Arc, OnceLock};

use callboard_model::{Span, yaml};
use indexmap::IndexMap;
use serde_json::{Number, Value};

use crate::key_path::{KeyPath, Step};

/// A text that values came from, or the environment variable that held one.
#[derive(Debug)]
pub(crate) struct Source {
    /// How messages call it: a path, or ``environment variable `APP_CONFIG_a` ``.
    pub(crate) name: String,
    pub(crate) text: String,
    /// Where the parts of the text are, once it has been read.
    pub(crate) spans: OnceLock<yaml::Spans>,
}

impl Source {
    pub(crate) fn new(name: String, text: String) -> Self {
        Self {
            name,
            text,
            spans: OnceLock::new(),
        }
    }
}

/// A part of a source, as a JSON pointer: its span is looked up when somebody asks, which is seldom.
#[derive(Clone, Debug)]
pub(crate) struct Mark {
    pub(crate) source: Arc<Source>,
    pub(crate) pointer: Arc<str>,
}

impl Mark {
    pub(crate) fn value(&self) -> Option<Span> {
        self.source.spans.get()?.value(&self.pointer)
    }

    pub(crate) fn key(&self) -> Option<Span> {
        self.source.spans.get()?.key(&self.pointer)
    }
}

/// How the text in the file became the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Provenance {
    /// It is the value.
    Written,
    /// It names these environment variables.
    Environment(Arc<[String]>),
    /// It names a file whose whole text is the value.
    File,
}

/// Where a value is written, and how it came from there.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    pub(crate) mark: Mark,
    /// The key's own place, for an included value: it keeps the key of the file that includes it.
    pub(crate) key: Option<Mark>,
    pub(crate) provenance: Provenance,
}

impl Origin {
    /// The whole of a source.
    pub(crate) fn whole(source: Arc<Source>, provenance: Provenance) -> Self {
        let pointer = Arc::from("");
        Self {
            mark: Mark { source, pointer },
            key: None,
            provenance,
        }
    }

    /// A place that is no text, such as an environment variable.
    pub(crate) fn outside_text(name: String, provenance: Provenance) -> Self {
        Self::whole(Arc::new(Source::new(name, String::new())), provenance)
    }

    pub(crate) fn key_mark(&self) -> &Mark {
        self.key.as_ref().unwrap_or(&self.mark)
    }

    /// Whether it is written nowhere: a section that nobody wrote.
    pub(crate) fn is_nowhere(&self) -> bool {
        self.mark.source.name.is_empty()
    }
}

#[derive(Clone, Debug)]
pub(crate) enum Content {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Node>),
    Object(IndexMap<String, Node>),
}

/// A value and its origin.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) content: Content,
    pub(crate) origin: Origin,
}

impl Node {
    /// The value of `key`, when this is an object that has it.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        match &self.content {
            Content::Object(entries) => entries.get(key),
            _ => None,
        }
    }

    /// The value one step down.
    pub(crate) fn child(&self, step: &Step) -> Option<&Self> {
        match (step, &self.content) {
            (Step::Key(key), _) => self.get(key),
            (Step::Index(index), Content::List(items)) => items.get(*index),
            (Step::Index(_), _) => None,
        }
    }

    /// The value at the end of `path`.
    pub(crate) fn at(&self, path: &KeyPath) -> Option<&Self> {
        path.0.iter().try_fold(self, |node, step| node.child(step))
    }

    /// What is directly below, with the step that leads there.
    pub(crate) fn children(&self) -> Vec<(Step, &Self)> {
        match &self.content {
            Content::List(items) => items
                .iter()
                .enumerate()
                .map(|(index, node)| (Step::Index(index), node))
                .collect(),
            Content::Object(entries) => entries
                .iter()
                .map(|(key, node)| (Step::Key(key.clone()), node))
                .collect(),
            _ => Vec::new(),
        }
    }

    /// The value without its origins.
    pub(crate) fn to_value(&self) -> Value {
        match &self.content {
            Content::Null => Value::Null,
            Content::Bool(flag) => Value::Bool(*flag),
            Content::Number(number) => Value::Number(number.clone()),
            Content::Text(text) => Value::String(text.clone()),
            Content::List(items) => items.iter().map(Self::to_value).collect(),
            Content::Object(entries) => {
                let entries = entries
                    .iter()
                    .map(|(key, node)| (key.clone(), node.to_value()));
                Value::Object(entries.collect())
            }
        }
    }

    /// What kind of value this is, for people.
    pub(crate) fn kind(&self) -> &'static str {
        match &self.content {
            Content::Null => "nothing",
            Content::Bool(_) => "a boolean",
            Content::Number(_) => "a number",
            Content::Text(_) => "a string",
            Content::List(_) => "a list",
            Content::Object(_) => "an object",
        }
    }
}
