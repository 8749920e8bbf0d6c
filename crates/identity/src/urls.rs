//! Where the portal is found.

use callboard_model::{Error, Result};
use url::Url;

/// Where the portal is found, as the configuration says: nothing in a request decides that.
#[derive(Clone, Debug)]
pub struct Urls {
    /// Where the API is found.
    pub backend_base: Url,
    /// Where people open the pages.
    pub app_base: Url,
    extra_origins: Vec<String>,
}

impl Urls {
    /// From `backend.baseUrl`, `app.baseUrl` and `auth.experimentalExtraAllowedOrigins`.
    ///
    /// # Errors
    /// `Invalid`, when one of the extra origins is no origin.
    pub fn new(backend_base: Url, app_base: Url, extra_origins: &[String]) -> Result<Self> {
        let extra = extra_origins.iter().map(|text| {
            let wrong = || {
                let message = format!(
                    "`auth.experimentalExtraAllowedOrigins` names `{text}`, which is no origin such as `https://*.example.com`"
                );
                Error::invalid("origin", message)
            };
            let (scheme, host) = text.split_once("://").ok_or_else(wrong)?;
            let is_origin = matches!(scheme, "http" | "https")
                && !host.is_empty()
                && !host.contains(['/', '?', '#', '@'])
                && host != "*";
            is_origin.then(|| text.to_lowercase()).ok_or_else(wrong)
        });
        Ok(Self {
            backend_base,
            app_base,
            extra_origins: extra.collect::<Result<_>>()?,
        })
    }

    /// Whether pages of `origin`, such as `https://portal.example.com`, may sign people in here.
    pub fn is_allowed_origin(&self, origin: &str) -> bool {
        let Ok(url) = origin.parse::<Url>() else {
            return false;
        };
        let own = [&self.app_base, &self.backend_base];
        if own.iter().any(|base| base.origin() == url.origin()) {
            return true;
        }
        let origin = url.origin().ascii_serialization();
        self.extra_origins
            .iter()
            .any(|pattern| is_like(pattern, &origin))
    }

    /// The address of our authentication API, which is also the name of the issuer of our tokens.
    pub fn auth(&self) -> String {
        let base = self.backend_base.as_str().trim_end_matches('/');
        format!("{base}/api/auth")
    }

    /// The path that cookies are for: that of the portal.
    pub(crate) fn cookie_path(&self) -> &str {
        match self.backend_base.path().trim_end_matches('/') {
            "" => "/",
            path => path,
        }
    }

    /// Whether browsers reach us only in ways that nobody listens to.
    pub(crate) fn is_secure(&self) -> bool {
        self.backend_base.scheme() == "https"
    }
}

/// Whether an origin is like a pattern in which `*` stands for some characters of a host, at most one label.
fn is_like(pattern: &str, origin: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == origin,
        Some((before, after)) => {
            let middle = origin
                .strip_prefix(before)
                .and_then(|rest| rest.strip_suffix(after));
            middle.is_some_and(|middle| !middle.is_empty() && !middle.contains(['.', ':', '/']))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn urls(extra: &[&str]) -> Result<Urls> {
        let extra: Vec<String> = extra.iter().map(|&text| text.to_owned()).collect();
        let url = |text: &str| text.parse().unwrap();
        Urls::new(
            url("https://api.example.com/portal"),
            url("https://portal.example.com"),
            &extra,
        )
    }

    #[test]
    fn our_own_origins_and_those_that_are_listed_may_sign_people_in() {
        let urls = urls(&["https://*.pages.example.com", "http://localhost:3000"]).unwrap();

        for allowed in [
            "https://portal.example.com",
            "https://api.example.com",
            "https://one.pages.example.com",
            "http://localhost:3000",
            "https://PORTAL.example.com:443",
        ] {
            assert!(urls.is_allowed_origin(allowed), "{allowed}");
        }
        for foreign in [
            "http://portal.example.com",
            "https://portal.example.com:8443",
            "https://portal.example.com.evil.org",
            "https://evil.org/.pages.example.com",
            "https://a.b.pages.example.com",
            "https://evil.org#.pages.example.com",
            "https://.pages.example.com",
            "http://localhost:30001",
            "null",
            "",
        ] {
            assert!(!urls.is_allowed_origin(foreign), "{foreign}");
        }
        assert_eq!(urls.auth(), "https://api.example.com/portal/api/auth");
        assert_eq!(urls.cookie_path(), "/portal");
    }

    #[test]
    fn what_is_no_origin_is_refused() {
        for wrong in [
            "*",
            "https://*",
            "example.com",
            "https://a.org/path",
            "ftp://a.org",
        ] {
            assert!(urls(&[wrong]).is_err(), "{wrong}");
        }
    }
}
