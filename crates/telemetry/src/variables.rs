//! The values that `OTEL_…` variables may have.

use std::str::FromStr;
use std::time::Duration;

use callboard_config::Environment;

use crate::InvalidVariable;

/// Reads variables, and remembers those whose value is passed over.
pub(crate) struct Variables<'a> {
    environment: &'a Environment,
    pub(crate) invalid: Vec<InvalidVariable>,
}

impl<'a> Variables<'a> {
    pub(crate) fn of(environment: &'a Environment) -> Self {
        Self {
            environment,
            invalid: Vec::new(),
        }
    }

    /// The value of `name`; an empty one counts as none.
    pub(crate) fn text(&self, name: &str) -> Option<&'a str> {
        self.environment.get(name).filter(|value| !value.is_empty())
    }

    /// Whether `name` is `true`, in any case.
    pub(crate) fn is_true(&self, name: &str) -> bool {
        self.text(name)
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// What `parse` makes of `name`; a value that it refuses is remembered.
    pub(crate) fn parse<T>(
        &mut self,
        name: &'static str,
        expected: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let parsed = parse(self.text(name)?);
        if parsed.is_none() {
            self.refuse(name, expected);
        }
        parsed
    }

    /// The number of `name` between 1 and `most`.
    pub(crate) fn count(&mut self, name: &'static str, most: usize) -> Option<usize> {
        self.parse(name, "a number from 1 on", |value| {
            let number = usize::from_str(value).ok()?;
            (number > 0).then_some(number.min(most))
        })
    }

    /// The milliseconds of `name`, at most an hour.
    pub(crate) fn millis(&mut self, name: &'static str) -> Option<Duration> {
        let millis = self.count(name, 3_600_000)?;
        Some(Duration::from_millis(millis as u64))
    }

    /// The `key=value` pairs of `name`, separated by commas and percent-encoded.
    pub(crate) fn pairs(&mut self, name: &'static str) -> Vec<(String, String)> {
        let pairs = self.parse(
            name,
            "`key=value` pairs with commas between them, percent-encoded",
            |value| value.split(',').map(pair).collect::<Option<Vec<_>>>(),
        );
        pairs.unwrap_or_default()
    }

    pub(crate) fn refuse(&mut self, name: &'static str, expected: &'static str) {
        self.invalid.push(InvalidVariable { name, expected });
    }
}

fn pair(text: &str) -> Option<(String, String)> {
    let (key, value) = text.split_once('=')?;
    let key = decoded(key.trim())?;
    (!key.is_empty()).then_some((key, decoded(value.trim())?))
}

fn decoded(text: &str) -> Option<String> {
    let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
    while let Some((first, more)) = rest.split_first() {
        rest = more;
        match (first, more) {
            (b'%', [high, low, more @ ..]) => {
                let digit = |byte: &u8| char::from(*byte).to_digit(16);
                bytes.push(u8::try_from(digit(high)? * 16 + digit(low)?).ok()?);
                rest = more;
            }
            (b'%', _) => return None,
            _ => bytes.push(*first),
        }
    }
    String::from_utf8(bytes).ok()
}
