//! The parser's complaints, in words that help: what is wrong, and what to write instead.

use granit_parser::{ErrorKind, ScanError};

use super::{Options, complaint};
use crate::Problem;

/// What is wrong, and what to do about it.
type Words = (&'static str, &'static str);

const TAB: Words = (
    "a tab indents this line, and YAML indents with spaces only",
    "replace the tab with spaces",
);
const NO_TAG: Words = (
    "`!` begins a tag, and what follows is none",
    "put a text that begins with `!` in quotes",
);

pub(super) fn syntax(error: &ScanError, options: &Options) -> Problem {
    let kind = error.kind();
    let message = match kind {
        ErrorKind::RecursionLimitExceeded => return complaint::too_deep(options.max_depth),
        ErrorKind::UnexpectedCharacter { character } if character.is_control() => {
            format!(
                "the control character `{}` may not stand in YAML",
                character.escape_default()
            )
        }
        _ => match layout(kind).or_else(|| text(kind)) {
            Some((message, hint)) => return Problem::new("yaml-syntax", message).hint(hint),
            None => format!("this is not YAML: {}", error.info()),
        },
    };
    Problem::new("yaml-syntax", message).hint("remove it, or put the text in double quotes")
}

/// Whether the parser met a tab that indents.
pub(super) fn is_about_tab(error: &ScanError) -> bool {
    layout(error.kind()) == Some(TAB)
}

/// How lines and brackets fit together.
fn layout(kind: &ErrorKind) -> Option<Words> {
    use ErrorKind as E;
    Some(match kind {
        E::TabInIndentation
        | E::TabInBlockIndentation
        | E::TabNotAllowed
        | E::TabAtBlockScalarStart => TAB,
        E::TabInPlainScalar => (
            "a tab indents a line below this text, and YAML indents with spaces only",
            TAB.1,
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
            "put a text that contains `: ` in quotes, check the indentation, and that a space follows the `:` in the line above",
        ),
        E::ExpectedBlockSequenceEntry
        | E::BlockSequenceEntryNotAllowed
        | E::BlockEntryInFlowCollection => (
            "a list item `- ` is not expected here",
            "put the list on lines of its own, and indent all its items by the same number of spaces",
        ),
        E::InvalidIndentation | E::InvalidQuotedScalarIndent | E::InvalidFlowScalarIndent => (
            "the indentation of this line fits nothing above it",
            "align it with the lines it belongs to",
        ),
        E::ExpectedDocumentStart | E::MissingDocumentEndBeforeDirective => (
            "a `---` is missing before this",
            "put `---` between documents, and after lines that begin with `%`",
        ),
        E::InvalidDocumentEnd => (
            "only a comment may follow `...`",
            "write `---` to begin another document",
        ),
        E::UnsupportedYamlMajorVersion => (
            "this version of YAML is unknown; 1.2 is read",
            "remove the `%YAML` line",
        ),
        _ => return None,
    })
}

/// How single texts are spelled.
fn text(kind: &ErrorKind) -> Option<Words> {
    use ErrorKind as E;
    Some(match kind {
        E::UnclosedQuotedScalar | E::DocumentIndicatorInQuotedScalar => (
            "a quoted text begins and never ends",
            "add the closing quote",
        ),
        E::UnexpectedCharacter { .. } | E::UnexpectedEndOfPlainScalar => (
            "a text may not begin with this character",
            "put the text in quotes",
        ),
        E::UnknownQuotedScalarEscape
        | E::InvalidQuotedScalarHexEscape
        | E::InvalidLowSurrogateHexEscape
        | E::InvalidLowSurrogate
        | E::MissingLowSurrogate
        | E::UnpairedLowSurrogate
        | E::InvalidUnicodeEscape => (
            "a `\\` in this text in double quotes begins no known escape",
            "use single quotes, or write `\\\\` for a backslash",
        ),
        E::InvalidTrailingSingleQuotedScalar | E::InvalidTrailingDoubleQuotedScalar => (
            "something follows the closing quote",
            "put the whole text in one pair of quotes; inside single quotes write `''` for `'`",
        ),
        E::MissingAnchorOrAliasName => (
            "`*` begins an alias and `&` an anchor, and no name follows",
            "put a text that begins with `*` or `&` in quotes",
        ),
        E::UndeclaredTagHandle
        | E::InvalidTagTerminator
        | E::UnclosedVerbatimTag
        | E::MissingTagUri
        | E::InvalidTagEscape
        | E::InvalidGlobalTagCharacter => NO_TAG,
        E::InvalidBlockScalarHeader | E::ZeroBlockScalarIndent => (
            "only `+`, `-`, a digit from 1 to 9 and a comment may follow `|` or `>`",
            "begin the text on the next line",
        ),
        _ => return None,
    })
}
