//! Which addresses may be read: `backend.reading.allow`, as Backstage understands it.

use std::ops::RangeInclusive;

use schemars::JsonSchema;
use serde::Deserialize;
use url::{Host, Url};

/// The section `backend.reading`: what may be read from other machines.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ReadingConfig {
    /// The addresses that may be read. Without any, none may.
    pub allow: Vec<AllowConfig>,
}

/// Addresses that may be read.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AllowConfig {
    /// A host such as `example.com`, `*.example.com` for all names below one, with `:8080` or `:8000-8999` for
    /// other ports than the usual one.
    pub host: HostPattern,
    /// The paths that may be read, each with everything below it; all when left out.
    pub paths: Option<Vec<String>>,
}

/// A host, or all hosts below a name, with the ports that count.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String")]
pub struct HostPattern {
    name: HostName,
    /// The usual port of the scheme when missing.
    ports: Option<RangeInclusive<u16>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum HostName {
    /// As a URL has it.
    Exactly(String),
    /// What such names end in, the dot included.
    Below(String),
}

impl TryFrom<String> for HostPattern {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || {
            format!(
                "`{text}` is not a host such as `example.com`, `*.example.com`, `example.com:8080` or `example.com:8000-8999`"
            )
        };
        let (name, ports) = split_port(&text);
        let (below, name) = match name.strip_prefix("*.") {
            Some(name) => (true, name),
            None => (false, name),
        };
        if name.contains('*') {
            return Err(wrong());
        }
        let host = Host::parse(name).map_err(|_| wrong())?.to_string();
        let name = match (below, Host::parse(&host)) {
            (false, _) => HostName::Exactly(host),
            (true, Ok(Host::Domain(_))) => HostName::Below(format!(".{host}")),
            (true, _) => return Err(wrong()),
        };
        let ports = ports.map(|ports| port_range(ports).ok_or_else(wrong));
        Ok(Self {
            name,
            ports: ports.transpose()?,
        })
    }
}

/// `[::1]:80` as `[::1]` and `80`.
fn split_port(text: &str) -> (&str, Option<&str>) {
    match text.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => (name, Some(port)),
        _ => (text, None),
    }
}

fn port_range(text: &str) -> Option<RangeInclusive<u16>> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (first.parse::<u16>().ok()?, last.parse::<u16>().ok()?);
    (first > 0 && first <= last).then_some(first..=last)
}

impl HostPattern {
    fn has_name(&self, host: &str) -> bool {
        match &self.name {
            HostName::Exactly(name) => host == name,
            HostName::Below(suffix) => host.ends_with(suffix.as_str()),
        }
    }

    fn has_port(&self, url: &Url) -> bool {
        match (&self.ports, url.port_or_known_default()) {
            (None, _) => url.port().is_none(),
            (Some(ports), Some(port)) => ports.contains(&port),
            (Some(_), None) => false,
        }
    }
}

/// What may be read, ready to be asked.
#[derive(Clone, Debug, Default)]
pub struct AllowList(Vec<AllowConfig>);

impl AllowList {
    /// What `config` allows.
    pub fn new(config: &ReadingConfig) -> Self {
        Self(config.allow.clone())
    }

    /// Whether `url` may be read.
    pub fn allows(&self, url: &Url) -> bool {
        matches!(url.scheme(), "http" | "https")
            && url.host_str().is_some_and(|host| {
                self.0.iter().any(|allowed| {
                    allowed.host.has_name(host)
                        && allowed.host.has_port(url)
                        && allowed.has_path(url.path())
                })
            })
    }

    /// Whether anything may be read from `host`, which then is meant to be reached wherever it is.
    pub(crate) fn names(&self, host: &str) -> bool {
        self.0.iter().any(|allowed| allowed.host.has_name(host))
    }
}

impl AllowConfig {
    fn has_path(&self, path: &str) -> bool {
        let Some(allowed) = &self.paths else {
            return true;
        };
        let Some(path) = plain_path(path) else {
            return false;
        };
        allowed.iter().any(|allowed| {
            let below = allowed.strip_suffix('/').unwrap_or(allowed);
            path == *allowed
                || path
                    .strip_prefix(below)
                    .is_some_and(|rest| rest.starts_with('/'))
        })
    }
}

/// The path with every `//` as one `/`. A parsed address has no `.` and `..` any more; one that hides a separator
/// from us may still mean another folder to its server, so it is none that could be compared.
fn plain_path(path: &str) -> Option<String> {
    let lower = path.to_ascii_lowercase();
    if lower.contains("%2f") || lower.contains("%5c") {
        return None;
    }
    let mut plain = String::with_capacity(path.len());
    for character in path.chars() {
        if character != '/' || !plain.ends_with('/') {
            plain.push(character);
        }
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(host: &str, paths: Option<&[&str]>, url: &str) -> bool {
        let config = serde_json::json!({ "allow": [{ "host": host, "paths": paths }] });
        let config: ReadingConfig = serde_json::from_value(config).unwrap();
        AllowList::new(&config).allows(&Url::parse(url).unwrap())
    }

    #[test]
    fn a_host_is_compared_as_a_whole() {
        assert!(allows("example.com", None, "https://example.com/a.yaml"));
        assert!(allows("Example.com", None, "http://EXAMPLE.com/"));
        assert!(!allows("example.com", None, "https://a.example.com/"));
        assert!(!allows(
            "example.com",
            None,
            "https://example.com.evil.org/"
        ));
        assert!(!allows("example.com", None, "https://evilexample.com/"));
        assert!(!allows("example.com", None, "ftp://example.com/"));
    }

    #[test]
    fn a_wildcard_stands_for_names_below_only() {
        assert!(allows("*.example.com", None, "https://a.b.example.com/"));
        assert!(!allows("*.example.com", None, "https://example.com/"));
        assert!(!allows("*.example.com", None, "https://evilexample.com/"));
    }

    #[test]
    fn without_a_port_only_the_usual_one_counts() {
        assert!(allows("a.org", None, "https://a.org:443/"));
        assert!(!allows("a.org", None, "https://a.org:8443/"));
        assert!(allows("a.org:8443", None, "https://a.org:8443/"));
        assert!(allows("a.org:80-443", None, "https://a.org/"));
        assert!(!allows("a.org:8000-8999", None, "http://a.org/"));
        assert!(allows("[::1]:8080", None, "http://[::1]:8080/"));
    }

    #[test]
    fn paths_are_compared_name_by_name() {
        let paths: Option<&[&str]> = Some(&["/public", "/more/"]);
        assert!(allows("a.org", paths, "https://a.org/public"));
        assert!(allows("a.org", paths, "https://a.org//public//a.yaml?x=1"));
        assert!(allows("a.org", paths, "https://a.org/more/a"));
        for refused in [
            "https://a.org/publicity",
            "https://a.org/more",
            "https://a.org/public/../secret",
            "https://a.org/public/%2e%2e/secret",
            "https://a.org/public/..%2Fsecret",
            "https://a.org/public/..%5csecret",
            "https://a.org/",
        ] {
            assert!(!allows("a.org", paths, refused), "{refused}");
        }
    }

    #[test]
    fn nothing_is_allowed_unless_it_is_listed() {
        assert!(!AllowList::default().allows(&Url::parse("https://a.org/").unwrap()));
    }

    #[test]
    fn what_is_not_a_host_is_refused_when_it_is_configured() {
        for wrong in [
            "",
            "*.1.2.3.4",
            "https://a.org",
            "a.org:x",
            "a.org:9-1",
            "a.org:0",
            "*",
            "a.*.org",
        ] {
            assert!(HostPattern::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
    }
}
