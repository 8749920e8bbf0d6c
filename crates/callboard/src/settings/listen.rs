//! The key `backend.listen`.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

use super::text_or_parts::{self, TextOrParts};

/// The address to listen on: `:7007`, `127.0.0.1:7007`, or host and port as keys.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(untagged)]
pub enum Listen {
    /// Host and port as one text, which [`Listen::parse`] has checked.
    Text(String),
    /// Host and port as keys.
    Parts(ListenParts),
}

impl TextOrParts for Listen {
    type Parts = ListenParts;
    const EXPECTED: &'static str = "an address such as `:7007`, or `host` and `port`";

    fn from_text(text: &str) -> Option<Self> {
        split(text).map(|_| Self::Text(text.to_owned()))
    }

    fn from_parts(parts: ListenParts) -> Self {
        Self::Parts(parts)
    }
}

impl<'de> Deserialize<'de> for Listen {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text_or_parts::deserialize(deserializer)
    }
}

/// Host and port as keys.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
pub struct ListenParts {
    /// A name or an IP address; only this machine is served without it.
    pub host: Option<String>,
    /// The port; 0 takes a free one.
    #[serde(default = "default_port")]
    pub port: u16,
}

const DEFAULT_HOST: &str = "127.0.0.1";

fn default_port() -> u16 {
    7007
}

impl Default for Listen {
    fn default() -> Self {
        Self::Parts(ListenParts {
            host: None,
            port: default_port(),
        })
    }
}

impl Listen {
    /// An address as people type it.
    ///
    /// # Errors
    /// A sentence that says what it should look like.
    pub fn parse(text: &str) -> Result<Self, String> {
        Self::from_text(text)
            .ok_or_else(|| format!("`{text}` is no address such as `:7007` or `127.0.0.1:7007`"))
    }

    /// Host and port; an IPv6 host without its brackets.
    pub fn host_and_port(&self) -> (String, u16) {
        let (host, port) = match self {
            Self::Parts(parts) => (parts.host.as_deref().unwrap_or_default(), parts.port),
            Self::Text(text) => split(text).unwrap_or(("", default_port())),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let host = if host.is_empty() { DEFAULT_HOST } else { host };
        (host.to_owned(), port)
    }
}

fn split(text: &str) -> Option<(&str, u16)> {
    let (host, port) = text.rsplit_once(':').unwrap_or(("", text));
    Some((host, port.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> (String, u16) {
        Listen::parse(text).unwrap().host_and_port()
    }

    #[test]
    fn an_address_without_a_host_is_this_machine() {
        assert_eq!(of(":8080"), ("127.0.0.1".to_owned(), 8080));
        assert_eq!(of("8080"), ("127.0.0.1".to_owned(), 8080));
        assert_eq!(
            Listen::default().host_and_port(),
            ("127.0.0.1".to_owned(), 7007)
        );
    }

    #[test]
    fn a_host_is_kept() {
        assert_eq!(of("0.0.0.0:80"), ("0.0.0.0".to_owned(), 80));
        assert_eq!(of("[::1]:80"), ("::1".to_owned(), 80));
    }

    #[test]
    fn a_text_without_a_port_is_refused() {
        assert!(Listen::parse("localhost").is_err());
        assert!(Listen::parse("localhost:http").is_err());
    }
}
