//! What is said about a text that cannot be read.

use super::{Options, spans};
use crate::{Problem, Span};

pub(super) fn too_large(bytes: usize, options: &Options) -> Problem {
    let message = format!(
        "the text has {bytes} bytes, more than the {} that are read",
        options.max_bytes.min(spans::MAX_BYTES)
    );
    Problem::new("yaml-too-large", message).hint("split it into smaller files")
}

pub(super) fn too_deep(limit: usize) -> Problem {
    let message = format!("this value is nested more than {limit} levels deep");
    Problem::new("yaml-too-deep", message).hint("flatten it, or put the inner part in a string")
}

pub(super) fn too_many_nodes(limit: usize) -> Problem {
    let message = format!(
        "the text holds more than {limit} keys and values, each use of an alias counted in full"
    );
    Problem::new("yaml-too-many-values", message).hint("split the file, or repeat fewer aliases")
}

pub(super) fn too_much_text(limit: usize) -> Problem {
    let message =
        format!("the text grows to more than {limit} bytes when its aliases are filled in");
    Problem::new("yaml-too-many-values", message).hint("repeat fewer aliases")
}

pub(super) fn duplicate_key(name: &str, first: Option<Span>) -> Problem {
    let mut message = format!("the key `{name}` is given twice in one mapping");
    if let Some(first) = first {
        message.push_str(&format!(", first in line {}", first.line));
    }
    Problem::new("yaml-duplicate-key", message).hint("keep one of them")
}

pub(super) fn unresolved_alias(name: &str) -> Problem {
    let message =
        format!("the alias `*{name}` names no anchor that comes before it in this document");
    Problem::new("yaml-unresolved-alias", message).hint(format!(
        "mark a value with `&{name}` above it, or put the text in quotes"
    ))
}

pub(super) fn recursive_alias() -> Problem {
    Problem::new(
        "yaml-recursive-alias",
        "this alias stands inside the value that it names, which would never end",
    )
    .hint("write the value out")
}

pub(super) fn merge_source() -> Problem {
    Problem::new(
        "yaml-merge-source",
        "`<<` merges mappings only, and this is another value",
    )
    .hint("name a mapping or a list of mappings, or put the key in quotes")
}
