//! Any web server: reads addresses that the configuration lists.

use async_trait::async_trait;
use callboard_model::{Error, Result};
use url::Url;

use crate::allow::AllowList;
use crate::client::Client;
use crate::host::{Answer, Host, Validators};

/// Reads what `backend.reading.allow` lists, with plain requests.
#[derive(Clone, Debug)]
pub struct FetchHost {
    client: Client,
    allow: AllowList,
}

impl FetchHost {
    /// Reads what `allow` lists through `client`.
    pub fn new(client: Client, allow: AllowList) -> Self {
        Self { client, allow }
    }
}

#[async_trait]
impl Host for FetchHost {
    fn name(&self) -> &'static str {
        "a plain web server"
    }

    fn claims(&self, url: &Url) -> bool {
        self.allow.allows(url)
    }

    async fn read(&self, url: &Url, known: &Validators) -> Result<Answer> {
        self.client
            .get(url, known, |url| self.allow.allows(url))
            .await
    }
}

/// What is said about an address that nobody may read.
pub(crate) fn not_allowed(url: &Url) -> Error {
    let message = format!("reading `{url}` is not allowed");
    let host = url.host_str().unwrap_or_default();
    let port = url
        .port()
        .map(|port| format!(":{port}"))
        .unwrap_or_default();
    Error::invalid("url-not-allowed", message).hint(format!(
        "add `host: {host}{port}` to `backend.reading.allow`, with `paths` if only some may be read"
    ))
}
