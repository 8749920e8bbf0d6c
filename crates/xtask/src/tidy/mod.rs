//! Checks what the compiler does not: who may use whom, what lives where, sizes and words.
//!
//! The rules are data (`tidy.toml`); each module here knows how to hold one family of them. A finding
//! says where and what to do.
//!
//! Adding a rule: a row in `tidy.toml`; adding a family: one module, one line in [`FAMILIES`].
//! Start reading at [`Tidy::run`].

mod architecture;
mod files;
mod homes;
mod levels;
mod licences;
mod links;
mod rules;
mod tree;
mod words;

use anyhow::{Result, bail};

use rules::Rules;
use tree::Tree;

pub(crate) use licences::check as check_licences;

/// A family of rules: its name, and what it finds.
type Family = (&'static str, fn(&Tree, &Rules) -> Result<Vec<String>>);

const FAMILIES: [Family; 6] = [
    ("levels", levels::check),
    ("homes", homes::check),
    ("architecture", architecture::check),
    ("files", files::check),
    ("words", words::check),
    ("links", links::check),
];

/// Check the rules that the compiler does not: levels, homes, sizes, words, links
#[derive(clap::Args)]
pub(crate) struct Tidy {}

impl Tidy {
    /// Runs the command.
    pub(crate) fn run(self) -> Result<()> {
        let findings = findings()?;
        for finding in &findings {
            eprintln!("{finding}");
        }
        match findings.len() {
            0 => {
                println!("tidy");
                Ok(())
            }
            count => bail!("{count} things to tidy; the rules are in crates/xtask/tidy.toml"),
        }
    }
}

/// Everything that breaks a rule.
pub(crate) fn findings() -> Result<Vec<String>> {
    let (tree, rules) = (Tree::read()?, Rules::read()?);
    let mut all = Vec::new();
    for (name, check) in FAMILIES {
        all.extend(
            check(&tree, &rules)?
                .into_iter()
                .map(|finding| format!("{name}: {finding}")),
        );
    }
    Ok(all)
}
