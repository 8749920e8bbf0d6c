//! What each kind requires and how it relates to others.
//!
//! A kind is a file in `kinds/`: its names, and its *forms*. A form is what one `apiVersion`, or one
//! `spec.type` of it, requires: a JSON Schema for `spec`, and the fields that name other entities.
//!
//! Never here: a `match` on a kind. Adding one: its file, and a line in `BUILT_IN`.
//! Start reading at [`Kinds::validate`].

use std::sync::{Arc, LazyLock};

use rustc_hash::FxHashMap;
use serde_json::Value;

use crate::{Entity, Problem, Relation, RelationPair, yaml};

mod explain;
mod file;
mod form;
mod relate;

pub use file::InvalidKind;
use file::KindFile;
use form::Form;

/// The kinds that come with the product.
const BUILT_IN: [&str; 10] = [
    include_str!("../../kinds/component.yaml"),
    include_str!("../../kinds/api.yaml"),
    include_str!("../../kinds/resource.yaml"),
    include_str!("../../kinds/system.yaml"),
    include_str!("../../kinds/domain.yaml"),
    include_str!("../../kinds/group.yaml"),
    include_str!("../../kinds/user.yaml"),
    include_str!("../../kinds/location.yaml"),
    include_str!("../../kinds/template.yaml"),
    include_str!("../../kinds/ai_resource.yaml"),
];

/// The kinds that a catalog knows.
#[derive(Debug)]
pub struct Kinds {
    /// In the order in which they are shown.
    kinds: Vec<Kind>,
    by_name: FxHashMap<String, usize>,
}

/// One kind.
#[derive(Debug)]
pub struct Kind {
    name: String,
    plural: String,
    description: String,
    forms: Vec<Form>,
}

impl Kind {
    /// The name as entities write it, such as `Component`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What several of them are called, such as `components`.
    pub fn plural(&self) -> &str {
        &self.plural
    }

    /// What the kind is for, in one sentence.
    pub fn description(&self) -> &str {
        &self.description
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
            let kinds = Kinds::read(BUILT_IN);
            Arc::new(
                kinds
                    .expect("the test `the_built_in_kinds_are_well_formed` reads these same files"),
            )
        });
        &KINDS
    }

    /// The kinds that `files` describe, one in each.
    pub fn read<'f>(files: impl IntoIterator<Item = &'f str>) -> Result<Kinds, InvalidKind> {
        let kinds: Vec<Kind> = files
            .into_iter()
            .map(|text| KindFile::read(text)?.compile())
            .collect::<Result<_, _>>()?;
        let by_name = kinds
            .iter()
            .enumerate()
            .map(|(at, kind)| (kind.name.clone(), at))
            .collect();
        Ok(Kinds { kinds, by_name })
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
        match entity.object().get("spec") {
            None => vec![explain::no_spec(kind, form)],
            Some(spec @ Value::Object(_)) => form.validate(kind, spec),
            Some(_) => Vec::new(),
        }
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
