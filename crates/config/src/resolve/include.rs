//! `$include: file#dotted.path`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use callboard_model::Span;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::Resolver;
use crate::budget::MAX_INCLUDES;
use crate::diagnostic::{Diagnostic, Place};
use crate::document;
use crate::key_path::KeyPath;
use crate::node::{Content, Node, Origin, Provenance, Source};

impl Resolver<'_> {
    /// The part of another file that `argument` names, resolved from that file's folder.
    pub(super) fn include(
        &mut self,
        argument: &str,
        node: &Node,
        path: &KeyPath,
        directory: &Path,
    ) -> Option<Node> {
        let (name, inside) = argument.split_once('#').unwrap_or((argument, ""));
        let file = directory.join(name);
        let step = (
            file.canonicalize().unwrap_or_else(|_| file.clone()),
            inside.to_owned(),
        );
        self.refuse_endless(&step, argument, node, path)?;
        let tree = self.included_tree(&file, node, path)?;
        let mut part = self.part(tree, inside, name, node, path)?;
        part.origin.key = Some(node.origin.key_mark().clone());
        self.including.push(step);
        let folder = file.parent().map_or_else(PathBuf::new, Path::to_owned);
        let resolved = self.resolve(part, path, &folder);
        self.including.pop();
        resolved
    }

    fn refuse_endless(
        &mut self,
        step: &(PathBuf, String),
        argument: &str,
        node: &Node,
        path: &KeyPath,
    ) -> Option<()> {
        if self.including.contains(step) {
            let message = format!("`{argument}` includes itself");
            self.fault(
                path,
                node,
                message,
                "include a part that does not lead back here",
            );
            return None;
        }
        if self.including.len() >= MAX_INCLUDES {
            let message = format!("more than {MAX_INCLUDES} files include one another in a row");
            self.fault(path, node, message, "include the last file directly");
            return None;
        }
        Some(())
    }

    /// The whole tree of an included file, by the ending of its name.
    fn included_tree(&mut self, file: &Path, node: &Node, path: &KeyPath) -> Option<Node> {
        let is_json = match file.extension().and_then(|ending| ending.to_str()) {
            Some("json") => true,
            Some("yaml" | "yml") => false,
            _ => {
                let message = format!(
                    "expected a name in `.json`, `.yaml` or `.yml`, found `{}`",
                    file.display()
                );
                self.fault(path, node, message, "use `$file` to take a text as it is");
                return None;
            }
        };
        let text = self.included_text(node, path, file)?;
        let source = Arc::new(Source::new(file.display().to_string(), text));
        let read = if is_json {
            self.json(&source)
        } else {
            document::read(&source, &mut self.budget)
        };
        match read {
            Ok(tree) => Some(tree.unwrap_or_else(|| nothing(source))),
            Err(faults) => {
                self.faults.extend(faults);
                None
            }
        }
    }

    /// JSON is read as YAML for its places, once it is known to be JSON.
    fn json(&mut self, source: &Arc<Source>) -> Result<Option<Node>, Vec<Diagnostic>> {
        if let Err(error) = serde_json::from_str::<IgnoredAny>(&source.text) {
            let fault = invalid_json(source, &error);
            return Err(vec![fault]);
        }
        document::read(source, &mut self.budget).or_else(|faults| {
            let value: Value = serde_json::from_str(&source.text).map_err(|_| faults)?;
            let node = document::plain(value, &nothing(Arc::clone(source)).origin);
            self.budget.spend(&node).map_err(|fault| vec![fault])?;
            Ok(Some(node))
        })
    }

    /// What `inside` names within an included tree.
    fn part(
        &mut self,
        tree: Node,
        inside: &str,
        file: &str,
        node: &Node,
        path: &KeyPath,
    ) -> Option<Node> {
        let mut part = tree;
        let mut walked = String::new();
        let mut steps = (!inside.is_empty())
            .then(|| inside.split('.'))
            .into_iter()
            .flatten()
            .peekable();
        while let Some(step) = steps.next() {
            let kind = part.kind();
            let next = match part.content {
                Content::Object(mut entries) => entries.swap_remove(step),
                _ => {
                    self.no_object(file, &walked, kind, node, path);
                    return None;
                }
            };
            if !walked.is_empty() {
                walked.push('.');
            }
            walked.push_str(step);
            match next {
                Some(next) => part = next,
                None if steps.peek().is_some() => {
                    self.no_object(file, &walked, "nothing", node, path);
                    return None;
                }
                None => {
                    self.nothing_there(file, &walked, node, path);
                    return None;
                }
            }
        }
        Some(part)
    }

    fn no_object(&mut self, file: &str, at: &str, found: &str, node: &Node, path: &KeyPath) {
        let at = if at.is_empty() {
            "the top".to_owned()
        } else {
            format!("`{at}`")
        };
        let message = format!("expected an object at {at} of `{file}`, found {found}");
        self.fault(path, node, message, "correct what follows the `#`");
    }

    fn nothing_there(&mut self, file: &str, at: &str, node: &Node, path: &KeyPath) {
        let message = format!("`{file}` has nothing at `{at}`, so this value is absent");
        let note = Diagnostic::new("config-include", message)
            .key(path)
            .place(Place::of_value(&node.origin))
            .hint("correct what follows the `#`");
        self.notes.push(note);
    }
}

fn nothing(source: Arc<Source>) -> Node {
    Node {
        content: Content::Null,
        origin: Origin::whole(source, Provenance::Written),
    }
}

/// The parser's complaint with its place, which it writes into the text.
fn invalid_json(source: &Arc<Source>, error: &serde_json::Error) -> Diagnostic {
    let lines = source
        .text
        .split_inclusive('\n')
        .take(error.line().saturating_sub(1));
    let line_start = lines.map(str::len).sum::<usize>();
    let start = (line_start + error.column().saturating_sub(1)).min(source.text.len());
    let before = source.text.get(line_start..start).unwrap_or_default();
    let span = Span {
        start,
        end: (start + 1).min(source.text.len()),
        line: error.line(),
        column: before.chars().count() + 1,
    };
    let text = error.to_string();
    let reason = text.split(" at line ").next().unwrap_or_default();
    Diagnostic::new("config-syntax", format!("this is not JSON: {reason}"))
        .place(Place::new(source, Some(span)))
        .hint("correct the file, or name it `.yaml` if that is what it is")
}
