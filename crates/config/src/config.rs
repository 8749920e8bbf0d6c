//! The finished configuration.

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::diagnostic::{ConfigErrors, Diagnostic};
use crate::key_path::KeyPath;
use crate::layers::{self, Layers};
use crate::node::Node;
use crate::resolve::Unset;
use crate::{Environment, Sources, read};

/// All layers of configuration as one tree, in which every value knows where it is written.
/// A clone is cheap and shares the tree.
#[derive(Clone)]
pub struct Config {
    layers: Arc<Layers>,
}

impl Config {
    /// Reads the files of `sources` and lays the overrides of `environment` over them.
    pub fn load(sources: &Sources, environment: &Environment) -> Result<Self, ConfigErrors> {
        Ok(Self {
            layers: Arc::new(layers::load(sources, environment)?),
        })
    }

    /// The section at `key`, such as `catalog` or `backend.database`; one that nobody wrote reads like an
    /// empty object, so that a struct whose fields have defaults needs no section.
    ///
    /// Numbers and booleans may be written as strings, since `${PORT}` always is one. Every wrong value
    /// is reported, as far as they can be told apart.
    pub fn read<T: DeserializeOwned + JsonSchema>(&self, key: &str) -> Result<T, ConfigErrors> {
        let path = KeyPath::dotted(key);
        let node = self
            .node(&path)
            .map_or_else(|| Cow::Owned(layers::empty()), Cow::Borrowed);
        read::read(&node, &path, &self.layers.unset)
    }

    /// The section at `key`, or `None` when nobody wrote it.
    pub fn read_optional<T: DeserializeOwned + JsonSchema>(
        &self,
        key: &str,
    ) -> Result<Option<T>, ConfigErrors> {
        if self.has(key) {
            self.read(key).map(Some)
        } else {
            Ok(None)
        }
    }

    /// Whether anybody wrote a value at `key`.
    pub fn has(&self, key: &str) -> bool {
        self.node(&KeyPath::dotted(key)).is_some()
    }

    /// The value at `key` as JSON, secrets included: for a section whose shape is its owner's affair.
    pub fn value(&self, key: &str) -> Option<Value> {
        self.node(&KeyPath::dotted(key)).map(Node::to_value)
    }

    /// The files that were read, included ones too, in the order of reading.
    pub fn files(&self) -> &[PathBuf] {
        &self.layers.files
    }

    pub(crate) fn root(&self) -> &Node {
        &self.layers.root
    }

    pub(crate) fn node(&self, path: &KeyPath) -> Option<&Node> {
        self.layers.root.at(path)
    }

    /// The values that are absent because a variable is not set.
    pub(crate) fn unset(&self) -> &[Unset] {
        &self.layers.unset
    }

    /// What was suspicious while loading.
    pub(crate) fn notes(&self) -> &[Diagnostic] {
        &self.layers.notes
    }
}

impl std::fmt::Debug for Config {
    /// The names of the files only: values may be secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Config")
            .field("files", &self.layers.files)
            .finish_non_exhaustive()
    }
}
