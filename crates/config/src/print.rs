//! The configuration as people may see it.

use serde_json::{Map, Value};

use crate::Config;
use crate::key_path::{KeyPath, Step};
use crate::node::{Content, Node};
use crate::schema_view::{Child, SchemaView};
use crate::secrecy::{self, REDACTED};

mod yaml;

/// How to print.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// As YAML, like the files themselves.
    #[default]
    Yaml,
    /// As JSON, for programs.
    Json,
    /// As YAML, each value followed by a comment that says where it is written.
    YamlWithOrigins,
}

pub(crate) fn print(config: &Config, schema: &Value, format: Format) -> String {
    let view = SchemaView::new(schema);
    let root = redact(config.root(), &KeyPath::default(), Some(&view));
    match format {
        Format::Yaml => yaml::print(&root, None),
        Format::YamlWithOrigins => yaml::print(&root, Some(config.root())),
        Format::Json => format!("{root:#}\n"),
    }
}

/// The value of `node` without its secrets.
fn redact(node: &Node, path: &KeyPath, view: Option<&SchemaView<'_>>) -> Value {
    match &node.content {
        Content::List(items) => {
            let view = view.and_then(SchemaView::item);
            let items = items.iter().enumerate();
            items
                .map(|(index, item)| redact(item, &path.index(index), view.as_ref()))
                .collect()
        }
        Content::Object(entries) => {
            let entries = entries.iter().map(|(key, child)| {
                let view = view.and_then(|view| below(view, key));
                (key.clone(), redact(child, &path.key(key), view.as_ref()))
            });
            Value::Object(entries.collect::<Map<_, _>>())
        }
        Content::Null | Content::Bool(_) if !is_declared_secret(view) => node.to_value(),
        _ if secrecy::hides(path, node, view) => REDACTED.into(),
        Content::Text(text) => secrecy::without_url_password(text)
            .unwrap_or_else(|| text.clone())
            .into(),
        _ => node.to_value(),
    }
}

/// A flag under a secret-looking name is no secret, unless the schema says so.
fn is_declared_secret(view: Option<&SchemaView<'_>>) -> bool {
    use crate::schema_view::Visibility;
    view.and_then(SchemaView::visibility) == Some(Visibility::Secret)
}

fn below<'a>(view: &SchemaView<'a>, key: &str) -> Option<SchemaView<'a>> {
    match view.key(key) {
        Child::Known(view) => Some(view),
        Child::Open | Child::Unknown => None,
    }
}

/// Where the value one step below `node` is written.
fn origin_below<'a>(node: Option<&'a Node>, step: &Step) -> Option<&'a Node> {
    node.and_then(|node| node.child(step))
}
