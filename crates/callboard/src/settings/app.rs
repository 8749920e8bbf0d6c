//! The section `app`.

use schemars::JsonSchema;
use serde::Deserialize;
use url::Url;

/// What the portal is called and where people open it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct AppSettings {
    /// What the portal is called.
    pub title: String,
    /// Where people open it. A path at its end is where the pages are mounted.
    pub base_url: Option<BaseUrl>,
}

impl Default for AppSettings {
    fn default() -> Self {
        Self {
            title: "Callboard".to_owned(),
            base_url: None,
        }
    }
}

impl AppSettings {
    /// The keys of Backstage's section that are not used here.
    pub(crate) const NOT_USED: [&str; 11] = [
        "analytics",
        "auth",
        "datadogRum",
        "extensions",
        "googleAnalyticsTrackingId",
        "listen",
        "packages",
        "pluginOverrides",
        "routes",
        "support",
        "theme",
    ];

    /// The path that the pages are mounted at, without the slash at its end: empty or such as
    /// `/portal`.
    pub fn base_path(&self) -> String {
        self.base_url
            .as_ref()
            .map(BaseUrl::path)
            .unwrap_or_default()
    }
}

/// An `http` or `https` URL.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String")]
pub struct BaseUrl(Url);

impl BaseUrl {
    /// The name or address of the machine in it.
    pub fn host(&self) -> Option<&str> {
        self.0.host_str()
    }

    /// The URL itself.
    pub fn url(&self) -> &Url {
        &self.0
    }

    /// Its path, without the slash at its end.
    pub fn path(&self) -> String {
        self.0.path().trim_end_matches('/').to_owned()
    }
}

impl TryFrom<String> for BaseUrl {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match Url::parse(&text) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(Self(url)),
            _ => Err(format!(
                "`{text}` is not an http or https URL such as `https://portal.example.com`"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_path_is_the_path_of_the_url() {
        let path = |url: &str| BaseUrl::try_from(url.to_owned()).map(|url| url.path());

        assert_eq!(path("http://localhost:7007"), Ok(String::new()));
        assert_eq!(
            path("https://example.com/portal/"),
            Ok("/portal".to_owned())
        );
        assert!(path("portal.example.com").is_err());
        assert!(path("ftp://example.com").is_err());
    }
}
