//! Every dependency has a licence that `deny.toml` allows, and comes from the registry.
//!
//! cargo-deny checks this and more; building it takes many minutes, so a machine without it gets
//! this much of it from what Cargo knows offline.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::program::Program;

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    /// Where it comes from; nothing for our own crates.
    source: Option<String>,
}

#[derive(Deserialize)]
struct Deny {
    licenses: Licences,
}

#[derive(Deserialize)]
struct Licences {
    allow: Vec<String>,
    #[serde(default)]
    exceptions: Vec<Exception>,
}

#[derive(Deserialize)]
struct Exception {
    #[serde(rename = "crate")]
    name: String,
    allow: Vec<String>,
}

/// Findings, and how many dependencies were looked at.
pub(crate) fn check() -> Result<(Vec<String>, usize)> {
    let deny = std::fs::read_to_string(crate::root().join("deny.toml"))
        .context("cannot read deny.toml")?;
    let deny: Deny = toml::from_str(&deny).context("deny.toml is not what the check expects")?;
    let metadata = Program::new("cargo metadata --locked --format-version 1").must()?;
    // Cargo may print notes before the one line of JSON.
    let json = metadata
        .lines()
        .find(|line| line.starts_with('{'))
        .unwrap_or_default();
    let metadata: Metadata =
        serde_json::from_str(json).context("`cargo metadata` printed something else")?;
    let others: Vec<_> = metadata
        .packages
        .iter()
        .filter(|package| package.source.is_some())
        .collect();
    let findings = others
        .iter()
        .flat_map(|package| findings(package, &deny.licenses))
        .collect();
    Ok((findings, others.len()))
}

fn findings(package: &Package, licences: &Licences) -> Vec<String> {
    let Package {
        name,
        version,
        license,
        source,
    } = package;
    let mut found = Vec::new();
    if !source
        .as_deref()
        .is_some_and(|source| source.starts_with("registry+"))
    {
        found.push(format!(
            "{name} {version} does not come from a registry: depend on a release"
        ));
    }
    let license = license.as_deref().unwrap_or("none");
    if !allowed(name, license, licences) {
        found.push(format!(
            "{name} {version} has the licence `{license}`: do without it, or allow the licence in deny.toml"
        ));
    }
    found
}

/// Whether one choice that the licence expression leaves is allowed altogether.
fn allowed(name: &str, license: &str, licences: &Licences) -> bool {
    let extra: BTreeMap<_, _> = licences
        .exceptions
        .iter()
        .map(|exception| (exception.name.as_str(), &exception.allow))
        .collect();
    let Ok(expression) = spdx::Expression::parse_mode(license, spdx::ParseMode::LAX) else {
        return false;
    };
    expression.evaluate(|wanted| {
        let wanted = wanted.to_string();
        licences.allow.contains(&wanted)
            || extra.get(name).is_some_and(|allow| allow.contains(&wanted))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_allowed_choice_is_enough_and_every_part_of_a_conjunction_is_needed() {
        let licences = Licences {
            allow: vec!["MIT".into(), "ISC".into()],
            exceptions: Vec::new(),
        };
        assert!(allowed("a", "GPL-3.0-only OR MIT", &licences));
        assert!(allowed("a", "MIT/Apache-2.0", &licences));
        assert!(allowed("a", "(MIT OR Apache-2.0) AND ISC", &licences));
        assert!(!allowed("a", "MIT AND Apache-2.0", &licences));
        assert!(!allowed("a", "none", &licences));
    }

    #[test]
    fn an_exception_is_for_one_crate_only() {
        let exceptions = vec![Exception {
            name: "b".into(),
            allow: vec!["MPL-2.0".into()],
        }];
        let licences = Licences {
            allow: vec!["MIT".into()],
            exceptions,
        };
        assert!(allowed("b", "MPL-2.0", &licences));
        assert!(!allowed("a", "MPL-2.0", &licences));
    }
}
