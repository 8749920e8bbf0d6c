//! Clients that the configuration lists.

use std::collections::BTreeMap;

use callboard_config::Secret;
use callboard_model::{Error, Result};
use url::Url;

use crate::StaticClient;
use crate::redirect::RedirectUri;
use crate::refusal::Refusal;
use crate::secret;

/// Clients that the configuration lists, by their ids.
#[derive(Debug)]
pub(super) struct FixedClients(BTreeMap<String, FixedClient>);

/// One of them.
#[derive(Debug)]
pub(super) struct FixedClient {
    name: String,
    secret: Option<Secret>,
    redirects: Vec<String>,
}

impl FixedClients {
    /// Those that are `listed`.
    ///
    /// # Errors
    /// `Invalid`, when one is listed twice, could be taken for another kind, or has nowhere to send people back to.
    pub(super) fn new(listed: &[StaticClient]) -> Result<Self> {
        let mut all = BTreeMap::new();
        for client in listed {
            let id = &client.client_id;
            check(client).map_err(|why| wrong(id, why))?;
            let fixed = FixedClient {
                name: client.client_name.clone().unwrap_or_else(|| id.clone()),
                secret: client.client_secret.clone(),
                redirects: client.redirect_uris.clone(),
            };
            if all.insert(id.clone(), fixed).is_some() {
                return Err(wrong(id, "is listed twice"));
            }
        }
        Ok(Self(all))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn get(&self, id: &str) -> Option<&FixedClient> {
        self.0.get(id)
    }

    pub(super) fn some_need_a_secret(&self) -> bool {
        self.0.values().any(FixedClient::needs_secret)
    }

    pub(super) fn some_need_none(&self) -> bool {
        self.0.values().any(|client| !client.needs_secret())
    }
}

impl FixedClient {
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn needs_secret(&self) -> bool {
        self.secret.is_some()
    }

    pub(super) fn has_secret(&self, shown: &str) -> bool {
        let known = self.secret.as_ref();
        known.is_some_and(|known| secret::same(known.expose(), shown))
    }

    pub(super) fn check_redirect(&self, redirect: &RedirectUri) -> Result<(), Refusal> {
        let is_listed = self.redirects.iter().any(|uri| uri == redirect.as_str());
        is_listed
            .then_some(())
            .ok_or_else(|| Refusal::request("Invalid redirect_uri"))
    }
}

fn check(client: &StaticClient) -> Result<(), &'static str> {
    if client.client_id.trim().is_empty() {
        return Err("has no name");
    }
    if client.client_id.parse::<Url>().is_ok() {
        return Err("is an address, which is for clients that describe themselves");
    }
    let secret = client.client_secret.as_ref();
    if secret.is_some_and(|secret| secret.expose().is_empty()) {
        return Err("has an empty `clientSecret`");
    }
    if client.redirect_uris.is_empty() {
        return Err("has no `redirectUris`");
    }
    let all = client.redirect_uris.iter();
    if all.into_iter().any(|uri| RedirectUri::parse(uri).is_err()) {
        return Err("has a member of `redirectUris` that nobody can be sent to");
    }
    Ok(())
}

fn wrong(id: &str, why: &str) -> Error {
    Error::invalid("static-client", format!("the client `{id}` {why}"))
        .hint("correct it in `auth.staticClients`")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn listed(clients: serde_json::Value) -> Result<FixedClients> {
        FixedClients::new(&serde_json::from_value::<Vec<StaticClient>>(clients).unwrap())
    }

    #[test]
    fn a_list_that_means_two_things_is_refused() {
        let good = json!({ "clientId": "ide", "clientSecret": "word", "redirectUris": ["https://a.org/c"] });
        assert!(listed(json!([good])).is_ok());
        for wrong in [
            json!([good, good]),
            json!([{ "clientId": "https://a.org/x", "redirectUris": ["https://a.org/c"] }]),
            json!([{ "clientId": "", "redirectUris": ["https://a.org/c"] }]),
            json!([{ "clientId": "ide", "redirectUris": [] }]),
            json!([{ "clientId": "ide", "redirectUris": ["javascript:alert(1)"] }]),
            json!([{ "clientId": "ide", "clientSecret": "", "redirectUris": ["https://a.org/c"] }]),
        ] {
            assert!(listed(wrong.clone()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_secret_is_compared_and_never_printed() {
        let clients = listed(json!([
            { "clientId": "ide", "clientSecret": "pass-word", "redirectUris": ["https://a.org/c"] }
        ]))
        .unwrap();
        let ide = clients.get("ide").unwrap();

        assert!(ide.has_secret("pass-word") && !ide.has_secret("pass-wor") && !ide.has_secret(""));
        assert!(!format!("{clients:?}").contains("pass-word"));
    }
}
