//! Sizes of files, and the header of every library.

use anyhow::Result;

use super::rules::Rules;
use super::tree::{self, Tree};

/// Finds files that are too long or too large, and libraries that do not introduce themselves.
pub(super) fn check(tree: &Tree, rules: &Rules) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    let sources = ["rs", "ts", "tsx"].map(str::to_owned);
    for path in tree
        .ending_in(&sources)
        .filter(|path| !rules.size.generated.contains(path))
    {
        let text = tree::text(path)?.unwrap_or_default();
        let lines = text.lines().count();
        if lines > rules.size.lines {
            findings.push(format!(
                "{path} has {lines} lines, and {} is the most: which noun in it wants a file of its own?",
                rules.size.lines
            ));
        }
        if path.ends_with("src/lib.rs") {
            findings.extend(header(path, &text, rules.size.header));
        }
    }
    for path in tree
        .files
        .iter()
        .filter(|path| !rules.size.large.contains(path))
    {
        let kilobytes = std::fs::metadata(crate::root().join(path))?.len() / 1_000;
        if kilobytes > rules.size.kilobytes {
            findings.push(format!(
                "{path} has {kilobytes} kB, and {} is the most: make it smaller, or generate it",
                rules.size.kilobytes
            ));
        }
    }
    Ok(findings)
}

/// Finds what the header of a library lacks.
fn header(path: &str, text: &str, most: usize) -> Vec<String> {
    let header: Vec<_> = text
        .lines()
        .take_while(|line| line.starts_with("//!"))
        .collect();
    let has = |phrase: &str| header.iter().any(|line| line.contains(phrase));
    let mut findings = Vec::new();
    for (phrase, tells) in [
        ("Never here:", "what the crate does not know"),
        ("Start reading at", "one item"),
    ] {
        if !has(phrase) {
            findings.push(format!(
                "{path}: its header has no \"{phrase}\", which tells {tells}"
            ));
        }
    }
    // An example is read by those who want one, and does not count.
    let words = header
        .iter()
        .take_while(|line| !line.starts_with("//! ```"))
        .count();
    if words > most {
        findings.push(format!(
            "{path}: its header has {words} lines, and {most} is the most"
        ));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_says_what_it_does_not_know_and_where_to_start() {
        let good =
            "//! Words.\n//! Never here: I/O.\n//! Start reading at [`Entity`].\nmod entity;\n";
        assert!(header("lib.rs", good, 25).is_empty());
        assert_eq!(
            header("lib.rs", "//! Words.\n// Never here: I/O.\n", 25).len(),
            2
        );
        assert_eq!(
            header("lib.rs", good, 2),
            ["lib.rs: its header has 3 lines, and 2 is the most"]
        );
    }
}
