//! Fills in variables, `$env`, `$file` and `$include`, as `@backstage/config-loader` does.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::Environment;
use crate::budget::{Budget, MAX_DEPTH};
use crate::diagnostic::{Diagnostic, Place};
use crate::files::Files;
use crate::key_path::KeyPath;
use crate::node::{Content, Node, Provenance};
use crate::substitute::{Substituted, substitute};

mod include;

/// A value that is absent because a variable is not set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unset {
    pub(crate) key: KeyPath,
    pub(crate) variable: String,
    pub(crate) place: Place,
}

/// Resolves trees, and collects what it meets on the way.
pub(crate) struct Resolver<'a> {
    pub(crate) environment: &'a Environment,
    pub(crate) files: Files,
    pub(crate) budget: Budget,
    pub(crate) unset: Vec<Unset>,
    pub(crate) faults: Vec<Diagnostic>,
    pub(crate) notes: Vec<Diagnostic>,
    /// The inclusions that are being resolved: file and path inside it.
    including: Vec<(PathBuf, String)>,
}

/// The most faults of included values that are worth telling.
const MAX_FAULTS: usize = 100;

/// The keys that stand for something else when they are alone in their object.
const SPECIAL: [&str; 3] = ["$file", "$env", "$include"];

impl<'a> Resolver<'a> {
    pub(crate) fn new(environment: &'a Environment) -> Self {
        Self {
            environment,
            files: Files::default(),
            budget: Budget::new(),
            unset: Vec::new(),
            faults: Vec::new(),
            notes: Vec::new(),
            including: Vec::new(),
        }
    }

    /// The value that `node` stands for; `None` when it stands for nothing or is at fault.
    /// Files are looked up in `directory`.
    pub(crate) fn resolve(&mut self, node: Node, path: &KeyPath, directory: &Path) -> Option<Node> {
        if path.0.len() > MAX_DEPTH {
            let message = format!("nested deeper than {MAX_DEPTH} levels");
            self.fault(path, &node, message, "flatten the configuration");
            return None;
        }
        let Node { content, origin } = node;
        let content = match content {
            Content::Text(text) => return self.text(text, origin, path),
            Content::List(items) => {
                let items = items.into_iter().enumerate();
                let resolve = |(index, item)| self.resolve(item, &path.index(index), directory);
                Content::List(items.filter_map(resolve).collect())
            }
            Content::Object(entries) => {
                if entries.keys().any(|key| SPECIAL.contains(&key.as_str())) {
                    let node = Node {
                        content: Content::Object(entries),
                        origin,
                    };
                    return self.special(node, path, directory);
                }
                let resolve = |(key, value): (String, Node)| {
                    let value = self.resolve(value, &path.key(&key), directory)?;
                    Some((key, value))
                };
                Content::Object(entries.into_iter().filter_map(resolve).collect())
            }
            scalar => scalar,
        };
        Some(Node { content, origin })
    }

    /// A string with its variables filled in.
    fn text(&mut self, text: String, origin: crate::node::Origin, path: &KeyPath) -> Option<Node> {
        let mut node = Node {
            content: Content::Null,
            origin,
        };
        node.content = Content::Text(match substitute(text, self.environment) {
            Substituted::Unchanged(text) => text,
            Substituted::Filled { text, variables } => {
                if !variables.is_empty() {
                    node.origin.provenance = Provenance::Environment(variables.into());
                }
                text
            }
            Substituted::Unset(variable) => {
                self.absent(variable, &node, path);
                return None;
            }
        });
        Some(node)
    }

    /// An object such as `{ $env: NAME }`.
    fn special(&mut self, node: Node, path: &KeyPath, directory: &Path) -> Option<Node> {
        let (name, argument) = self.special_parts(&node, path)?;
        let argument = match substitute(argument, self.environment) {
            Substituted::Unchanged(text) | Substituted::Filled { text, .. } => text,
            Substituted::Unset(variable) => {
                let message = format!("`{name}` needs the variable `{variable}`, which is not set");
                let hint = format!("set `{variable}`, or give a fallback: `${{{variable}:-…}}`");
                self.fault(path, &node, message, &hint);
                return None;
            }
        };
        match name {
            "$env" => self.variable(&argument, node, path),
            "$file" => {
                let text = self.included_text(&node, path, &directory.join(&argument))?;
                let mut origin = node.origin;
                origin.provenance = Provenance::File;
                Some(Node {
                    content: Content::Text(text.trim_end().to_owned()),
                    origin,
                })
            }
            _ => self.include(&argument, &node, path, directory),
        }
    }

    /// The special key of an object, and its string.
    fn special_parts(&mut self, node: &Node, path: &KeyPath) -> Option<(&'static str, String)> {
        let Content::Object(entries) = &node.content else {
            return None;
        };
        let name = *SPECIAL.iter().find(|name| entries.contains_key(**name))?;
        if entries.len() > 1 {
            let message =
                format!("`{name}` stands for the whole object, found other keys beside it");
            self.fault(path, node, message, "move the other keys elsewhere");
            return None;
        }
        match entries.get(name) {
            Some(Node {
                content: Content::Text(text),
                ..
            }) => Some((name, text.clone())),
            other => {
                let found = other.map_or("nothing", Node::kind);
                let message = format!("expected a string after `{name}`, found {found}");
                self.fault(
                    path,
                    node,
                    message,
                    "write one string, in quotes when in doubt",
                );
                None
            }
        }
    }

    fn variable(&mut self, name: &str, node: Node, path: &KeyPath) -> Option<Node> {
        let Some(value) = self.environment.get(name) else {
            self.absent(name.to_owned(), &node, path);
            return None;
        };
        let mut origin = node.origin;
        origin.provenance = Provenance::Environment(Arc::from([name.to_owned()]));
        Some(Node {
            content: Content::Text(value.to_owned()),
            origin,
        })
    }

    /// The text of a file that must exist.
    fn included_text(&mut self, node: &Node, path: &KeyPath, file: &Path) -> Option<String> {
        let name = file.display();
        match self.files.text(file) {
            Ok(Some(text)) => Some(text),
            Ok(None) => {
                let message = format!("the file `{name}` does not exist");
                self.fault(
                    path,
                    node,
                    message,
                    "paths start in the folder of the file that names them",
                );
                None
            }
            Err(reason) => {
                let message = format!("the file `{name}` cannot be read: {reason}");
                self.fault(path, node, message, "correct the path or the file");
                None
            }
        }
    }

    fn absent(&mut self, variable: String, node: &Node, path: &KeyPath) {
        let place = Place::of_value(&node.origin);
        self.unset.push(Unset {
            key: path.clone(),
            variable,
            place,
        });
    }

    fn fault(&mut self, path: &KeyPath, node: &Node, message: String, hint: &str) {
        let fault = Diagnostic::new("config-include", message)
            .key(path)
            .place(Place::of_value(&node.origin))
            .hint(hint);
        // Past this many, one mistake repeats itself.
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(fault);
        }
    }
}
