//! A crate uses lower levels only, and only along an edge that somebody decided on.

use anyhow::Result;

use super::rules::Rules;
use super::tree::Tree;

const RULES: &str = "crates/xtask/tidy.toml";

/// Finds edges between our crates that are not allowed, and allowed ones that nobody uses.
pub(super) fn check(tree: &Tree, rules: &Rules) -> Result<Vec<String>> {
    let mut findings = direction(rules);
    for package in &tree.crates {
        let folder = package.folder();
        let Some(place) = rules.crates.get(&folder) else {
            findings.push(format!(
                "crates/{folder} has no place: give it a level and its edges in {RULES}"
            ));
            continue;
        };
        let mut unused = place.uses.clone();
        for (used, kind) in package
            .dependencies
            .iter()
            .filter_map(|edge| Some((edge.ours()?, &edge.kind)))
        {
            unused.retain(|name| *name != used);
            let in_tests = kind.as_deref() == Some("dev") && place.tests_use.contains(&used);
            if !place.uses.contains(&used) && !in_tests {
                findings.push(format!(
                    "crates/{folder}/Cargo.toml uses `{used}`: a new edge is a decision; \
                     do without it, or add it to {RULES} and say why in the commit"
                ));
            }
        }
        findings.extend(unused.iter().map(|name| {
            format!("crates/{folder} no longer uses `{name}`: remove the edge from {RULES}")
        }));
    }
    Ok(findings)
}

/// Finds allowed edges that do not lead downwards.
fn direction(rules: &Rules) -> Vec<String> {
    let mut findings = Vec::new();
    for (name, place) in &rules.crates {
        for used in &place.uses {
            match rules.crates.get(used) {
                Some(below) if below.level < place.level => {}
                Some(other) => findings.push(format!(
                    "{RULES} lets `{name}` (level {}) use `{used}` (level {}): \
                     edges lead to lower levels only",
                    place.level, other.level
                )),
                None => findings.push(format!(
                    "{RULES} lets `{name}` use `{used}`, which does not exist"
                )),
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(crates: &str) -> Rules {
        let rest = "home = []\nbanned = []\n\
                    size = { lines = 1, generated = [], kilobytes = 1, large = [], header = 1 }\n";
        toml::from_str(&format!("{rest}{crates}")).unwrap()
    }

    #[test]
    fn an_edge_to_the_same_level_is_found() {
        let rules = rules("[crate.a]\nlevel = 1\nuses = ['b']\n[crate.b]\nlevel = 1\n");
        assert_eq!(
            direction(&rules),
            [
                "crates/xtask/tidy.toml lets `a` (level 1) use `b` (level 1): edges lead to lower levels only"
            ]
        );
    }

    #[test]
    fn an_edge_to_a_lower_level_is_fine() {
        let rules = rules("[crate.a]\nlevel = 2\nuses = ['b']\n[crate.b]\nlevel = 1\n");
        assert!(direction(&rules).is_empty());
    }
}
