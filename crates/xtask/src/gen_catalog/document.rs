//! One entity as YAML text, with the relations that it will have.

use std::fmt::Write as _;

/// The `apiVersion` of every generated entity.
const API_VERSION: &str = "backstage.io/v1alpha1";

/// The kind, namespace and name of an entity.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Ref {
    pub(super) kind: &'static str,
    pub(super) namespace: &'static str,
    pub(super) name: String,
}

impl Ref {
    /// As written by an entity in `namespace` where `kind` is understood: as short as possible.
    fn short(&self, kind: &str, namespace: &str) -> String {
        let mut text = String::new();
        if self.kind != kind {
            text.push_str(&self.kind.to_ascii_lowercase());
            text.push(':');
        }
        if self.namespace != namespace {
            text.push_str(self.namespace);
            text.push('/');
        }
        text + &self.name
    }
}

/// An entity while it is written: fields go in from top to bottom.
pub(super) struct Document {
    pub(super) id: Ref,
    pub(super) text: String,
    /// What the entity points at: relation type and target.
    pub(super) relations: Vec<(&'static str, Ref)>,
}

impl Document {
    /// Starts an entity with its title and description.
    pub(super) fn start(id: Ref, title: &str, description: &str) -> Self {
        let mut document = Self {
            text: String::with_capacity(1_500),
            id,
            relations: Vec::new(),
        };
        document.field(0, "apiVersion", API_VERSION);
        document.field(0, "kind", document.id.kind);
        document.line(0, "metadata:");
        document.field(1, "name", &document.id.name.clone());
        if document.id.namespace != "default" {
            document.field(1, "namespace", document.id.namespace);
        }
        document.field(1, "title", title);
        document.field(1, "description", description);
        document
    }

    /// Writes a line as it stands, `depth` levels in.
    pub(super) fn line(&mut self, depth: usize, line: &str) {
        self.text.extend(std::iter::repeat_n("  ", depth));
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// Writes `key: value`.
    pub(super) fn field(&mut self, depth: usize, key: &str, value: &str) {
        self.text.extend(std::iter::repeat_n("  ", depth));
        self.text.push_str(key);
        self.text.push_str(": ");
        self.scalar(value);
        self.text.push('\n');
    }

    /// Writes a list below `key`; an empty one is left out.
    pub(super) fn list(&mut self, depth: usize, key: &str, values: &[String]) {
        if values.is_empty() {
            return;
        }
        self.line(depth, &format!("{key}:"));
        for value in values {
            self.text.extend(std::iter::repeat_n("  ", depth + 1));
            self.text.push_str("- ");
            self.scalar(value);
            self.text.push('\n');
        }
    }

    /// Writes `text` as a literal block below `key`.
    pub(super) fn block(&mut self, depth: usize, key: &str, text: &str) {
        self.line(depth, &format!("{key}: |"));
        for line in text.lines() {
            let depth = if line.is_empty() { 0 } else { depth + 1 };
            self.line(depth, line);
        }
    }

    /// Writes a field of `spec` that names one entity; `kind` is what the field understands.
    pub(super) fn reference(&mut self, key: &str, kind: &str, relation: &'static str, target: Ref) {
        let short = target.short(kind, self.id.namespace);
        self.field(1, key, &short);
        self.relations.push((relation, target));
    }

    /// Writes a field of `spec` that names several entities; leaves it out when there is none.
    pub(super) fn references(
        &mut self,
        key: &str,
        kind: &str,
        relation: &'static str,
        mut targets: Vec<Ref>,
    ) {
        let mut seen = std::collections::HashSet::new();
        targets.retain(|target| seen.insert(target.clone()));
        let short: Vec<_> = targets
            .iter()
            .map(|target| target.short(kind, self.id.namespace))
            .collect();
        self.list(1, key, &short);
        self.relations
            .extend(targets.into_iter().map(|target| (relation, target)));
    }

    /// Writes a value, quoted where YAML would read anything but the same text.
    fn scalar(&mut self, value: &str) {
        if is_plain(value) {
            self.text.push_str(value);
        } else {
            // A JSON string is a YAML string; writing to a `String` cannot fail.
            let _ = write!(self.text, "{}", serde_json::Value::from(value));
        }
    }
}

/// Whether YAML 1.1 and 1.2 both read `value` without quotes as this text.
fn is_plain(value: &str) -> bool {
    const WORDS: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let mut letters = value.bytes();
    letters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic())
        && letters.all(|byte| {
            byte.is_ascii_alphanumeric() || b" -_./@+(),".contains(&byte) || byte == b':'
        })
        && !value.contains(": ")
        && !value.ends_with([':', ' '])
        && !WORDS.contains(&value.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_yaml_would_misread_is_quoted() {
        for value in ["no", "1.0", "a: b", "", "c#", "- x", "url:"] {
            assert!(!is_plain(value), "{value}");
        }
        for value in [
            "payments-ledger",
            "url:https://git.example.com/a",
            "Keeps money (safely), always",
        ] {
            assert!(is_plain(value), "{value}");
        }
    }

    #[test]
    fn references_are_as_short_as_their_field_allows() {
        let target = Ref {
            kind: "API",
            namespace: "retail",
            name: "prices".into(),
        };
        assert_eq!(target.short("API", "retail"), "prices");
        assert_eq!(target.short("API", "default"), "retail/prices");
        assert_eq!(target.short("Component", "default"), "api:retail/prices");
    }
}
