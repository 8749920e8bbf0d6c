//! What a client says of itself.

use callboard_model::shortened;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::redirect::RedirectUri;

/// The most addresses that people may be sent back to.
const MOST_REDIRECTS: usize = 100;
/// The characters of a name that people are shown.
const LONGEST_NAME: usize = 100;
/// What needs a secret that the client and we know, which a document that everybody reads cannot give.
const SHARED_SECRETS: [&str; 3] = [
    "client_secret_basic",
    "client_secret_post",
    "client_secret_jwt",
];

/// What a client says of itself: a client ID metadata document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Document {
    /// The address of the document.
    pub(crate) client_id: String,
    /// What the client is called.
    pub(crate) client_name: String,
    /// Where people may be sent back to.
    pub(crate) redirect_uris: Vec<String>,
    /// What it asks for.
    pub(crate) response_types: Vec<String>,
    /// How it gets tokens.
    pub(crate) grant_types: Vec<String>,
    /// What it shows when it asks for a token.
    pub(crate) token_endpoint_auth_method: String,
    /// What its tokens may be for.
    pub(crate) scope: String,
}

impl Document {
    /// Reads a document of the client `id`.
    ///
    /// # Errors
    /// What is wrong with it, in Backstage's words.
    pub(super) fn parse(content: &[u8], id: &str) -> Result<Self, String> {
        let invalid = "Invalid client metadata document";
        let all: Map<String, Value> = serde_json::from_slice(content).map_err(|_| invalid)?;
        let text = |name: &str| all.get(name).and_then(Value::as_str);
        if text("client_id") != Some(id) {
            return Err("Client ID mismatch in metadata document".to_owned());
        }
        let redirect_uris = redirect_uris(&all)?;
        let is_there = |name: &&str| all.get(*name).is_some_and(|value| !value.is_null());
        if ["client_secret", "client_secret_expires_at"]
            .iter()
            .any(is_there)
        {
            return Err("Client metadata must not contain client_secret".to_owned());
        }
        let method = text("token_endpoint_auth_method").unwrap_or("none");
        if SHARED_SECRETS.contains(&method) {
            return Err("Client metadata uses forbidden auth method".to_owned());
        }
        let name = text("client_name").map(plain).unwrap_or_default();
        Ok(Self {
            client_id: id.to_owned(),
            client_name: if name.is_empty() { plain(id) } else { name },
            redirect_uris,
            response_types: texts(&all, "response_types").unwrap_or(vec!["code".to_owned()]),
            grant_types: texts(&all, "grant_types")
                .unwrap_or(vec!["authorization_code".to_owned()]),
            token_endpoint_auth_method: method.to_owned(),
            scope: text("scope").unwrap_or_default().to_owned(),
        })
    }

    /// What Backstage's command line says of itself, at `id`.
    pub(super) fn command_line(id: String) -> Self {
        let texts = |all: &[&str]| all.iter().map(|&text| text.to_owned()).collect();
        Self {
            client_id: id,
            client_name: "Backstage CLI".to_owned(),
            redirect_uris: texts(&["http://127.0.0.1:8055/callback"]),
            response_types: texts(&["code"]),
            grant_types: texts(&["authorization_code"]),
            token_endpoint_auth_method: "none".to_owned(),
            scope: "openid offline_access".to_owned(),
        }
    }
}

fn redirect_uris(all: &Map<String, Value>) -> Result<Vec<String>, String> {
    let uris = all.get("redirect_uris").and_then(Value::as_array);
    let uris = uris
        .filter(|uris| !uris.is_empty())
        .ok_or("Metadata must include at least one redirect_uri")?;
    if uris.len() > MOST_REDIRECTS {
        return Err(format!(
            "Metadata must not include more than {MOST_REDIRECTS} redirect_uris"
        ));
    }
    let checked = uris.iter().map(|uri| {
        let text = uri.as_str().unwrap_or_default();
        match RedirectUri::parse(text) {
            Ok(_) => Ok(text.to_owned()),
            Err(_) => Err(format!(
                "Invalid redirect_uri in metadata: {}",
                shortened(&plain(text), 200)
            )),
        }
    });
    checked.collect()
}

fn texts(all: &Map<String, Value>, name: &str) -> Option<Vec<String>> {
    let values = all.get(name)?.as_array()?.iter().take(20);
    Some(
        values
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
    )
}

/// A name without characters that are not seen, or that turn around what stands beside them.
fn plain(text: &str) -> String {
    let is_hidden = |c: &char| {
        c.is_control()
            || matches!(*c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{61c}')
    };
    let plain: String = text.chars().filter(|c| !is_hidden(c)).collect();
    shortened(plain.trim(), LONGEST_NAME).into_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ID: &str = "https://a.org/client.json";

    fn parse(document: Value) -> Result<Document, String> {
        Document::parse(document.to_string().as_bytes(), ID)
    }

    #[test]
    fn a_document_says_who_its_client_is() {
        let document = parse(json!({
            "client_id": ID,
            "client_name": " Agent\u{202e}\n ",
            "redirect_uris": ["http://127.0.0.1/callback"],
        }))
        .unwrap();

        assert_eq!(document.client_name, "Agent");
        assert_eq!(document.response_types, ["code"]);
        let nameless = parse(json!({ "client_id": ID, "redirect_uris": ["https://a.org/c"] }));
        assert_eq!(nameless.unwrap().client_name, ID);
    }

    #[test]
    fn a_document_that_is_wrong_is_refused_in_backstages_words() {
        let uris = json!(["https://a.org/c"]);
        for (wrong, why) in [
            (
                json!({ "client_id": "https://b.org/x", "redirect_uris": uris }),
                "Client ID mismatch in metadata document",
            ),
            (
                json!({ "redirect_uris": uris }),
                "Client ID mismatch in metadata document",
            ),
            (
                json!({ "client_id": ID }),
                "Metadata must include at least one redirect_uri",
            ),
            (
                json!({ "client_id": ID, "redirect_uris": [] }),
                "Metadata must include at least one redirect_uri",
            ),
            (
                json!({ "client_id": ID, "redirect_uris": ["javascript:x"] }),
                "Invalid redirect_uri in metadata: javascript:x",
            ),
            (
                json!({ "client_id": ID, "redirect_uris": [1] }),
                "Invalid redirect_uri in metadata: ",
            ),
            (
                json!({ "client_id": ID, "redirect_uris": uris, "client_secret": "" }),
                "Client metadata must not contain client_secret",
            ),
            (
                json!({ "client_id": ID, "redirect_uris": uris, "token_endpoint_auth_method": "client_secret_post" }),
                "Client metadata uses forbidden auth method",
            ),
            (json!([]), "Invalid client metadata document"),
        ] {
            assert_eq!(parse(wrong.clone()).unwrap_err(), why, "{wrong}");
        }
        let many = vec!["https://a.org/c"; MOST_REDIRECTS + 1];
        assert!(parse(json!({ "client_id": ID, "redirect_uris": many })).is_err());
    }
}
