//! All hosts together.

use std::fmt;
use std::sync::Arc;

use callboard_model::{Error, Result};
use url::Url;

use crate::fetch::not_allowed;
use crate::host::{self, Answer, Host, Validators};
use crate::repository::{self, Repository};

/// The longest address that is looked at.
const LONGEST: usize = 2_048;

/// Reads files from whichever host knows their address; clones share it.
#[derive(Clone, Default)]
pub struct Source(Arc<[Arc<dyn Host>]>);

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.0.iter().map(|host| host.name());
        f.debug_tuple("Source")
            .field(&names.collect::<Vec<_>>())
            .finish()
    }
}

impl Source {
    /// Asks `hosts` in their order; the first that claims an address reads it.
    pub fn new(hosts: impl IntoIterator<Item = Arc<dyn Host>>) -> Self {
        Self(hosts.into_iter().collect())
    }

    /// Reads one file, unless it is as `known` says.
    ///
    /// # Errors
    /// When nobody may read `url`, or its server does not give the file.
    pub async fn read(&self, url: &Url, known: &Validators) -> Result<Answer> {
        self.host(url)?.read(url, known).await
    }

    /// The addresses of the files that `pattern` matches.
    ///
    /// # Errors
    /// When nobody may read there, or its server cannot search.
    pub async fn search(&self, pattern: &Url) -> Result<Vec<Url>> {
        self.host(pattern)?.search(pattern).await
    }

    /// The address that `target` means in a file at `base`.
    ///
    /// # Errors
    /// When that is no address of a file on the web.
    pub fn resolve(&self, target: &str, base: &Url) -> Result<Url> {
        let resolved = match self.host(base) {
            Ok(host) => host.resolve(target, base)?,
            Err(_) => host::resolve(target, base)?,
        };
        checked(resolved)
    }

    /// The repository that `url` lies in, when its address tells.
    pub fn repository(&self, url: &Url) -> Option<Repository> {
        match self.host(url) {
            Ok(host) => host.repository(url),
            Err(_) => repository::of(url),
        }
    }

    fn host(&self, url: &Url) -> Result<&Arc<dyn Host>> {
        self.0
            .iter()
            .find(|host| host.claims(url))
            .ok_or_else(|| not_allowed(url))
    }

    /// Reads `text` as the address of a file.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(text: &str) -> Result<Url> {
        let url = Url::parse(text).map_err(|error| {
            let shown: String = text.chars().take(200).collect();
            Error::invalid("url-invalid", format!("`{shown}` is no address: {error}"))
                .hint("write an address such as `https://example.com/catalog-info.yaml`")
        })?;
        checked(url)
    }
}

/// Refuses what is no file on the web, or holds a password, which everybody would see.
fn checked(mut url: Url) -> Result<Url> {
    if !matches!(url.scheme(), "http" | "https") {
        let message = format!(
            "an address that starts with `{}:` cannot be read",
            url.scheme()
        );
        return Err(Error::invalid("url-scheme", message).hint("use `https:` or `http:`"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        let message = "the address has a user or a password in it, which everybody who reads the catalog would see";
        return Err(Error::invalid("url-credentials", message).hint("take them out of the address"));
    }
    if url.as_str().len() > LONGEST {
        let message = format!("the address is longer than {LONGEST} bytes");
        return Err(Error::invalid("url-too-long", message));
    }
    url.set_fragment(None);
    Ok(url)
}
