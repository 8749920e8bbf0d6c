//! The one page, with what it is told.

use callboard_feature::NavItem;
use callboard_model::{Error, Result};
use serde::Serialize;

use crate::assets;

/// What the page is told. Every visitor can read it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PageSettings {
    /// What the portal is called.
    pub title: String,
    /// The path the portal is mounted at, without the slash at the end: empty or such as `/portal`.
    pub base_path: String,
    /// The server's version.
    pub version: String,
    /// The entries of the sidebar.
    pub navigation: Vec<NavItem>,
    /// Whether nothing is shown until somebody signs in.
    pub sign_in_required: bool,
}

/// Where `ui/index.html` leaves room.
const BASE: &str = r#"<base href="/" />"#;
const SETTINGS: &str = r#"<script type="application/json" id="callboard-config">{}</script>"#;
const NOT_BUILT: &str = include_str!("not_built.html");

/// The page for `settings`: the embedded one, or one that says why there is none.
pub(crate) fn page(settings: &PageSettings) -> Result<String> {
    match assets::find("index.html") {
        Some(index) => fill(&String::from_utf8_lossy(index.identity), settings),
        None => Ok(NOT_BUILT
            .replace("{reason}", &escape(assets::missing()))
            .replace("{base}", &escape(&base(settings)))),
    }
}

fn fill(html: &str, settings: &PageSettings) -> Result<String> {
    for place in [BASE, SETTINGS] {
        if !html.contains(place) {
            let message = format!("the embedded page has no `{place}`, which the server fills in");
            return Err(Error::internal("page-without-place", message));
        }
    }
    let json = serde_json::to_string(settings).map_err(|error| {
        Error::internal("page-settings", "printing the page's settings").source(error)
    })?;
    // Inside a script element only `<` can end it or open a comment; in JSON it can be written so.
    let json = json.replace('<', "\\u003c");
    let base = format!(r#"<base href="{}" />"#, escape(&base(settings)));
    let settings = SETTINGS.replace("{}", &json);
    Ok(html
        .replacen(SETTINGS, &settings, 1)
        .replacen(BASE, &base, 1))
}

fn base(settings: &PageSettings) -> String {
    format!("{}/", settings.base_path)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(title: &str, base_path: &str) -> PageSettings {
        PageSettings {
            title: title.to_owned(),
            base_path: base_path.to_owned(),
            version: "1.0.0".to_owned(),
            navigation: vec![NavItem::new("Catalog", "/catalog", "catalog")],
            sign_in_required: false,
        }
    }

    fn sample() -> String {
        format!("<head>{BASE}{SETTINGS}</head>")
    }

    #[test]
    fn the_page_learns_its_base_and_settings() {
        let html = fill(&sample(), &settings("Ottoline", "/portal")).unwrap();

        assert_eq!(
            html,
            r#"<head><base href="/portal/" /><script type="application/json" id="callboard-config">{"title":"Ottoline","basePath":"/portal","version":"1.0.0","navigation":[{"title":"Catalog","path":"/catalog","icon":"catalog"}],"signInRequired":false}</script></head>"#
        );
    }

    #[test]
    fn a_title_cannot_leave_the_script() {
        let html = fill(&sample(), &settings("</script><script>alert(1)", "/\"><b>")).unwrap();

        assert!(
            html.contains(r"\u003c/script>\u003cscript>alert(1)"),
            "{html}"
        );
        assert!(
            html.contains(r#"<base href="/&quot;&gt;&lt;b&gt;/" />"#),
            "{html}"
        );
        assert_eq!(html.matches("</script>").count(), 1);
    }

    #[test]
    fn a_page_without_its_places_is_refused() {
        let error = fill("<html></html>", &settings("Callboard", "")).unwrap_err();

        assert_eq!(error.code(), "page-without-place");
    }

    #[test]
    fn the_embedded_page_has_its_places() {
        page(&settings("Callboard", "")).unwrap();
    }
}
