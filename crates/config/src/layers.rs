//! Reads the layers and lays them over one another.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::diagnostic::{ConfigErrors, Diagnostic, Place};
use crate::document;
use crate::key_path::KeyPath;
use crate::merge::merge;
use crate::node::{Content, Node, Origin, Provenance, Source};
use crate::overrides;
use crate::resolve::{Resolver, Unset};
use crate::sources;
use crate::{Environment, Sources};

/// All layers as one tree, and what was noticed on the way.
#[derive(Debug)]
pub(crate) struct Layers {
    pub(crate) root: Node,
    pub(crate) unset: Vec<Unset>,
    pub(crate) notes: Vec<Diagnostic>,
    pub(crate) files: Vec<PathBuf>,
}

pub(crate) fn load(sources: &Sources, environment: &Environment) -> Result<Layers, ConfigErrors> {
    let mut resolver = Resolver::new(environment);
    let mut root = None;
    for text in texts(sources, &mut resolver) {
        if let Some(layer) = layer(text, &mut resolver) {
            root = merge(layer, root);
        }
    }
    let (layer, faults) = overrides::read(environment);
    resolver.faults.extend(faults);
    if let Some(layer) = layer {
        root = merge(layer, root);
    }
    ConfigErrors::unless_empty(resolver.faults)?;
    Ok(Layers {
        root: root.unwrap_or_else(empty),
        unset: resolver.unset,
        notes: resolver.notes,
        files: resolver.files.read,
    })
}

/// An object without entries that is written nowhere.
pub(crate) fn empty() -> Node {
    let origin = Origin::outside_text(String::new(), Provenance::Written);
    Node {
        content: Content::Object(indexmap::IndexMap::new()),
        origin,
    }
}

/// The texts of the layers, lowest first.
fn texts(sources: &Sources, resolver: &mut Resolver<'_>) -> Vec<Source> {
    if let sources::Origin::Text { name, text } = &sources.0 {
        return vec![Source::new(name.clone(), text.clone())];
    }
    let must_exist = matches!(&sources.0, sources::Origin::Files(_));
    let paths = sources.candidates(resolver.environment);
    paths
        .iter()
        .filter_map(|path| text(path, must_exist, resolver))
        .collect()
}

fn text(path: &Path, must_exist: bool, resolver: &mut Resolver<'_>) -> Option<Source> {
    let name = path.strip_prefix(".").unwrap_or(path).display().to_string();
    let (message, hint) = match resolver.files.text(path) {
        Ok(Some(text)) => return Some(Source::new(name, text)),
        Ok(None) if !must_exist => return None,
        Ok(None) if name.contains("://") => (
            "configuration is read from files only".to_owned(),
            "download it and name the file",
        ),
        Ok(None) => (
            "the file does not exist".to_owned(),
            "correct the path after `--config`",
        ),
        Err(reason) => (
            format!("the file cannot be read: {reason}"),
            "correct the path or the file",
        ),
    };
    let place = Place {
        source: name,
        span: None,
        line_text: String::new(),
    };
    resolver.faults.push(
        Diagnostic::new("config-file", message)
            .place(place)
            .hint(hint),
    );
    None
}

/// One file with everything filled in; `None` when it is empty or at fault.
fn layer(source: Source, resolver: &mut Resolver<'_>) -> Option<Node> {
    let source = Arc::new(source);
    let tree = match document::read(&source, &mut resolver.budget) {
        Ok(tree) => tree?,
        Err(faults) => {
            resolver.faults.extend(faults);
            return None;
        }
    };
    if matches!(tree.content, Content::Null) {
        return None;
    }
    let place = Place::of_value(&tree.origin);
    let directory = Path::new(&source.name).parent().unwrap_or(Path::new(""));
    let before = resolver.faults.len();
    let tree = resolver.resolve(tree, &KeyPath::default(), directory);
    let found = match &tree {
        Some(Node {
            content: Content::Object(_),
            ..
        }) => return tree,
        Some(other) => other.kind(),
        None if resolver.faults.len() > before => return None,
        None => "nothing",
    };
    let message = format!("expected an object at the top of the file, found {found}");
    let fault = Diagnostic::new("config-file", message)
        .place(place)
        .hint("start with `key: value`");
    resolver.faults.push(fault);
    None
}
