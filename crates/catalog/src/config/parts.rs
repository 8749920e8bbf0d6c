//! What operators decide about single parts of the pipeline, by their names.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

/// What becomes of something that nothing stands behind any more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Strategy {
    /// It is deleted.
    #[default]
    Delete,
    /// It stays as it is.
    Keep,
}

/// What is decided about one processor or reader.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ProcessorOptions {
    /// Whether it is left out.
    pub disabled: bool,
    /// When it runs: lower runs earlier; 20 is usual. Readers have none.
    pub priority: Option<i32>,
}

/// What is decided about one provider.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ProviderOptions {
    /// Whether it is left out; what it had handed over goes then.
    pub disabled: bool,
}

/// What the model of the catalog is made of, besides what comes with the product.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ModelConfig {
    /// Files that declare kinds, relations, annotations, labels and tags: paths or patterns such as `kinds/*.yaml`,
    /// relative to the working directory.
    pub files: Vec<String>,
}

/// A part with the names under which the configuration may speak of it.
pub(crate) struct Names<'a> {
    pub(crate) own: &'a str,
    /// What it is called in Backstage.
    pub(crate) aliases: &'a [&'a str],
}

impl Names<'_> {
    /// What `options` say about the part; under its own name before they say it under another.
    pub(crate) fn choose<'o, T>(&self, options: &'o BTreeMap<String, T>) -> Option<&'o T> {
        let named = std::iter::once(&self.own).chain(self.aliases);
        named.copied().find_map(|name| options.get(name))
    }

    fn has(&self, name: &str) -> bool {
        self.own == name || self.aliases.contains(&name)
    }
}

/// Says which of `options` are about nothing that is there.
pub(crate) fn warn_of_unknown<T>(key: &str, options: &BTreeMap<String, T>, parts: &[Names<'_>]) {
    for name in options.keys() {
        if !parts.iter().any(|part| part.has(name)) {
            let known: Vec<&str> = parts.iter().map(|part| part.own).collect();
            tracing::warn!(
                "`catalog.{key}.{name}` has no effect: nothing has this name; known are {}",
                known.join(", ")
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_found_under_its_own_name_and_under_that_of_backstage() {
        let part = Names {
            own: "built-in-kinds",
            aliases: &["BuiltinKindsEntityProcessor"],
        };
        let options = |name: &str| BTreeMap::from([(name.to_owned(), 1)]);
        assert_eq!(part.choose(&options("built-in-kinds")), Some(&1));
        assert_eq!(
            part.choose(&options("BuiltinKindsEntityProcessor")),
            Some(&1)
        );
        assert_eq!(part.choose(&options("BuiltIn")), None);
    }
}
