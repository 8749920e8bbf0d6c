//! ARCHITECTURE.md tells of exactly the crates that there are.

use std::collections::BTreeSet;

use anyhow::Result;

use super::rules::Rules;
use super::tree::{self, Tree};

const MAP: &str = "ARCHITECTURE.md";

/// Finds crates that the map leaves out, and crates on the map that are not there.
pub(super) fn check(tree: &Tree, _: &Rules) -> Result<Vec<String>> {
    if !tree.files.iter().any(|path| path == MAP) {
        return Ok(vec![format!(
            "{MAP} is missing: it is the map for whoever is new here"
        )]);
    }
    let mapped = mapped(&tree::text(MAP)?.unwrap_or_default());
    let crates: BTreeSet<_> = tree
        .crates
        .iter()
        .map(super::tree::Package::folder)
        .collect();
    let missing = crates
        .difference(&mapped)
        .map(|name| format!("{MAP} does not have crates/{name}: add a row to its table of crates"));
    let gone = mapped
        .difference(&crates)
        .map(|name| format!("{MAP} has a row for `{name}`, but crates/{name} does not exist"));
    Ok(missing.chain(gone).collect())
}

/// The names in code style in the `crate` column of the tables that have one.
fn mapped(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut column = None;
    for line in text.lines() {
        let Some(row) = line.trim().strip_prefix('|') else {
            column = None;
            continue;
        };
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        match column {
            None => column = Some(cells.iter().position(|cell| *cell == "crate")),
            Some(Some(column)) => {
                let code = cells
                    .get(column)
                    .unwrap_or(&"")
                    .split('`')
                    .skip(1)
                    .step_by(2);
                names.extend(code.map(|name| name.trim_start_matches("crates/").to_owned()));
            }
            Some(None) => {}
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_crate_column_counts() {
        let text = "| level | crate | what |\n|---|---|---|\n| 0 | `model` · `sdk` | words, no `io` |\n\n\
                    | file | what |\n|---|---|\n| `lib.rs` | docs |\n";
        assert_eq!(
            mapped(text),
            BTreeSet::from(["model".to_owned(), "sdk".to_owned()])
        );
    }
}
