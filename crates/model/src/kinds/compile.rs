//! Puts the declarations of several files together, in their order, into one model.

use std::hash::Hasher;

use rustc_hash::FxHasher;
use serde_json::{Value, json};

use super::file::{
    DescribedFile, ExtensionFile, FieldFile, FormFile, KindFile, RelationFile, TagFile,
};
use super::form::{Field, Form};
use super::layer::{self, InvalidModel, ModelFile, Places, Says};
use super::merge::merge;
use super::words::{RelationWords, Term, spoken};
use super::{Kind, Kinds};
use crate::{Problem, RelationPair, path};

/// A model in the making.
#[derive(Default)]
struct Draft {
    kinds: Vec<DraftKind>,
    relations: Vec<RelationWords>,
    annotations: Vec<Term>,
    labels: Vec<Term>,
    tags: Vec<Term>,
    problems: Vec<(String, Problem)>,
}

struct DraftKind {
    name: String,
    singular: String,
    plural: String,
    description: String,
    forms: Vec<DraftForm>,
}

/// A form whose schema may still be added to.
struct DraftForm {
    api_versions: Vec<String>,
    spec_type: Option<String>,
    description: Option<String>,
    relations: Vec<Field>,
    schema: Value,
    /// Where its schema was written, or added to, last.
    place: Places,
    path: String,
}

pub(super) fn compile(files: &[ModelFile]) -> Result<Kinds, InvalidModel> {
    let mut draft = Draft::default();
    let mut hasher = FxHasher::default();
    for file in files {
        hasher.write(file.text.as_bytes());
        let (declarations, problems) = layer::read(file);
        draft.problems.extend(problems);
        for declaration in declarations {
            draft.take(declaration.says, &declaration.place);
        }
    }
    draft.finish(hasher.finish())
}

impl Draft {
    fn take(&mut self, says: Says, place: &Places) {
        let problems = match says {
            Says::Kind(kind) => self.kind(kind, place),
            Says::Extend(extension) => self.extend(extension, place),
            Says::Relation(relation) => self.relation(relation).into_iter().collect(),
            Says::Annotation(term) => described(&mut self.annotations, "annotation", term),
            Says::Label(term) => described(&mut self.labels, "label", term),
            Says::Tag(tag) => self.tag(tag),
        };
        self.problems
            .extend(problems.into_iter().map(|problem| place.at(problem)));
    }

    fn kind(&mut self, file: KindFile, place: &Places) -> Vec<Problem> {
        if let Some(known) = self.find(&file.kind) {
            let message = format!("the kind `{}` exists already", self.kinds[known].name);
            let problem = Problem::new("duplicate-kind", message).path("kind");
            return vec![problem.hint(format!(
                "add to it with `extend: {}`, or choose another name",
                self.kinds[known].name
            ))];
        }
        self.kinds.push(DraftKind {
            singular: file.singular.unwrap_or_else(|| spoken(&file.kind)),
            name: file.kind,
            plural: file.plural,
            description: file.description,
            forms: Vec::new(),
        });
        self.forms(self.kinds.len() - 1, file.forms, place)
    }

    fn find(&self, name: &str) -> Option<usize> {
        self.kinds
            .iter()
            .position(|kind| kind.name.eq_ignore_ascii_case(name))
    }

    fn extend(&mut self, file: ExtensionFile, place: &Places) -> Vec<Problem> {
        let Some(at) = self.kinds.iter().position(|kind| kind.name == file.extend) else {
            let message = format!("there is no kind `{}` to add to", file.extend);
            let problem = Problem::new("unknown-kind", message).path("extend");
            return vec![problem.hint("declare it first, in this file or in one before it")];
        };
        let mut problems = self.fields(&file.relations, "relations");
        for form in &mut self.kinds[at].forms {
            form.relations
                .extend(file.relations.iter().map(FieldFile::compile));
            let Some(spec) = &file.spec else { continue };
            match merge(&mut form.schema, spec) {
                Ok(()) => (form.place, form.path) = (place.clone(), "spec".to_owned()),
                Err(pointer) => problems.push(contradiction("spec", &pointer)),
            }
        }
        problems.dedup();
        problems.extend(self.forms(at, file.forms, place));
        problems
    }

    fn forms(&mut self, kind: usize, forms: Vec<FormFile>, place: &Places) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (index, file) in forms.into_iter().enumerate() {
            let path = format!("forms[{index}]");
            problems.extend(self.fields(&file.relations, &path::key(&path, "relations")));
            match self.kinds[kind].form(file, &path, place) {
                Ok(form) => self.kinds[kind].forms.push(form),
                Err(problem) => problems.push(problem),
            }
        }
        problems
    }

    /// Makes sure that every relation has one reverse, wherever it is used.
    fn fields(&mut self, fields: &[FieldFile], path: &str) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (index, field) in fields.iter().enumerate() {
            let pair = RelationPair {
                forward: field.forward.clone(),
                reverse: field.reverse.clone(),
            };
            let path = format!("{path}[{index}].reverse");
            match self.paired(&pair) {
                Ok(Some(_)) => {}
                Ok(None) => self.relations.push(RelationWords {
                    title: spoken(&pair.forward),
                    reverse_title: spoken(&pair.reverse),
                    description: None,
                    pair,
                }),
                Err(problem) => problems.push(problem.path(path)),
            }
        }
        problems
    }

    /// The relation of this pair, in whichever direction; an error when one of its types belongs to another.
    fn paired(&mut self, pair: &RelationPair) -> Result<Option<&mut RelationWords>, Problem> {
        let has = |words: &RelationWords, name: &str| {
            words.pair.forward == name || words.pair.reverse == name
        };
        let found = self
            .relations
            .iter_mut()
            .find(|words| has(words, &pair.forward) || has(words, &pair.reverse));
        match found {
            Some(words) if has(words, &pair.forward) && has(words, &pair.reverse) => {
                Ok(Some(words))
            }
            Some(words) => {
                let message = format!(
                    "`{}` and `{}` cannot be each other's reverse: `{}` and `{}` are",
                    pair.forward, pair.reverse, words.pair.forward, words.pair.reverse
                );
                Err(Problem::new("relation-conflict", message)
                    .hint("use both types of that pair, or two new ones"))
            }
            None => Ok(None),
        }
    }

    fn relation(&mut self, file: RelationFile) -> Option<Problem> {
        let pair = RelationPair {
            forward: file.relation,
            reverse: file.reverse,
        };
        let known = match self.paired(&pair) {
            Ok(known) => known,
            Err(problem) => return Some(problem.path("reverse")),
        };
        let new = RelationWords {
            title: file.title.unwrap_or_else(|| spoken(&pair.forward)),
            reverse_title: file.reverse_title.unwrap_or_else(|| spoken(&pair.reverse)),
            description: file.description,
            pair,
        };
        match known {
            Some(known) => *known = new,
            None => self.relations.push(new),
        }
        None
    }

    fn tag(&mut self, file: TagFile) -> Vec<Problem> {
        let term = DescribedFile {
            name: file.tag,
            title: file.title,
            description: file.description,
            schema: None,
        };
        described(&mut self.tags, "tag", term)
    }

    fn finish(mut self, fingerprint: u64) -> Result<Kinds, InvalidModel> {
        let mut kinds = Vec::new();
        for kind in self.kinds {
            let mut forms = Vec::new();
            for form in kind.forms {
                match form.compile() {
                    Ok(form) => forms.push(form),
                    Err(problem) => self.problems.push(problem),
                }
            }
            kinds.push(Kind {
                name: kind.name,
                singular: kind.singular,
                plural: kind.plural,
                description: kind.description,
                forms,
            });
        }
        if !self.problems.is_empty() {
            return Err(InvalidModel {
                problems: self.problems,
            });
        }
        let by_name = kinds
            .iter()
            .enumerate()
            .map(|(at, kind)| (kind.name.clone(), at))
            .collect();
        Ok(Kinds {
            kinds,
            by_name,
            relations: self.relations,
            annotations: self.annotations,
            labels: self.labels,
            tags: self.tags,
            fingerprint,
        })
    }
}

impl DraftKind {
    /// A further form of the kind.
    fn form(&self, file: FormFile, path: &str, place: &Places) -> Result<DraftForm, Problem> {
        let same = |form: &&DraftForm| {
            form.spec_type == file.spec_type
                && form
                    .api_versions
                    .iter()
                    .any(|own| file.api_versions.contains(own))
        };
        if self.forms.iter().any(|form| same(&form)) {
            let which = match &file.spec_type {
                Some(spec_type) => format!("the `spec.type` `{spec_type}`"),
                None => "this `apiVersion`".to_owned(),
            };
            let message = format!("the kind `{}` has a form for {which} already", self.name);
            return Err(Problem::new("duplicate-form", message)
                .path(path)
                .hint(format!(
                    "add to it with `relations` and `spec` beside `extend: {}`",
                    self.name
                )));
        }
        let (mut relations, mut schema) = match file.inherit {
            true => self.general(&file.api_versions, path)?,
            false => (Vec::new(), json!({ "type": "object" })),
        };
        relations.extend(file.relations.iter().map(FieldFile::compile));
        let path = path::key(path, "spec");
        if let Some(spec) = &file.spec {
            match file.inherit {
                true => {
                    merge(&mut schema, spec).map_err(|pointer| contradiction(&path, &pointer))?
                }
                false => schema = spec.clone(),
            }
        }
        Ok(DraftForm {
            api_versions: file.api_versions,
            spec_type: file.spec_type,
            description: file.description,
            relations,
            schema,
            place: place.clone(),
            path,
        })
    }

    /// What the form without a `spec.type` says.
    fn general(&self, api_versions: &[String], path: &str) -> Result<(Vec<Field>, Value), Problem> {
        let general = || self.forms.iter().filter(|form| form.spec_type.is_none());
        let fits = |form: &&DraftForm| {
            form.api_versions
                .iter()
                .any(|own| api_versions.contains(own))
        };
        let found = general().find(fits).or_else(|| general().next());
        let found = found.ok_or_else(|| {
            let message = format!(
                "the kind `{}` has no form without `specType` to inherit from",
                self.name
            );
            Problem::new("nothing-to-inherit", message).path(path::key(path, "inherit"))
        })?;
        Ok((found.relations.clone(), found.schema.clone()))
    }
}

impl DraftForm {
    fn compile(self) -> Result<Form, (String, Problem)> {
        let validator = jsonschema::validator_for(&self.schema)
            .map_err(|error| self.place.at(layer::invalid_schema(&self.path, &error)))?;
        Ok(Form {
            api_versions: self.api_versions,
            spec_type: self.spec_type,
            description: self.description,
            relations: self.relations,
            schema: self.schema,
            validator,
        })
    }
}

impl FieldFile {
    fn compile(&self) -> Field {
        Field {
            steps: self.path.split('.').map(str::to_owned).collect(),
            path: self.path.clone(),
            pair: RelationPair {
                forward: self.forward.clone(),
                reverse: self.reverse.clone(),
            },
            default_kind: self.default_kind.clone(),
            in_default_namespace: self.default_namespace.as_deref() == Some("default"),
            allowed_kinds: self.allowed_kinds.clone(),
            sorted: self.sorted,
        }
    }
}

/// Adds a term; it may be declared once.
fn described(terms: &mut Vec<Term>, section: &str, file: DescribedFile) -> Vec<Problem> {
    if terms.iter().any(|known| known.name == file.name) {
        let message = format!("the {section} `{}` is declared already", file.name);
        return vec![
            Problem::new("duplicate-term", message)
                .path(section)
                .hint("keep one of the declarations"),
        ];
    }
    let validator = match file
        .schema
        .as_ref()
        .map(jsonschema::validator_for)
        .transpose()
    {
        Ok(validator) => validator,
        Err(error) => return vec![layer::invalid_schema("schema", &error)],
    };
    terms.push(Term {
        name: file.name,
        title: file.title,
        description: file.description,
        schema: file.schema,
        validator,
    });
    Vec::new()
}

fn contradiction(path: &str, pointer: &str) -> Problem {
    let place = path::below(path, pointer);
    let message = format!("`{place}` says something else than the schema that it is added to");
    Problem::new("schema-conflict", message)
        .path(place)
        .hint("leave it out, or give the field another name")
}
