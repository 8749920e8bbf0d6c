//! Replays the texts that fuzzing began with, and those that it found something with.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::TARGETS;

/// More would take longer than it is worth in a test that always runs.
const MOST: usize = 60;
/// Minimised inputs are small.
const LARGEST: usize = 4_096;

fn folder(of: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
    root.unwrap().join("fuzz").join(of)
}

fn names(of: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(of).unwrap_or_else(|error| panic!("{}: {error}", of.display()));
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| !name.starts_with('.')).collect()
}

#[test]
fn every_seed_holds() {
    for (target, run) in TARGETS {
        let folder = folder("seeds").join(target);
        let seeds = names(&folder);
        assert!((1..=MOST).contains(&seeds.len()), "{target}: {seeds:?}");
        for seed in seeds {
            let input = fs::read(folder.join(&seed)).unwrap();
            assert!(input.len() <= LARGEST, "{target}/{seed}");
            // The harness shows this line of a test that fails, and with it the seed.
            println!("{target}/{seed}");
            run(&input);
        }
    }
}

#[test]
fn every_target_has_a_program_and_seeds() {
    let targets = TARGETS.iter().map(|(name, _)| (*name).to_owned());
    let targets: BTreeSet<String> = targets.collect();
    assert_eq!(names(&folder("seeds")), targets);
    let programs = names(&folder("fuzz_targets")).into_iter();
    let programs: BTreeSet<String> = programs
        .map(|name| name.trim_end_matches(".rs").to_owned())
        .collect();
    assert_eq!(programs, targets);
}
