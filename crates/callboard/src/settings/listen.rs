//! The key `backend.listen`.

use schemars::JsonSchema;
use serde::Deserialize;

/// The address to listen on: `:7007`, `127.0.0.1:7007`, or host and port as keys.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Listen {
    /// Host and port as one text; without a host only this machine is served.
    Text(String),
    /// Host and port as keys.
    Parts(ListenParts),
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
    /// Host and port; an IPv6 host without its brackets.
    ///
    /// # Errors
    /// A sentence that says what the text should look like.
    pub fn host_and_port(&self) -> Result<(String, u16), String> {
        let (host, port) = match self {
            Self::Parts(parts) => (parts.host.clone().unwrap_or_default(), parts.port),
            Self::Text(text) => split(text)?,
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let host = if host.is_empty() { DEFAULT_HOST } else { host };
        Ok((host.to_owned(), port))
    }
}

fn split(text: &str) -> Result<(String, u16), String> {
    let (host, port) = text.rsplit_once(':').unwrap_or(("", text));
    let port = port
        .parse()
        .map_err(|_| format!("`{text}` is no address such as `:7007` or `127.0.0.1:7007`"))?;
    Ok((host.to_owned(), port))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<(String, u16), String> {
        Listen::Text(text.to_owned()).host_and_port()
    }

    #[test]
    fn an_address_without_a_host_is_this_machine() {
        assert_eq!(of(":8080"), Ok(("127.0.0.1".to_owned(), 8080)));
        assert_eq!(of("8080"), Ok(("127.0.0.1".to_owned(), 8080)));
        assert_eq!(
            Listen::default().host_and_port(),
            Ok(("127.0.0.1".to_owned(), 7007))
        );
    }

    #[test]
    fn a_host_is_kept() {
        assert_eq!(of("0.0.0.0:80"), Ok(("0.0.0.0".to_owned(), 80)));
        assert_eq!(of("[::1]:80"), Ok(("::1".to_owned(), 80)));
    }

    #[test]
    fn a_text_without_a_port_is_refused() {
        assert!(of("localhost").is_err());
        assert!(of("localhost:http").is_err());
    }
}
