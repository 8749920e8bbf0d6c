//! Where an entity is written down: `file:/srv/catalog-info.yaml`, `url:https://…`.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::shown::shortened;

/// The most characters of a location in a message: addresses are long.
const LONGEST: usize = 200;

/// A type and a target, written `type:target` (FEATURES 1.2).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocationRef {
    /// What reads it: `file`, `url`.
    pub kind: String,
    /// A path or an address.
    pub target: String,
}

/// Why a text is not a location reference.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum InvalidLocationRef {
    /// There is no `:` with something on both sides.
    #[error(
        "`{}` is not a location: expected `<type>:<target>`, such as `url:https://example.com/catalog-info.yaml`",
        shortened(.0, LONGEST)
    )]
    Shape(String),
    /// A bare address.
    #[error(
        "`{}` is an address without a location type: write `url:{}`",
        shortened(.0, LONGEST),
        shortened(.0, LONGEST)
    )]
    BareUrl(String),
    /// A target that a browser would run.
    #[error("`{}` points at a script, which no location may do", shortened(.0, LONGEST))]
    Script(String),
}

impl LocationRef {
    /// A location of `kind` at `target`.
    pub fn new(kind: impl Into<String>, target: impl Into<String>) -> Self {
        Self {
            kind: kind.into(),
            target: target.into(),
        }
    }

    /// A file on this machine.
    pub fn file(path: impl Into<String>) -> Self {
        Self::new("file", path)
    }
}

impl FromStr for LocationRef {
    type Err = InvalidLocationRef;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let shape = || InvalidLocationRef::Shape(text.to_owned());
        let (kind, target) = text.split_once(':').ok_or_else(shape)?;
        let (kind, target) = (kind.trim(), target.trim());
        if kind.is_empty() || target.is_empty() {
            return Err(shape());
        }
        if matches!(kind, "http" | "https") {
            return Err(InvalidLocationRef::BareUrl(text.to_owned()));
        }
        if is_script_url(target) {
            return Err(InvalidLocationRef::Script(text.to_owned()));
        }
        Ok(Self::new(kind, target))
    }
}

impl fmt::Display for LocationRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind, self.target)
    }
}

/// Whether a browser would read `target` as `javascript:`, control characters and blanks included
/// (CAT-16).
pub fn is_script_url(target: &str) -> bool {
    let mut letters = target
        .chars()
        .filter(|c| !c.is_control() && !c.is_whitespace());
    "javascript:".chars().all(|expected| {
        letters
            .next()
            .is_some_and(|c| c.eq_ignore_ascii_case(&expected))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_location_reads_back_as_it_was_printed(kind in "[a-z][a-z0-9-]{0,8}", target in "[!-~][ -~]{0,20}[!-~]") {
            prop_assume!(!matches!(kind.as_str(), "http" | "https") && !is_script_url(&target));
            let location = LocationRef::new(kind, target);
            prop_assert_eq!(location.to_string().parse(), Ok(location));
        }

        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            let _ = text.parse::<LocationRef>();
        }
    }

    #[test]
    fn a_location_splits_at_its_first_colon() {
        let location: LocationRef = " url : https://example.com/a.yaml ".parse().unwrap();
        assert_eq!(
            location,
            LocationRef::new("url", "https://example.com/a.yaml")
        );
        assert_eq!(location.to_string(), "url:https://example.com/a.yaml");
    }

    #[test]
    fn a_bare_address_is_told_its_prefix() {
        let error = "https://example.com/a.yaml"
            .parse::<LocationRef>()
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "`https://example.com/a.yaml` is an address without a location type: write `url:https://example.com/a.yaml`"
        );
    }

    #[test]
    fn a_script_is_refused_however_it_is_spelled() {
        for text in [
            "url:javascript:alert(1)",
            "url:java\tscript:alert(1)",
            "url:\u{1}JavaScript:x",
        ] {
            assert!(
                matches!(
                    text.parse::<LocationRef>(),
                    Err(InvalidLocationRef::Script(_))
                ),
                "{text:?}"
            );
        }
    }
}
