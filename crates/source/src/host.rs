//! The port through which files are read: a [`Host`] knows the addresses of one kind of server.

use async_trait::async_trait;
use callboard_model::{Error, Result};
use url::Url;

use crate::repository::{self, Repository};

/// A kind of server that files are read from: any web server, or one with an API of its own.
#[async_trait]
pub trait Host: Send + Sync + 'static {
    /// What it is called in messages.
    fn name(&self) -> &str;

    /// Whether `url` is one of its addresses, which it may read.
    fn claims(&self, url: &Url) -> bool;

    /// Reads one file, unless it is as `known` says.
    async fn read(&self, url: &Url, known: &Validators) -> Result<Answer>;

    /// The addresses of the files that `pattern` matches, in an order that is the same each time.
    async fn search(&self, pattern: &Url) -> Result<Vec<Url>> {
        let message = format!(
            "`{pattern}` is a pattern, and {} can read single files only",
            self.name()
        );
        Err(Error::invalid("url-pattern", message).hint("name each file by an address of its own"))
    }

    /// The address that `target` means in a file at `base`.
    fn resolve(&self, target: &str, base: &Url) -> Result<Url> {
        resolve(target, base)
    }

    /// The repository that `url` lies in, when its address tells. This waits for nothing.
    fn repository(&self, url: &Url) -> Option<Repository> {
        repository::of(url)
    }
}

/// What a server gave along with a file, to be asked next time whether it changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
}

/// What was found at an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The same as last time.
    NotModified,
    /// A file.
    Found(File),
}

/// A file as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// What is in it.
    pub content: Vec<u8>,
    /// How to ask for it next time.
    pub validators: Validators,
}

/// The address that `target` means in a file at `base`: itself when it is absolute. A relative one is read with
/// the query of its base, where servers keep the branch.
pub(crate) fn resolve(target: &str, base: &Url) -> Result<Url> {
    let resolved = match Url::parse(target) {
        Ok(url) => Ok(url),
        Err(_) => base.join(target).map(|mut url| {
            if url.query().is_none() {
                url.set_query(base.query());
            }
            url
        }),
    };
    resolved.map_err(|error| {
        let message = format!("`{target}`, seen from `{base}`, is no address: {error}");
        Error::invalid("url-invalid", message).hint(
            "write an address such as `https://example.com/catalog-info.yaml`, or a relative path",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relative_target_starts_at_the_file_that_names_it() {
        let resolved = |target: &str| {
            let base = Url::parse("https://example.com/org/all.yaml?at=main").unwrap();
            resolve(target, &base).unwrap().to_string()
        };
        assert_eq!(
            resolved("./teams/a.yaml"),
            "https://example.com/org/teams/a.yaml?at=main"
        );
        assert_eq!(resolved("../b.yaml"), "https://example.com/b.yaml?at=main");
        assert_eq!(resolved("/c.yaml"), "https://example.com/c.yaml?at=main");
        assert_eq!(
            resolved("https://other.org/d.yaml"),
            "https://other.org/d.yaml"
        );
    }

    #[test]
    fn what_is_no_address_is_told() {
        let base = Url::parse("https://example.com/").unwrap();
        let error = resolve("http://[", &base).unwrap_err();
        assert_eq!(error.code(), "url-invalid");
    }
}
