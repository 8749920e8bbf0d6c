//! Configuration files: variables, inclusions, and the catalog's own section.

use std::path::Path;

use callboard_config::{Config, ConfigErrors, Environment, Format, Registry, Section, Sources};
use serde_json::Value;

use super::check;
use crate::CatalogConfig;

/// A folder with files that may be included.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/fuzzing/config");

/// The input is the text of `app-config.yaml`.
pub(super) fn run(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    if leaves_the_folder(text) {
        return;
    }
    let environment = Environment::from_pairs([
        ("A", "1"),
        ("EMPTY", ""),
        ("LIST", "[a, {b: c}]"),
        ("APP_CONFIG_catalog_readonly", "true"),
    ]);
    let name = format!("{FOLDER}/app-config.yaml");
    match Config::load(&Sources::text(name, text), &environment) {
        Ok(config) => read(&config),
        Err(errors) => refusal(&errors),
    }
}

/// An operator may name any file, and some of those never end. Escapes could hide such a name.
fn leaves_the_folder(text: &str) -> bool {
    text.contains('\\') || (text.contains('/') && (text.contains("$file") || text.contains("$inc")))
}

fn read(config: &Config) {
    let section = Section::of::<CatalogConfig>("catalog").not_used(&CatalogConfig::NOT_USED);
    let registry = Registry::new([section]);
    let report = registry.check(config);
    match config.read::<CatalogConfig>("catalog") {
        Ok(catalog) => {
            assert!(report.errors.is_empty(), "{:?}", report.errors);
            let folder = Path::new(FOLDER);
            catalog.location_refs(folder);
            if let Err(error) = catalog.rules(folder) {
                check::refusal(&error);
            }
        }
        Err(errors) => {
            assert_eq!(errors.iter().count(), report.errors.len());
            refusal(&errors);
        }
    }
    let json = registry.print(config, Format::Json);
    let expected: Value = serde_json::from_str(&json).expect("JSON is printed");
    if json.contains('$') {
        // Printed, it would be filled in again.
        return;
    }
    for format in [Format::Yaml, Format::YamlWithOrigins] {
        let printed = registry.print(config, format);
        let again = Config::load(
            &Sources::text("printed.yaml", printed.as_str()),
            &Environment::default(),
        );
        let again = again.unwrap_or_else(|errors| panic!("{errors}\n{printed}"));
        let value = again.value("").unwrap_or_default();
        assert_eq!(value, expected, "{printed}");
    }
}

fn refusal(errors: &ConfigErrors) {
    assert!(errors.iter().count() > 0);
    for error in errors.iter() {
        assert!(!error.message.trim().is_empty(), "{error:?}");
        if let Some(place) = &error.place {
            let underlined = place.line_text.get(place.underline());
            assert!(underlined.is_some(), "{place:?}");
        }
    }
}
