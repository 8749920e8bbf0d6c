//! A heavy or delicate dependency has one home.

use anyhow::Result;

use super::rules::Rules;
use super::tree::Tree;

/// Finds crates that depend on what lives elsewhere.
pub(super) fn check(tree: &Tree, rules: &Rules) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for package in &tree.crates {
        let folder = package.folder();
        for dependency in &package.dependencies {
            let home = rules
                .homes
                .iter()
                .find(|home| home.dependency == dependency.name);
            if let Some(home) = home.filter(|home| !home.crates.contains(&folder)) {
                findings.push(format!(
                    "crates/{folder}/Cargo.toml depends on `{}`: {}",
                    dependency.name, home.instead
                ));
            }
        }
    }
    Ok(findings)
}
