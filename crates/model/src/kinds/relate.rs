//! From the fields that name other entities to relations.

use serde_json::Value;

use super::form::{Field, Form};
use crate::problem::Problems;
use crate::{Entity, EntityRef, InvalidEntityRef, Problem, RefContext, Relation, shown};

pub(super) fn relations(form: &Form, entity: &Entity) -> (Vec<Relation>, Vec<Problem>) {
    let (mut relations, mut problems) = (Vec::new(), Problems::default());
    // Without a name nothing can relate to it; validation says what is missing.
    let Ok(source) = entity.entity_ref() else {
        return (relations, problems.into_vec());
    };
    for field in &form.relations {
        let Some(value) = field.value(entity.object()) else {
            continue;
        };
        for (index, text) in references(value) {
            match target(field, text, entity.namespace()) {
                Ok(target) if !field.allows(&target) => {
                    problems.push(not_allowed(field, index, &target));
                }
                Ok(target) => push_both(&mut relations, field, &source, target),
                Err(error) => problems.push(invalid(field, index, text, &error)),
            }
        }
    }
    relations.sort_unstable();
    relations.dedup();
    (relations, problems.into_vec())
}

/// The references in a field, and each one's index when the field is a list; empty ones are for the
/// schema to refuse.
fn references(value: &Value) -> impl Iterator<Item = (Option<usize>, &str)> {
    let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
    let listed = items
        .iter()
        .enumerate()
        .filter_map(|(at, item)| Some((Some(at), item.as_str()?)));
    let single = value.as_str().map(|text| (None, text));
    single
        .into_iter()
        .chain(listed)
        .filter(|(_, text)| !text.is_empty())
}

fn target(field: &Field, text: &str, namespace: &str) -> Result<EntityRef, InvalidEntityRef> {
    EntityRef::parse(
        text,
        RefContext {
            kind: field.default_kind.as_deref(),
            namespace: Some(if field.in_default_namespace {
                "default"
            } else {
                namespace
            }),
        },
    )
}

fn push_both(relations: &mut Vec<Relation>, field: &Field, source: &EntityRef, target: EntityRef) {
    relations.push(Relation {
        source: source.clone(),
        kind: field.pair.forward.clone(),
        target: target.clone(),
    });
    relations.push(Relation {
        source: target,
        kind: field.pair.reverse.clone(),
        target: source.clone(),
    });
}

impl Field {
    fn allows(&self, target: &EntityRef) -> bool {
        self.allowed_kinds.as_ref().is_none_or(|kinds| {
            let mut kinds = kinds.iter();
            kinds.any(|kind| kind.eq_ignore_ascii_case(target.kind()))
        })
    }

    fn place(&self, index: Option<usize>) -> String {
        match index {
            Some(index) => format!("{}[{index}]", self.path),
            None => self.path.clone(),
        }
    }
}

fn not_allowed(field: &Field, index: Option<usize>, target: &EntityRef) -> Problem {
    let kinds: Vec<&str> = field
        .allowed_kinds
        .iter()
        .flatten()
        .map(String::as_str)
        .collect();
    let message = format!("`{target}` is of a kind that is not meant here");
    Problem::new("reference-kind", message)
        .path(field.place(index))
        .hint(format!("name an entity of {}", shown::list(&kinds)))
}

fn invalid(field: &Field, index: Option<usize>, text: &str, error: &InvalidEntityRef) -> Problem {
    let path = field.place(index);
    let problem = Problem::new("invalid-entity-ref", error.to_string()).path(path);
    match error {
        InvalidEntityRef::NoKind(_) => {
            problem.hint(format!("write the kind too: `component:{text}`"))
        }
        InvalidEntityRef::EmptyPart { .. } => {
            problem.hint("fill in the empty part, or leave its separator out")
        }
    }
}

pub(super) fn normalize(form: &Form, entity: &mut Entity) {
    for field in form.relations.iter().filter(|field| field.sorted) {
        if let Some(Value::Array(items)) = field.value_mut(entity.object_mut())
            && items.iter().all(Value::is_string)
        {
            items.sort_by(|one, other| one.as_str().cmp(&other.as_str()));
        }
    }
}
