//! Ids of clients that are addresses of documents.

use url::Url;

use crate::redirect::is_loopback;
use crate::refusal::Refusal;

/// The longest id.
const LONGEST: usize = 2_048;

/// Reads an id as the address of a document. Only a portal `at_home`, on the machine of its developer, reads documents
/// without TLS, and only of this machine.
///
/// # Errors
/// When it is no such address, in Backstage's words.
pub(super) fn parse(id: &str, at_home: bool) -> Result<Url, Refusal> {
    let wrong = |why: &str| Refusal::request(format!("Invalid client_id: {why}"));
    if id.len() > LONGEST || id.chars().any(char::is_control) {
        return Err(wrong("not a valid URL"));
    }
    let path = id.split(['?', '#']).next().unwrap_or_default();
    if path.split('/').any(|part| part == "." || part == "..") {
        return Err(wrong("path must not contain dot segments"));
    }
    let url: Url = id.parse().map_err(|_| wrong("not a valid URL"))?;
    let is_here = url.scheme() == "http" && at_home && is_loopback(&url);
    if url.scheme() != "https" && !is_here {
        return Err(wrong(
            "must use HTTPS (or HTTP for localhost in development)",
        ));
    }
    if matches!(url.path(), "" | "/") {
        return Err(wrong("must have a path component"));
    }
    if url.fragment().is_some() {
        return Err(wrong("must not contain a fragment"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("must not contain credentials"));
    }
    if url.query().is_some() {
        return Err(wrong("must not contain a query string"));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_plain_address_with_a_path() {
        assert!(parse("https://a.org/client.json", false).is_ok());
        for wrong in [
            "client",
            "https://a.org",
            "https://a.org/",
            "https://a.org/x/../client.json",
            "https://a.org/./client.json",
            "https://a.org/x/..",
            "https://a.org/x#y",
            "https://a.org/x?y",
            "https://user:word@a.org/x",
            "http://a.org/x",
            "ftp://a.org/x",
            "file:///etc/passwd",
            "https://a.org/x\n",
        ] {
            assert!(parse(wrong, true).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_at_home_a_document_of_this_machine_is_read_without_tls() {
        for here in ["http://localhost:3000/x", "http://127.0.0.1/x"] {
            assert!(parse(here, true).is_ok(), "{here}");
            assert!(parse(here, false).is_err(), "{here}");
        }
    }
}
