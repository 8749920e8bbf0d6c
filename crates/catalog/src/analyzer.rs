//! The port that knows repositories: a [`RepositoryAnalyzer`] says what an address stands for.

use async_trait::async_trait;
use callboard_model::Result;

/// Knows the repositories of one kind of git host.
#[async_trait]
pub trait RepositoryAnalyzer: Send + Sync + 'static {
    /// Whether `target` is an address on such a host.
    fn knows(&self, target: &str) -> bool;

    /// What is at `target`: where in it files called `catalog_filename` are, and what can be told of it without them.
    async fn analyze(&self, target: &str, catalog_filename: &str) -> Result<Repository>;
}

/// What an address stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repository {
    /// Addresses at which entity files are, or may be.
    pub catalog_files: Vec<String>,
    /// What an entity for it could be called; any text.
    pub name: String,
    /// Annotations for that entity, such as `github.com/project-slug` and `shop/cart`.
    pub annotations: Vec<(String, String)>,
}

/// What an address alone tells: used where no analyzer knows the host.
pub(crate) fn by_address(target: &str, catalog_filename: &str) -> Repository {
    let path = target
        .split(['?', '#'])
        .next()
        .unwrap_or_default()
        .trim_end_matches('/');
    if is_entity_file(path) {
        let folder = path.rsplit('/').nth(1).unwrap_or_default();
        return Repository {
            catalog_files: vec![target.to_owned()],
            name: folder.to_owned(),
            annotations: Vec::new(),
        };
    }
    let last = path.rsplit('/').next().unwrap_or_default();
    Repository {
        catalog_files: vec![format!("{path}/{catalog_filename}")],
        name: last.trim_end_matches(".git").to_owned(),
        annotations: Vec::new(),
    }
}

/// Whether an address names a file, or a pattern of files, instead of a folder.
pub(crate) fn is_entity_file(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default().to_lowercase();
    [".yaml", ".yml", ".json"]
        .iter()
        .any(|end| last.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_tells_a_file_or_a_repository() {
        for (target, file, name) in [
            (
                "https://host/shop/cart",
                "https://host/shop/cart/x.yaml",
                "cart",
            ),
            (
                "https://host/shop/cart.git/",
                "https://host/shop/cart.git/x.yaml",
                "cart",
            ),
            (
                "https://host/shop/cart/info.YAML",
                "https://host/shop/cart/info.YAML",
                "cart",
            ),
            (
                "https://host/cart?ref=a#b",
                "https://host/cart/x.yaml",
                "cart",
            ),
        ] {
            let found = by_address(target, "x.yaml");
            assert_eq!(
                (found.catalog_files, found.name.as_str()),
                (vec![file.to_owned()], name)
            );
        }
    }
}
