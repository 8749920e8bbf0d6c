//! What the fuzz targets in `fuzz/` run: text from outside, read, and checked against what has to hold.
//!
//! Each target is one file with one function that takes any bytes and panics when a property does not hold. The
//! texts in `fuzz/seeds/` are replayed through the same functions by an ordinary test.
//!
//! Never here: what decides how input is read; these are callers of it.
//! Adding a target: one file, one line in [`TARGETS`], one in `fuzz/fuzz_targets/`, and its seeds.

mod check;
mod config;
mod cursor;
mod entity;
mod entity_ref;
mod fields;
mod filter;
mod placeholder;
mod predicate;
mod sample;
#[cfg(test)]
mod tests;

/// A target: its name, and what it does with an input.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: [Target; 8] = [
    ("config", config::run),
    ("cursor", cursor::run),
    ("entity", entity::run),
    ("entity_ref", entity_ref::run),
    ("fields", fields::run),
    ("filter", filter::run),
    ("placeholder", placeholder::run),
    ("predicate", predicate::run),
];

/// Runs the target called `name`.
///
/// # Panics
/// When there is no such target, and when a property does not hold for `input`.
pub fn run(name: &str, input: &[u8]) {
    let target = TARGETS.iter().find(|(known, _)| *known == name);
    let (_, target) = target.unwrap_or_else(|| panic!("there is no fuzz target `{name}`"));
    target(input);
}
