//! How the texts in an envelope are spelled.

use serde_json::Value;

use super::wrong_type;
use crate::{Problem, shown};

/// The longest name, label value, tag and DNS label.
const LONGEST_PART: usize = 63;
/// The longest DNS name.
const LONGEST_DNS_NAME: usize = 253;

/// One way to spell a text.
#[derive(Clone, Copy)]
pub(super) enum Rule {
    ApiVersion,
    Kind,
    Name,
    Namespace,
    /// The key of a label or an annotation.
    Key,
    LabelValue,
    Tag,
    Url,
    /// More than blanks.
    Visible,
    /// At least one character.
    Filled,
    /// Any string.
    Text,
}

impl Rule {
    pub(super) fn check(self, path: &str, value: &Value) -> Option<Problem> {
        match value.as_str() {
            Some(text) => self.check_text(path, text),
            None => Some(wrong_type(path, "a string", value)),
        }
    }

    pub(super) fn check_text(self, path: &str, text: &str) -> Option<Problem> {
        if self.fits_text(text) {
            return None;
        }
        let shown = shown::text(text);
        let message = match text {
            "" => format!("`{path}` is empty; it must be {}", self.words()),
            _ => format!(
                "`{shown}` is not a valid `{path}`: it must be {}",
                self.words()
            ),
        };
        let problem = Problem::new(self.code(), message).path(path);
        Some(match self.suggestion(text) {
            Some(better) => problem.hint(format!("write `{better}`")),
            None if text.is_empty() => problem.hint(self.advice()),
            None if text.len() > LONGEST_PART => problem.hint(format!(
                "it has {} characters; shorten it",
                text.chars().count()
            )),
            None => problem,
        })
    }

    /// Whether the value is a string that follows the rule.
    pub(super) fn fits(self, value: &Value) -> bool {
        value.as_str().is_some_and(|text| self.fits_text(text))
    }

    pub(super) fn fits_text(self, text: &str) -> bool {
        match self {
            Self::ApiVersion => prefixed(text, |suffix| {
                is_part(suffix) && suffix.bytes().all(|b| b.is_ascii_alphanumeric())
            }),
            Self::Kind => is_part(text) && is_kind(text),
            Self::Name => is_name(text),
            Self::Namespace => is_dns_label(text),
            Self::Key => prefixed(text, is_name),
            Self::LabelValue => text.is_empty() || is_name(text),
            Self::Tag => is_part(text) && is_tag(text),
            Self::Url => url::Url::parse(text).is_ok(),
            Self::Visible => !text.trim().is_empty(),
            Self::Filled => !text.is_empty(),
            Self::Text => true,
        }
    }

    fn code(self) -> &'static str {
        match self {
            Self::ApiVersion => "invalid-api-version",
            Self::Kind => "invalid-kind",
            Self::Name => "invalid-name",
            Self::Namespace => "invalid-namespace",
            Self::Key => "invalid-key",
            Self::LabelValue => "invalid-label",
            Self::Tag => "invalid-tag",
            Self::Url => "invalid-url",
            Self::Visible | Self::Filled | Self::Text => "empty-field",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::ApiVersion => {
                "letters and digits, after an optional DNS name and `/`, such as `backstage.io/v1alpha1`"
            }
            Self::Kind => "letters and digits that begin with a letter, at most 63",
            Self::Name => {
                "letters, digits, `-`, `_` and `.` that begin and end with a letter or digit, at most 63"
            }
            Self::Namespace => {
                "lower-case letters, digits and `-` that begin and end with a letter or digit, at most 63"
            }
            Self::Key => {
                "a name of at most 63 letters, digits, `-`, `_` and `.`, after an optional DNS name and `/`, such as `example.com/tier`"
            }
            Self::LabelValue => {
                "empty, or letters, digits, `-`, `_` and `.` that begin and end with a letter or digit, at most 63"
            }
            Self::Tag => {
                "lower-case letters, digits, `+`, `#` and `:` with single `-` between them, at most 63"
            }
            Self::Url => "an absolute URL, such as `https://example.com/page`",
            Self::Visible => "more than blanks",
            Self::Filled => "at least one character",
            Self::Text => "a string",
        }
    }

    /// What to do when the text is missing or empty.
    pub(super) fn advice(self) -> &'static str {
        match self {
            Self::ApiVersion => "add `apiVersion: backstage.io/v1alpha1`",
            Self::Kind => "add a kind, such as `kind: Component`",
            Self::Name => "add `name` to `metadata`, such as `name: checkout`",
            _ => "fill it in, or remove it",
        }
    }

    /// The nearest text that follows the rule.
    fn suggestion(self, text: &str) -> Option<String> {
        let better = match self {
            Self::Name | Self::LabelValue => joined(text, |c| {
                c.is_ascii_alphanumeric() || matches!(c, '_' | '.')
            }),
            Self::Namespace => joined(&text.to_lowercase(), |c| c.is_ascii_alphanumeric()),
            Self::Tag => joined(&text.to_lowercase(), |c| {
                c.is_ascii_alphanumeric() || matches!(c, '+' | '#' | ':')
            }),
            _ => return None,
        };
        (self.fits_text(&better) && !better.is_empty()).then_some(better)
    }
}

/// The runs of characters that fit, joined by `-`.
fn joined(text: &str, fits: impl Fn(char) -> bool) -> String {
    let runs: Vec<&str> = text
        .split(|c| !fits(c))
        .filter(|run| !run.is_empty())
        .collect();
    runs.join("-")
}

fn is_part(text: &str) -> bool {
    (1..=LONGEST_PART).contains(&text.len())
}

fn is_kind(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn is_name(text: &str) -> bool {
    let edges = |c: char| c.is_ascii_alphanumeric();
    is_part(text)
        && text.starts_with(edges)
        && text.ends_with(edges)
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

fn is_dns_label(text: &str) -> bool {
    is_part(text)
        && !text.starts_with('-')
        && !text.ends_with('-')
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

fn is_dns_name(text: &str) -> bool {
    text.len() <= LONGEST_DNS_NAME && text.split('.').all(is_dns_label)
}

fn is_tag(text: &str) -> bool {
    let fits = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b':' | b'+' | b'#')
    };
    text.split('-')
        .all(|run| !run.is_empty() && run.bytes().all(fits))
}

/// `suffix` or `prefix/suffix`, where the prefix is a DNS name.
fn prefixed(text: &str, is_suffix: impl Fn(&str) -> bool) -> bool {
    match text.split_once('/') {
        Some((prefix, suffix)) => is_dns_name(prefix) && is_suffix(suffix),
        None => is_suffix(text),
    }
}
