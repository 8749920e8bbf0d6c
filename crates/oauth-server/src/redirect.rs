//! Where people are sent back to.

use url::Url;

use crate::refusal::Refusal;

/// The longest address.
const LONGEST: usize = 2_048;
/// Schemes whose addresses are programs or files, and not somebody who waits for an answer.
const NEVER: [&str; 7] = [
    "about",
    "blob",
    "data",
    "file",
    "filesystem",
    "javascript",
    "vbscript",
];

/// An address that people are sent back to, as a client wrote it.
#[derive(Clone, Debug)]
pub(crate) struct RedirectUri {
    text: String,
    url: Url,
}

impl RedirectUri {
    /// Reads one. That it belongs to the client is another question.
    ///
    /// # Errors
    /// When nobody can be sent there.
    pub(crate) fn parse(text: &str) -> Result<Self, Refusal> {
        let wrong = || Refusal::request("Invalid redirect_uri");
        if text.len() > LONGEST || text.chars().any(char::is_control) {
            return Err(wrong());
        }
        let url: Url = text.parse().map_err(|_| wrong())?;
        let has_user = !url.username().is_empty() || url.password().is_some();
        if has_user || url.fragment().is_some() || NEVER.contains(&url.scheme()) {
            return Err(wrong());
        }
        Ok(Self {
            text: text.to_owned(),
            url,
        })
    }

    /// As the client wrote it.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// As an address.
    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    /// Whether it is one of `registered`, letter by letter. Programs on the machine of the person listen on any port
    /// (RFC 8252, 7.3).
    pub(crate) fn is_one_of(&self, registered: &[String]) -> bool {
        registered
            .iter()
            .any(|known| *known == self.text || self.is_other_port_of(known))
    }

    fn is_other_port_of(&self, registered: &str) -> bool {
        let Ok(mut known) = registered.parse::<Url>() else {
            return false;
        };
        is_loopback(&self.url)
            && is_loopback(&known)
            && known.set_port(self.url.port()).is_ok()
            && known == self.url
    }

    /// The address with more parameters.
    pub(crate) fn with(&self, parameters: &[(&str, &str)]) -> String {
        let mut url = self.url.clone();
        url.query_pairs_mut().extend_pairs(parameters);
        url.into()
    }
}

/// Whether an address is on the machine of whoever opens it.
pub(crate) fn is_loopback(url: &Url) -> bool {
    matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_one_of(uri: &str, registered: &str) -> bool {
        RedirectUri::parse(uri)
            .unwrap()
            .is_one_of(&[registered.to_owned()])
    }

    #[test]
    fn only_the_port_of_this_machine_may_differ() {
        let registered = "http://127.0.0.1:8055/callback";
        for same in [
            registered,
            "http://127.0.0.1:1/callback",
            "http://127.0.0.1/callback",
        ] {
            assert!(is_one_of(same, registered), "{same}");
        }
        for other in [
            "http://127.0.0.1:8055/callback/",
            "http://127.0.0.1:8055/callback?a=b",
            "http://127.0.0.1:8055/Callback",
            "http://localhost:8055/callback",
            "https://127.0.0.1:8055/callback",
            "http://127.0.0.2:8055/callback",
            "http://127.0.0.1.evil.org:8055/callback",
        ] {
            assert!(!is_one_of(other, registered), "{other}");
        }
        let web = "https://a.org/callback";
        assert!(is_one_of(web, web));
        for other in [
            "https://a.org:8443/callback",
            "https://a.org/callback/../callback",
            "https://A.org/callback",
        ] {
            assert!(!is_one_of(other, web), "{other}");
        }
    }

    #[test]
    fn nobody_is_sent_to_a_program_or_into_a_fragment() {
        for wrong in [
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "/relative",
            "https://a.org/#x",
            "https://user@a.org/",
            "https://a.org/\nx",
            "",
        ] {
            assert!(RedirectUri::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn parameters_join_those_that_are_there() {
        let uri = RedirectUri::parse("https://a.org/c?tenant=1").unwrap();

        assert_eq!(
            uri.with(&[("code", "a b"), ("state", "&x")]),
            "https://a.org/c?tenant=1&code=a+b&state=%26x"
        );
    }
}
