//! Documents that placeholders name, and the references in them.

use std::path::Path;

use callboard_model::{LocationRef, yaml};
use callboard_source::Source;
use serde_json::Value;

use super::check;
use crate::placeholder::{
    Document, DocumentKey, Documents, Fetched, PlaceholderResolver, Unresolved,
};
use crate::placeholders::{Bundle, Json, Text, Yaml};

/// Stands alone in a line between two documents.
const BETWEEN: &str = "\n=====\n";
const NAMES: [&str; 3] = ["a.yaml", "b.yaml", "c.json"];

/// The input is up to three documents, of which the entity names the first.
pub(super) fn run(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    let texts = NAMES.iter().zip(text.split(BETWEEN));
    let fetched: Fetched = texts
        .map(|(name, text)| {
            let key = DocumentKey {
                address: format!("file:/catalog/{name}"),
                root: "/catalog".to_owned(),
            };
            let document = Document {
                content: Some(text.into()),
                problem: None,
                hash: "h".to_owned(),
            };
            (key, document)
        })
        .collect();
    let first = text.split(BETWEEN).next().unwrap_or_default();
    assert_eq!(resolve(&Text, &fetched), Some(first.into()));
    resolve(&Json, &fetched);
    let value = resolve(&Yaml, &fetched);
    for key in ["openapi", "asyncapi"] {
        let Some(Value::String(bundle)) = resolve(&Bundle(key), &fetched) else {
            continue;
        };
        assert!(!bundle.contains(BETWEEN), "{bundle}");
        let stream = yaml::parse(&bundle, &yaml::Options::default());
        if let Some(problem) = stream.problems.first() {
            // Bundles may be nested more deeply than what we read, and have keys as long as they like.
            let is_bound = ["yaml-too-deep", "yaml-too-large", "yaml-syntax"];
            assert!(is_bound.contains(&problem.code.as_str()), "{problem:?}");
            continue;
        }
        let [document] = stream.documents.as_slice() else {
            panic!("a bundle is one document: {bundle}");
        };
        assert!(document.value.is_object(), "{bundle}");
        if !text.contains("ref") && !text.contains('\\') {
            assert_eq!(Some(&document.value), value.as_ref(), "{bundle}");
        }
    }
}

fn resolve(resolver: &impl PlaceholderResolver, fetched: &Fetched) -> Option<Value> {
    let source = Source::default();
    let base = LocationRef::file("/catalog/catalog-info.yaml");
    let mut documents = Documents::new(&source, fetched, &base, Some(Path::new("/catalog")));
    let resolved = resolver.resolve(NAMES[0], &mut documents);
    let (asked, outdated) = documents.into_asked();
    assert!(outdated.is_empty(), "{outdated:?}");
    match resolved {
        Ok(value) => Some(value),
        Err(Unresolved::Waiting) => {
            // It waits for something that it told.
            assert!(asked.values().any(String::is_empty), "{asked:?}");
            None
        }
        Err(Unresolved::Broken(problem)) => {
            check::problem(&problem);
            None
        }
    }
}
