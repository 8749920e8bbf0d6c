//! What is said about a text that cannot be read.

use granit_parser::{ErrorKind, ScanError};

use super::{Options, spans};
use crate::{Problem, Span};

const TAB: (&str, &str) = (
    "a tab indents this line, and YAML indents with spaces only",
    "replace the tab with spaces",
);

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
    let message =
        format!("the text holds more than {limit} values, each use of an alias counted in full");
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

/// The parser's own complaint, in words that help.
pub(super) fn syntax(error: &ScanError, options: &Options) -> Problem {
    if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
        return too_deep(options.max_depth);
    }
    match explain(error.kind()) {
        Some((message, hint)) => Problem::new("yaml-syntax", message).hint(hint),
        None => Problem::new("yaml-syntax", format!("this is not YAML: {}", error.info())),
    }
}

/// Whether the parser met a tab that indents.
pub(super) fn is_about_tab(error: &ScanError) -> bool {
    explain(error.kind()) == Some(TAB)
}

fn explain(kind: &ErrorKind) -> Option<(&'static str, &'static str)> {
    use ErrorKind as E;
    Some(match kind {
        E::TabInIndentation
        | E::TabInBlockIndentation
        | E::TabNotAllowed
        | E::TabAtBlockScalarStart => TAB,
        E::UnclosedQuotedScalar | E::DocumentIndicatorInQuotedScalar => (
            "a quoted text begins and never ends",
            "add the closing quote",
        ),
        E::UnclosedFlowCollection { .. }
        | E::UnexpectedEofFlowSequence
        | E::UnexpectedEofFlowMapping
        | E::UnexpectedEofImplicitFlowMapping => (
            "a bracket opens and never closes",
            "add the closing `]` or `}`",
        ),
        E::MismatchedFlowCollectionEnd { .. } | E::MisplacedFlowCollectionEnd => (
            "this bracket closes nothing that is open",
            "make brackets match, or put the text in quotes",
        ),
        E::ExpectedFlowSequenceSeparator | E::ExpectedFlowMappingSeparator => (
            "a `,` or the closing bracket is missing before this",
            "separate the items with `,`",
        ),
        E::ExpectedBlockMappingKey | E::SimpleKeyExpected | E::InvalidSimpleKey => (
            "this line is neither a `key: value` nor a continuation of the line above",
            "check its indentation, and that a `:` followed by a space comes after the key",
        ),
        E::MappingValueNotAllowed | E::MappingKeyNotAllowed | E::InvalidColonPlacement => (
            "a `:` is not allowed here",
            "put a text that contains `: ` in quotes, and check the indentation",
        ),
        E::ExpectedBlockSequenceEntry
        | E::BlockSequenceEntryNotAllowed
        | E::BlockEntryInFlowCollection => (
            "a list item `- ` is not expected here",
            "indent all items of a list by the same number of spaces",
        ),
        E::InvalidIndentation | E::InvalidQuotedScalarIndent | E::InvalidFlowScalarIndent => (
            "the indentation of this line fits nothing above it",
            "align it with the lines it belongs to",
        ),
        E::UnexpectedCharacter {
            character: '@' | '`',
        }
        | E::UnexpectedEndOfPlainScalar => (
            "a text may not begin with this character",
            "put it in quotes",
        ),
        E::UnexpectedCharacter { character: '%' } => {
            ("a text may not begin with `%`", "put it in quotes")
        }
        E::UnknownQuotedScalarEscape => (
            "this text in double quotes has an unknown `\\` escape",
            "use single quotes, or write `\\\\` for a backslash",
        ),
        E::InvalidTrailingSingleQuotedScalar | E::InvalidTrailingDoubleQuotedScalar => (
            "something follows the closing quote",
            "put the whole text in one pair of quotes",
        ),
        _ => return None,
    })
}
