//! Keys that differ only in letter case (CAT-15).
//!
//! Search reads keys without regard to case, so two such keys would be one there.

use std::hash::Hasher;

use rustc_hash::{FxHashMap, FxHasher};
use serde_json::{Map, Value};

use crate::problem::Problems;
use crate::{Problem, path};

pub(super) fn check(object: &Map<String, Value>, problems: &mut Problems) {
    let mut walk = Walk {
        hashes: Vec::new(),
        path: Vec::new(),
        problems,
    };
    walk.object(object);
}

/// A walk through an entity that makes texts only once something is wrong.
struct Walk<'v, 'p> {
    hashes: Vec<u64>,
    path: Vec<Step<'v>>,
    problems: &'p mut Problems,
}

enum Step<'v> {
    Key(&'v str),
    Index(usize),
}

impl<'v> Walk<'v, '_> {
    fn object(&mut self, object: &'v Map<String, Value>) {
        if self.may_collide(object) {
            self.collisions(object);
        }
        for (key, value) in object {
            self.value(Step::Key(key), value);
        }
    }

    fn value(&mut self, step: Step<'v>, value: &'v Value) {
        match value {
            Value::Object(object) => {
                self.path.push(step);
                self.object(object);
                self.path.pop();
            }
            Value::Array(items) => {
                self.path.push(step);
                for (index, item) in items.iter().enumerate() {
                    self.value(Step::Index(index), item);
                }
                self.path.pop();
            }
            _ => {}
        }
    }

    fn may_collide(&mut self, object: &Map<String, Value>) -> bool {
        self.hashes.clear();
        self.hashes
            .extend(object.keys().map(|key| folded_hash(key)));
        self.hashes.sort_unstable();
        self.hashes.windows(2).any(|pair| pair[0] == pair[1])
    }

    fn collisions(&mut self, object: &Map<String, Value>) {
        let mut firsts = FxHashMap::default();
        for key in object.keys() {
            let first = *firsts.entry(key.to_lowercase()).or_insert(key);
            if first == key {
                continue;
            }
            let message = format!(
                "the keys `{first}` and `{key}` differ only in letter case, and search sees one key"
            );
            let problem = Problem::new("case-duplicate-key", message).path(self.path_to(key));
            self.problems.push(problem.hint("keep one of them"));
        }
    }

    fn path_to(&self, key: &str) -> String {
        let parent = self
            .path
            .iter()
            .fold(String::new(), |text, step| match step {
                Step::Key(name) => path::key(&text, name),
                Step::Index(index) => format!("{text}[{index}]"),
            });
        path::key(&parent, key)
    }
}

fn folded_hash(key: &str) -> u64 {
    if key.is_ascii() {
        hash_lower(key)
    } else {
        hash_lower(&key.to_lowercase())
    }
}

fn hash_lower(key: &str) -> u64 {
    let mut hasher = FxHasher::default();
    for part in key.as_bytes().chunks(8) {
        let mut word = [0; 8];
        word[..part.len()].copy_from_slice(part);
        hasher.write_u64(u64::from_le_bytes(
            word.map(|byte| byte.to_ascii_lowercase()),
        ));
    }
    hasher.finish()
}
