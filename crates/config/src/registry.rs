//! The sections that features own, as one whole.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::Config;
use crate::check;
use crate::diagnostic::{ConfigErrors, Diagnostic};
use crate::key_path::KeyPath;
use crate::print::{self, Format};

/// A part of the configuration that one feature owns: its key, its type, and what else is known in it.
#[derive(Clone, Debug)]
pub struct Section {
    pub(crate) path: KeyPath,
    key: &'static str,
    is_optional: bool,
    describe: fn(&mut SchemaGenerator) -> Schema,
    read: fn(&Config, &str) -> Result<(), ConfigErrors>,
    pub(crate) unused: Vec<KeyPath>,
}

impl Section {
    /// The section at `key`, such as `catalog` or `backend.database`, which is read as a `T`.
    pub fn of<T: DeserializeOwned + JsonSchema>(key: &'static str) -> Self {
        Self {
            path: KeyPath::dotted(key),
            key,
            is_optional: false,
            describe: SchemaGenerator::subschema_for::<T>,
            read: |config, key| config.read::<T>(key).map(drop),
            unused: Vec::new(),
        }
    }

    /// Nothing is wrong when nobody writes the section, even if `T` has fields without defaults.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.is_optional = true;
        self
    }

    /// Keys that Backstage has in this section and that are not used here, so that they are no mistakes.
    /// `*` stands for any one key; positions in lists are left out: `providers.*.schedule`.
    #[must_use]
    pub fn not_used(mut self, keys: &[&str]) -> Self {
        self.unused
            .extend(keys.iter().map(|key| KeyPath::dotted(key)));
        self
    }

    /// The errors of this section in `config`.
    pub(crate) fn errors(&self, config: &Config) -> Vec<Diagnostic> {
        if self.is_optional && config.node(&self.path).is_none() {
            return Vec::new();
        }
        (self.read)(config, self.key)
            .err()
            .into_iter()
            .flatten()
            .collect()
    }
}

/// What is wrong with a configuration, and what looks like a mistake.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The portal does not start with these.
    pub errors: Vec<Diagnostic>,
    /// The portal starts, but probably does not do what was meant.
    pub warnings: Vec<Diagnostic>,
}

/// All sections; the composition root fills it from its features.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    pub(crate) sections: Vec<Section>,
}

impl Registry {
    /// The registry of `sections`.
    pub fn new(sections: impl IntoIterator<Item = Section>) -> Self {
        Self {
            sections: sections.into_iter().collect(),
        }
    }

    /// Adds one more section.
    pub fn add(&mut self, section: Section) {
        self.sections.push(section);
    }

    /// Reads every section, and looks for keys that nobody knows.
    ///
    /// A section that nobody owns is left alone, so that an existing Backstage file raises no warnings;
    /// but one whose name is nearly that of an owned one is taken for a slip.
    pub fn check(&self, config: &Config) -> Report {
        let errors: Vec<_> = self
            .sections
            .iter()
            .flat_map(|section| section.errors(config))
            .collect();
        let warnings = check::warnings(config, self, &errors);
        Report { errors, warnings }
    }

    /// The whole configuration as text, with secrets replaced by `<redacted>`.
    pub fn print(&self, config: &Config, format: Format) -> String {
        print::print(config, &self.schema(), format)
    }

    /// One JSON Schema of all sections, with their documentation and defaults.
    pub fn schema(&self) -> Value {
        let mut generator = SchemaGenerator::default();
        let mut root = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "The configuration of Callboard",
            "type": "object",
            "additionalProperties": true,
        });
        for section in &self.sections {
            let schema = Value::from((section.describe)(&mut generator));
            place(&mut root, section.path.names(), schema);
        }
        let definitions: Map<String, Value> = generator.take_definitions(true);
        if let Value::Object(root) = &mut root
            && !definitions.is_empty()
        {
            root.insert("$defs".to_owned(), Value::Object(definitions));
        }
        root
    }
}

/// Puts `schema` at the end of `path`; where two sections meet, both apply.
fn place<'a>(at: &mut Value, mut path: impl Iterator<Item = &'a str>, schema: Value) {
    let Value::Object(keywords) = at else { return };
    let Some(key) = path.next() else {
        add(keywords, schema);
        return;
    };
    let properties = keywords.entry("properties").or_insert_with(|| json!({}));
    if let Value::Object(properties) = properties {
        let next = properties.entry(key).or_insert_with(|| json!({}));
        place(next, path, schema);
    }
}

fn add(keywords: &mut Map<String, Value>, schema: Value) {
    match schema {
        Value::Object(schema) if keywords.is_empty() => *keywords = schema,
        schema => {
            let all = keywords.entry("allOf").or_insert_with(|| json!([]));
            if let Value::Array(all) = all {
                all.push(schema);
            }
        }
    }
}
