//! What each kind requires and how it relates to others, and what relations, annotations, labels and tags mean.
//!
//! All of that is declared in files: those in `kinds/`, then those of the operator, put together in their order. A
//! kind has *forms*: what one `apiVersion`, or one `spec.type` of it, requires. A form is a JSON Schema for
//! `spec`, and the fields that name other entities.
//!
//! Never here: a `match` on a kind. Adding one: its file, and a line in `BUILT_IN`.
//! Start reading at [`Kinds::validate`].

use std::sync::{Arc, LazyLock};

use rustc_hash::FxHashMap;
use serde_json::Value;

use crate::{Entity, Problem, Relation, RelationPair, yaml};

mod compile;
mod explain;
mod file;
mod form;
mod layer;
mod merge;
mod relate;
mod words;

pub use form::{Field, Form};
pub use layer::{InvalidModel, ModelFile};
pub use words::{RelationWords, Term};

/// The files that come with the product: name and text.
const BUILT_IN: [(&str, &str); 12] = [
    ("relations.yaml", include_str!("../../kinds/relations.yaml")),
    ("component.yaml", include_str!("../../kinds/component.yaml")),
    ("api.yaml", include_str!("../../kinds/api.yaml")),
    ("resource.yaml", include_str!("../../kinds/resource.yaml")),
    ("system.yaml", include_str!("../../kinds/system.yaml")),
    ("domain.yaml", include_str!("../../kinds/domain.yaml")),
    ("group.yaml", include_str!("../../kinds/group.yaml")),
    ("user.yaml", include_str!("../../kinds/user.yaml")),
    ("location.yaml", include_str!("../../kinds/location.yaml")),
    ("template.yaml", include_str!("../../kinds/template.yaml")),
    (
        "ai_resource.yaml",
        include_str!("../../kinds/ai_resource.yaml"),
    ),
    (
        "annotations.yaml",
        include_str!("../../kinds/annotations.yaml"),
    ),
];

/// The kinds that a catalog knows.
#[derive(Debug)]
pub struct Kinds {
    /// In the order in which they are shown.
    kinds: Vec<Kind>,
    by_name: FxHashMap<String, usize>,
    relations: Vec<RelationWords>,
    annotations: Vec<Term>,
    labels: Vec<Term>,
    tags: Vec<Term>,
    fingerprint: u64,
}

/// One kind.
#[derive(Debug)]
pub struct Kind {
    name: String,
    singular: String,
    plural: String,
    description: String,
    forms: Vec<Form>,
}

impl Kind {
    /// The name as entities write it, such as `Component`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What one of them is called, such as `component`.
    pub fn singular(&self) -> &str {
        &self.singular
    }

    /// What several of them are called, such as `components`.
    pub fn plural(&self) -> &str {
        &self.plural
    }

    /// What the kind is for, in one sentence.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// What its entities require, by `apiVersion` and `spec.type`.
    pub fn forms(&self) -> &[Form] {
        &self.forms
    }

    /// Every `apiVersion` that the kind is written in.
    pub fn api_versions(&self) -> Vec<&str> {
        let mut versions: Vec<&str> = Vec::new();
        for version in self.forms.iter().flat_map(|form| &form.api_versions) {
            if !versions.contains(&version.as_str()) {
                versions.push(version);
            }
        }
        versions
    }

    /// The relations that its entities declare, each pair once.
    pub fn relation_pairs(&self) -> Vec<&RelationPair> {
        let mut pairs: Vec<&RelationPair> = Vec::new();
        for field in self.forms.iter().flat_map(|form| &form.relations) {
            if !pairs.contains(&&field.pair) {
                pairs.push(&field.pair);
            }
        }
        pairs
    }

    /// What entities of this `apiVersion` and `spec.type` follow.
    fn form(&self, entity: &Entity) -> Option<&Form> {
        let api_version = entity.api_version()?;
        let spec_type = entity
            .spec()
            .and_then(|spec| spec.get("type"))
            .and_then(Value::as_str);
        let mut general = None;
        for form in self.forms.iter().filter(|form| form.is_for(api_version)) {
            match &form.spec_type {
                Some(own) if Some(own.as_str()) == spec_type => return Some(form),
                Some(_) => {}
                None => general = general.or(Some(form)),
            }
        }
        general
    }
}

impl Kinds {
    /// The kinds that come with the product.
    pub fn built_in() -> &'static Arc<Kinds> {
        static KINDS: LazyLock<Arc<Kinds>> = LazyLock::new(|| {
            let kinds = Kinds::with(&[]);
            Arc::new(
                kinds.expect("the test `the_built_in_model_is_well_formed` reads these same files"),
            )
        });
        &KINDS
    }

    /// The kinds that come with the product, and what `files` add to them in their order.
    pub fn with(files: &[ModelFile]) -> Result<Kinds, InvalidModel> {
        let built_in = BUILT_IN.map(|(name, text)| ModelFile {
            name: format!("the built-in {name}"),
            text: text.to_owned(),
        });
        compile::compile(&[&built_in, files].concat())
    }

    /// What relations are called.
    pub fn relation_words(&self) -> &[RelationWords] {
        &self.relations
    }

    /// The annotations that are declared.
    pub fn annotations(&self) -> &[Term] {
        &self.annotations
    }

    /// The labels that are declared.
    pub fn labels(&self) -> &[Term] {
        &self.labels
    }

    /// The tags that are declared.
    pub fn tags(&self) -> &[Term] {
        &self.tags
    }

    /// Another number when the files say something else.
    pub fn fingerprint(&self) -> u64 {
        self.fingerprint
    }

    /// Every kind, in the order in which they are shown.
    pub fn iter(&self) -> impl Iterator<Item = &Kind> {
        self.kinds.iter()
    }

    /// The kind of this name, in the letter case that entities write.
    pub fn get(&self, name: &str) -> Option<&Kind> {
        self.by_name.get(name).and_then(|at| self.kinds.get(*at))
    }

    /// What the entity's kind finds wrong with it.
    ///
    /// What is wrong with `kind`, `apiVersion` and `spec` as such is for
    /// [`validate::envelope`](crate::validate::envelope) to say.
    pub fn validate(&self, entity: &Entity) -> Vec<Problem> {
        let (Some(name), Some(api_version)) = (entity.kind(), entity.api_version()) else {
            return Vec::new();
        };
        let Some(kind) = self.get(name) else {
            return vec![explain::unknown_kind(self, name)];
        };
        let Some(form) = kind.form(entity) else {
            return vec![explain::unknown_api_version(kind, api_version)];
        };
        let mut problems = self.terms(entity);
        match entity.object().get("spec") {
            None => problems.push(explain::no_spec(kind, form)),
            Some(spec @ Value::Object(_)) => problems.extend(form.validate(kind, spec)),
            Some(_) => {}
        }
        problems
    }

    /// What is wrong with the values of annotations and labels that are declared.
    fn terms(&self, entity: &Entity) -> Vec<Problem> {
        let annotations = self.annotations.iter().map(|term| ("annotations", term));
        let labels = self.labels.iter().map(|term| ("labels", term));
        annotations
            .chain(labels)
            .flat_map(|(section, term)| term.problems(section, entity))
            .collect()
    }

    /// The relations that the entity declares, in both directions and in order, and what is wrong
    /// with the references that make none.
    pub fn relations(&self, entity: &Entity) -> (Vec<Relation>, Vec<Problem>) {
        match self.form_of(entity) {
            Some(form) => relate::relations(form, entity),
            None => (Vec::new(), Vec::new()),
        }
    }

    /// Sorts the lists whose order means nothing, so that the order in a file changes nothing.
    pub fn normalize(&self, entity: &mut Entity) {
        if let Some(form) = self.form_of(entity) {
            relate::normalize(form, entity);
        }
    }

    fn form_of(&self, entity: &Entity) -> Option<&Form> {
        self.get(entity.kind()?)?.form(entity)
    }
}

/// How kind files are read: as everything else, with `<<` for what forms share.
fn reading() -> yaml::Options {
    yaml::Options {
        merge_keys: true,
        ..yaml::Options::default()
    }
}

#[cfg(test)]
mod tests;
