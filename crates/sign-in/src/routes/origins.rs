//! Which pages people may be sent back to.

use callboard_identity::Urls;
use callboard_model::{Error, ErrorKind, Result, shortened};
use url::Url;

/// The characters of an address that is shown.
const LONGEST: usize = 200;

/// The origin of a page that may sign people in.
///
/// # Errors
/// `Invalid` and `Forbidden`, in Backstage's words.
pub(super) fn origin(urls: &Urls, text: &str) -> Result<String> {
    let url: Url = text.parse().map_err(|_| {
        Error::invalid("invalid-origin", "App origin is invalid, failed to parse")
            .hint("send an origin such as `https://portal.example.com`")
    })?;
    let origin = url.origin().ascii_serialization();
    if urls.is_allowed_origin(&origin) {
        return Ok(origin);
    }
    let message = format!("Origin '{}' is not allowed", shortened(&origin, LONGEST));
    Err(
        Error::new(ErrorKind::Forbidden, "origin-not-allowed", message)
            .hint("list it under `auth.experimentalExtraAllowedOrigins`, if it is one of yours"),
    )
}

/// The address of a page that people may be sent to in the end.
///
/// # Errors
/// `Invalid` and `Forbidden`, in Backstage's words.
pub(super) fn redirect_url(urls: &Urls, text: Option<&str>) -> Result<Url> {
    let text = text.filter(|text| !text.is_empty()).ok_or_else(|| {
        Error::invalid(
            "missing-redirect-url",
            "No redirectUrl provided in request query parameters",
        )
    })?;
    let url: Url = text.parse().map_err(|_| {
        Error::invalid(
            "invalid-redirect-url",
            "Redirect URL is invalid, failed to parse",
        )
    })?;
    let is_web = matches!(url.scheme(), "http" | "https");
    let has_user = !url.username().is_empty() || url.password().is_some();
    if is_web && !has_user && urls.is_allowed_origin(&url.origin().ascii_serialization()) {
        return Ok(url);
    }
    let message = "Redirect URL is not an allowed origin";
    Err(
        Error::new(ErrorKind::Forbidden, "redirect-not-allowed", message).hint(
            "list its origin under `auth.experimentalExtraAllowedOrigins`, if it is one of yours",
        ),
    )
}

/// The origin of our own pages.
pub(super) fn own(urls: &Urls) -> String {
    urls.app_base.origin().ascii_serialization()
}
