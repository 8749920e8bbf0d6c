//! A fault becomes a sentence with its place.

use super::fault::{Fault, Reason};
use super::{Reading, wording};
use crate::diagnostic::{Diagnostic, Place};
use crate::key_path::{KeyPath, Step};
use crate::node::{Content, Node, Provenance};
use crate::schema_view::{Child, SchemaView};
use crate::secrecy;

impl Reading<'_> {
    /// Says what is wrong with `culprit`, the value that `fault` is about.
    pub(super) fn explain(&self, fault: &Fault, culprit: &Node) -> Diagnostic {
        let mut key = self.path.join(&fault.steps);
        let mut steps = fault.steps.clone();
        if let Some(name) = fault.reason.key() {
            key = key.key(name);
            steps.push(Step::Key(name.to_owned()));
        }
        let view = self.view(&steps);
        let is_secret = secrecy::hides(&key, culprit, view.as_ref());
        let diagnostic = match &fault.reason {
            Reason::Missing(_) => self.missing(&key, view.as_ref()),
            Reason::UnknownKey { key: name, known } => unknown(name, known),
            Reason::Expected(expected) => wrong(expected, culprit, fault, is_secret),
            Reason::OneOf(names) => one_of(names, culprit, fault, is_secret),
            Reason::Rule(_) if is_secret => Diagnostic::new(
                "config-wrong-value",
                "not valid; the value is secret and not shown",
            ),
            Reason::Rule(rule) if rule.starts_with(UNTAGGED) => {
                wrong(&alternatives(view.as_ref()), culprit, fault, is_secret)
            }
            Reason::Rule(rule) => Diagnostic::new("config-wrong-value", rule.clone()),
        };
        let place = match fault.reason.key().and_then(|name| culprit.get(name)) {
            Some(entry) => Place::of_key(&entry.origin),
            None => Place::of_value(&culprit.origin),
        };
        let place = if is_secret && fault.reason.key().is_none() {
            place.masked()
        } else {
            place
        };
        let diagnostic = diagnostic.key(key);
        if culprit.origin.is_nowhere() {
            diagnostic
        } else {
            diagnostic.place(place)
        }
    }

    /// Says that the whole section cannot be read, for when no part of it is to blame.
    pub(super) fn whole(&self, node: &Node) -> Diagnostic {
        let message = "the section cannot be read";
        Diagnostic::new("config-wrong-value", message)
            .key(self.path)
            .place(Place::of_value(&node.origin))
    }

    fn view(&self, steps: &[Step]) -> Option<SchemaView<'_>> {
        steps
            .iter()
            .try_fold(SchemaView::new(self.schema()), |view, step| match step {
                Step::Index(_) => view.item(),
                Step::Key(key) => match view.key(key) {
                    Child::Known(view) => Some(view),
                    Child::Open | Child::Unknown => None,
                },
            })
    }

    fn missing(&self, key: &KeyPath, view: Option<&SchemaView<'_>>) -> Diagnostic {
        let diagnostic =
            Diagnostic::new("config-missing-value", "a value is required, found nothing");
        if let Some(unset) = self.unset.iter().find(|unset| unset.key == *key) {
            let (place, variable) = (&unset.place, &unset.variable);
            return diagnostic.hint(format!(
                "{place} takes it from `{variable}`, which is not set"
            ));
        }
        match view.and_then(SchemaView::summary) {
            Some(summary) => diagnostic.hint(format!("add it: {summary}")),
            None => diagnostic,
        }
    }
}

/// How serde begins when none of several shapes fits; the name of our type, which follows, helps nobody.
const UNTAGGED: &str = "data did not match any variant";

/// The kinds of value that the schema accepts.
fn alternatives(view: Option<&SchemaView<'_>>) -> String {
    let kinds: Vec<_> = view.map(SchemaView::kinds).unwrap_or_default();
    let words: Vec<_> = kinds.into_iter().map(wording::of_schema_type).collect();
    match words.as_slice() {
        [] => "another value".to_owned(),
        words => words.join(" or "),
    }
}

fn unknown(name: &str, known: &[&'static str]) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        "config-unknown-key",
        format!("there is no key `{name}` here"),
    );
    match nearest(name, known.iter().copied()) {
        Some(nearest) => diagnostic.hint(format!("did you mean `{nearest}`?")),
        None => diagnostic,
    }
}

fn wrong(expected: &str, culprit: &Node, fault: &Fault, is_secret: bool) -> Diagnostic {
    let found = found(culprit, fault, is_secret);
    let diagnostic = Diagnostic::new(
        "config-wrong-value",
        format!("expected {expected}, found {found}"),
    );
    let is_scalar = matches!(culprit.content, Content::Number(_) | Content::Bool(_));
    if expected == "a string" && is_scalar {
        return diagnostic.hint("put it in quotes");
    }
    diagnostic
}

fn one_of(names: &[&'static str], culprit: &Node, fault: &Fault, is_secret: bool) -> Diagnostic {
    let list: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    let expected = match list.as_slice() {
        [only] => only.clone(),
        all => format!("one of {}", all.join(", ")),
    };
    let diagnostic = wrong(&expected, culprit, fault, is_secret);
    let written = match &culprit.content {
        Content::Text(text) if !is_secret => Some(text.as_str()),
        _ => None,
    };
    match written.and_then(|text| nearest(text, names.iter().copied())) {
        Some(nearest) => diagnostic.hint(format!("did you mean `{nearest}`?")),
        None => diagnostic,
    }
}

/// The value as it is written, unless it is secret or large.
fn found(culprit: &Node, fault: &Fault, is_secret: bool) -> String {
    const MAX_CHARS: usize = 60;
    let value = match &culprit.content {
        Content::Object(_) | Content::List(_) if fault.found.is_some() => {
            return "another value in it".to_owned();
        }
        Content::Object(_) | Content::List(_) | Content::Null => return culprit.kind().to_owned(),
        Content::Text(text) if text.is_empty() => return "an empty string".to_owned(),
        _ if is_secret => return format!("{}, which is secret and not shown", culprit.kind()),
        Content::Text(text) => text.clone(),
        _ => culprit.to_value().to_string(),
    };
    let value = secrecy::without_url_password(&value).unwrap_or(value);
    let mut shown: String = value.chars().take(MAX_CHARS).collect();
    if shown.len() < value.len() {
        shown.push('…');
    }
    match &culprit.origin.provenance {
        Provenance::Environment(variables) if !culprit.origin.mark.source.text.is_empty() => {
            let names: Vec<_> = variables.iter().map(|name| format!("`{name}`")).collect();
            format!(
                "`{shown}` from the environment variable {}",
                names.join(" and ")
            )
        }
        _ => format!("`{shown}`"),
    }
}

/// The known name that `name` was probably meant to be.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    const CLOSE: f64 = 0.7;
    let lower = name.to_lowercase();
    let close = known.filter_map(|known| {
        let likeness = strsim::normalized_damerau_levenshtein(&lower, &known.to_lowercase());
        (likeness >= CLOSE && known != name).then_some((likeness, known))
    });
    close
        .max_by(|(left, _), (right, _)| left.total_cmp(right))
        .map(|(_, known)| known)
}
