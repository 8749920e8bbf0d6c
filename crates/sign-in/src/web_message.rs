//! What the window of a sign-in tells the page that opened it, as Backstage's frontends expect it.

use aws_lc_rs::digest::{SHA256, digest};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_FRAME_OPTIONS};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use callboard_model::Error;
use serde::Serialize;
use serde_json::{Value, json};

/// A page that hands `message` to pages of `origin` and closes itself. Nothing else may run in it.
pub(crate) fn page(origin: &str, message: &impl Serialize) -> Result<Response, Error> {
    let message = serde_json::to_string(message).map_err(|error| {
        Error::internal("web-message", "the answer of a sign-in cannot be written").source(error)
    })?;
    let script = script(origin, &message);
    let hash = STANDARD.encode(digest(&SHA256, script.as_bytes()));
    let policy = format!("default-src 'none'; base-uri 'none'; script-src 'sha256-{hash}'");
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (CACHE_CONTROL, "no-store".to_owned()),
        (X_FRAME_OPTIONS, "sameorigin".to_owned()),
        (CONTENT_SECURITY_POLICY, policy),
    ];
    let html = format!("<!doctype html><html><body><script>{script}</script></body></html>");
    Ok((headers, html).into_response())
}

/// What is told when somebody did not come in.
pub(crate) fn error(name: &str, message: &str) -> Value {
    json!({ "type": "authorization_response", "error": { "name": name, "message": message } })
}

/// The texts are percent-encoded, so that nothing in them can end a literal or the script. The page that opened the
/// window looks for it to be closed from time to time, and has to see the message first.
fn script(origin: &str, message: &str) -> String {
    let (origin, message) = (encoded(origin), encoded(message));
    format!(
        "const origin = decodeURIComponent('{origin}'); \
         const message = JSON.parse(decodeURIComponent('{message}')); \
         const page = window.opener || window.parent; \
         page.postMessage({{ type: 'config_info', targetOrigin: origin }}, '*'); \
         page.postMessage(message, origin); \
         setTimeout(() => window.close(), 100);"
    )
}

fn encoded(text: &str) -> String {
    // As in a form, but for the space, which is a plus there.
    let form: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
    form.replace('+', "%20").replace('*', "%2A")
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    #[tokio::test]
    async fn nothing_in_a_message_can_become_a_script() {
        let message = error("Error", "</script><script>alert('1 + 1')*/\u{2028}\\");

        let response = page("https://portal.example.com", &message).unwrap();

        let policy = response.headers()[CONTENT_SECURITY_POLICY]
            .to_str()
            .unwrap()
            .to_owned();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        let html = std::str::from_utf8(&bytes).unwrap();
        let script = html
            .split("<script>")
            .nth(1)
            .unwrap()
            .split("</script>")
            .next()
            .unwrap();
        assert_eq!(html.matches("<script>").count(), 1);
        assert!(!script.contains("alert("), "{script}");
        let hash = STANDARD.encode(digest(&SHA256, script.as_bytes()));
        assert!(policy.contains(&format!("'sha256-{hash}'")), "{policy}");
    }
}
