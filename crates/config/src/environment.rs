//! The environment variables, as a value that tests own.

use std::collections::BTreeMap;
use std::fmt;

/// The environment variables of a process, or those that a test makes up.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Environment {
    variables: BTreeMap<String, String>,
}

impl Environment {
    /// The variables of this process; a variable whose name or value is not UTF-8 is left out.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one reader of the environment"
    )]
    pub fn of_process() -> Self {
        let readable = std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        });
        Self {
            variables: readable.collect(),
        }
    }

    /// Exactly these variables.
    pub fn from_pairs<N: Into<String>, V: Into<String>>(
        pairs: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let variables = pairs
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()));
        Self {
            variables: variables.collect(),
        }
    }

    /// The value of `name`, without the white space around it.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(|value| value.trim())
    }

    /// The names in `BACKSTAGE_ENV`, in their order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let names = self.get("BACKSTAGE_ENV").unwrap_or_default();
        names
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty())
    }

    /// The variables whose name starts with `prefix`, by what follows it, as they are.
    pub(crate) fn with_prefix<'a>(
        &'a self,
        prefix: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.variables
            .iter()
            .filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?, value.as_str())))
    }
}

impl fmt::Debug for Environment {
    /// Names only: values are often secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.variables.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_lose_the_white_space_around_them() {
        let environment = Environment::from_pairs([("NAME", " value\n")]);

        assert_eq!(environment.get("NAME"), Some("value"));
        assert_eq!(environment.get("OTHER"), None);
    }

    #[test]
    fn values_are_never_printed() {
        let environment = Environment::from_pairs([("TOKEN", "very-secret")]);

        insta::assert_snapshot!(format!("{environment:?}"), @r#"{"TOKEN"}"#);
    }
}
