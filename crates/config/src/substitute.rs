//! `${VAR}`, `${VAR:-fallback}` and `$${VAR}` inside strings.

use crate::Environment;

/// What became of a string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Substituted {
    /// It names no variable.
    Unchanged(String),
    /// Its variables are filled in.
    Filled {
        text: String,
        variables: Vec<String>,
    },
    /// This variable is not set, so the whole value is absent.
    Unset(String),
}

/// Fills the variables of `environment` into `text`.
pub(crate) fn substitute(text: String, environment: &Environment) -> Substituted {
    let mut result = String::new();
    let mut variables = Vec::new();
    let mut rest = text.as_str();
    while let Some(found) = next_reference(rest) {
        result.push_str(found.before);
        rest = found.after;
        if found.escaped {
            result.push_str(&format!("${{{}}}", found.inside));
            continue;
        }
        let (name, fallback) = match found.inside.split_once(":-") {
            Some((name, fallback)) => (name.trim(), Some(fallback.trim())),
            None => (found.inside.trim(), None),
        };
        match value(name, fallback, environment) {
            Some(value) => result.push_str(value),
            None => return Substituted::Unset(name.to_owned()),
        }
        variables.push(name.to_owned());
    }
    result.push_str(rest);
    if variables.is_empty() && result == text {
        Substituted::Unchanged(text)
    } else {
        Substituted::Filled {
            text: result,
            variables,
        }
    }
}

/// With a fallback, an empty variable counts as unset, and so does an empty fallback.
fn value<'a>(
    name: &str,
    fallback: Option<&'a str>,
    environment: &'a Environment,
) -> Option<&'a str> {
    let value = environment.get(name);
    match fallback {
        None => value,
        Some(fallback) => value
            .filter(|value| !value.is_empty())
            .or((!fallback.is_empty()).then_some(fallback)),
    }
}

struct Reference<'a> {
    before: &'a str,
    escaped: bool,
    inside: &'a str,
    after: &'a str,
}

/// The first `${…}` without braces inside; one more `$` before it escapes it.
fn next_reference(text: &str) -> Option<Reference<'_>> {
    let mut from = 0;
    while let Some(open) = text.get(from..)?.find("${").map(|at| from + at) {
        let inside = text.get(open + 2..)?;
        let end = inside.find(['{', '}'])?;
        if !inside.get(end..)?.starts_with('}') {
            from = open + 2;
            continue;
        }
        let before = text.get(..open)?;
        let escaped = before.ends_with('$');
        return Some(Reference {
            before: before.strip_suffix('$').unwrap_or(before),
            escaped,
            inside: inside.get(..end)?,
            after: inside.get(end + 1..)?,
        });
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each expectation was produced by `createConfigTransformer` of `@backstage/config-loader` 1.11.3
    /// with `A=1`, `SPACE=" x "` and `EMPTY=""`.
    #[test]
    fn strings_become_what_backstage_makes_of_them() {
        let environment = Environment::from_pairs([("A", "1"), ("SPACE", " x "), ("EMPTY", "")]);
        let cases = include_str!("substitute_cases.txt");
        for case in cases.lines() {
            let (text, expected) = case.split_once(" => ").expect("`text => result`");
            let found = match substitute(text.to_owned(), &environment) {
                Substituted::Unchanged(text) | Substituted::Filled { text, .. } => {
                    format!("`{text}`")
                }
                Substituted::Unset(_) => "undefined".to_owned(),
            };
            assert_eq!(found, expected, "{text}");
        }
    }
}
