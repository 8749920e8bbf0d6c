//! Text becomes a tree whose values know their place.

use std::sync::Arc;

use callboard_model::yaml;
use serde_json::Value;

use crate::budget::Budget;
use crate::diagnostic::{Diagnostic, Place};
use crate::node::{Content, Mark, Node, Origin, Provenance, Source};

/// What one text holds: nothing, or one tree.
pub(crate) fn read(
    source: &Arc<Source>,
    budget: &mut Budget,
) -> Result<Option<Node>, Vec<Diagnostic>> {
    let stream = yaml::parse(&source.text, &yaml::Options::default());
    if !stream.problems.is_empty() {
        let faults = stream.problems.into_iter().map(|problem| {
            let place = Place::new(source, problem.span);
            let mut fault = Diagnostic::new("config-syntax", problem.message).place(place);
            fault.hint = problem.hint;
            fault
        });
        return Err(faults.collect());
    }
    if let Some(second) = stream.documents.get(1) {
        let message = "expected one document, found a second one after `---`";
        let fault = Diagnostic::new("config-syntax", message)
            .place(Place::new(source, Some(second.span)))
            .hint("put it into a file of its own and name that file with `--config`");
        return Err(vec![fault]);
    }
    let Some(document) = stream.documents.into_iter().next() else {
        return Ok(None);
    };
    let _ = source.spans.set(document.spans);
    let builder = Builder { source };
    let node = builder.node(document.value, &mut String::new());
    budget.spend(&node).map_err(|fault| vec![fault])?;
    Ok(Some(node))
}

/// A value that was not written in a file: every part of it has the origin of the whole.
pub(crate) fn plain(value: Value, origin: &Origin) -> Node {
    let content = match value {
        Value::Null => Content::Null,
        Value::Bool(flag) => Content::Bool(flag),
        Value::Number(number) => Content::Number(number),
        Value::String(text) => Content::Text(text),
        Value::Array(items) => {
            Content::List(items.into_iter().map(|item| plain(item, origin)).collect())
        }
        Value::Object(entries) => {
            let entries = entries
                .into_iter()
                .map(|(key, value)| (key, plain(value, origin)));
            Content::Object(entries.collect())
        }
    };
    Node {
        content,
        origin: origin.clone(),
    }
}

struct Builder<'a> {
    source: &'a Arc<Source>,
}

impl Builder<'_> {
    /// The node of `value`, which is at the JSON pointer `pointer`.
    fn node(&self, value: Value, pointer: &mut String) -> Node {
        let origin = Origin {
            mark: Mark {
                source: Arc::clone(self.source),
                pointer: Arc::from(pointer.as_str()),
            },
            key: None,
            provenance: Provenance::Written,
        };
        let content = match value {
            Value::Null => Content::Null,
            Value::Bool(flag) => Content::Bool(flag),
            Value::Number(number) => Content::Number(number),
            Value::String(text) => Content::Text(text),
            Value::Array(items) => {
                let items = items.into_iter().enumerate();
                Content::List(
                    items
                        .map(|(index, item)| self.child(item, &index.to_string(), pointer))
                        .collect(),
                )
            }
            Value::Object(entries) => {
                let entries = entries.into_iter().map(|(key, value)| {
                    let step = key.replace('~', "~0").replace('/', "~1");
                    let node = self.child(value, &step, pointer);
                    (key, node)
                });
                Content::Object(entries.collect())
            }
        };
        Node { content, origin }
    }

    fn child(&self, value: Value, step: &str, pointer: &mut String) -> Node {
        let length = pointer.len();
        pointer.push('/');
        pointer.push_str(step);
        let node = self.node(value, pointer);
        pointer.truncate(length);
        node
    }
}
