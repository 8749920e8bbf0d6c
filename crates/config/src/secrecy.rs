//! Decides which values must not be shown.
//!
//! In this order: what the schema says (`x-visibility`); a conventional name such as `clientSecret`;
//! a value from a file or variable that no schema describes. Passwords inside URLs are hidden always.

use crate::key_path::KeyPath;
use crate::node::{Node, Provenance};
use crate::schema_view::{SchemaView, Visibility};

/// What stands where a secret was.
pub(crate) const REDACTED: &str = "<redacted>";

/// Whether the value at `path` must not be shown; `view` is its schema, when its section has one.
pub(crate) fn hides(path: &KeyPath, node: &Node, view: Option<&SchemaView<'_>>) -> bool {
    match view.and_then(SchemaView::visibility) {
        Some(Visibility::Secret) => return true,
        Some(Visibility::Shown) => return false,
        None => {}
    }
    if path.names().any(is_secret_name) || path.names().last().is_some_and(holds_credentials) {
        return true;
    }
    match node.origin.provenance {
        Provenance::Written => false,
        Provenance::File => true,
        Provenance::Environment(_) => !view.is_some_and(SchemaView::describes),
    }
}

/// Whether a key conventionally holds a secret.
pub(crate) fn is_secret_name(name: &str) -> bool {
    const WHOLE: &[&str] = &[
        "key",
        "pass",
        "authorization",
        "cookie",
        "pat",
        "credentials",
        "salt",
    ];
    const ENDS: &[&str] = &[
        "password",
        "passwd",
        "passphrase",
        "secret",
        "secrets",
        "token",
        "apikey",
        "privatekey",
        "signingkey",
        "accesskey",
        "secretkey",
        "connectionstring",
    ];
    let plain: String = name
        .chars()
        .filter(|c| !"-_. ".contains(*c))
        .flat_map(char::to_lowercase)
        .collect();
    WHOLE.contains(&plain.as_str()) || ENDS.iter().any(|end| plain.ends_with(end))
}

/// Whether a single value of this name usually has a password in it; an object has it in a part.
fn holds_credentials(name: &str) -> bool {
    name == "connection"
}

/// `text` without the password of the URL that it is, if it is one.
pub(crate) fn without_url_password(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let (user, _) = authority.rsplit_once('@')?;
    let (name, _) = user.split_once(':')?;
    let after = rest.get(user.len()..)?;
    Some(format!("{scheme}://{name}:{REDACTED}{after}"))
}

/// A line of a file with what follows a secret-looking key masked, every column kept.
pub(crate) fn mask_line(line: &str) -> String {
    let mut masked = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(colon) = rest.find(':') {
        let (head, tail) = rest.split_at(colon + 1);
        masked.push_str(head);
        rest = tail;
        if is_secret_name(last_word(head)) && !is_reference(rest) {
            let (secret, after) = rest.split_at(end_of_value(rest, masked.contains('{')));
            let mask = |c: char| if c.is_whitespace() { c } else { '*' };
            masked.extend(secret.chars().map(mask));
            rest = after;
        }
    }
    masked.push_str(rest);
    masked
}

/// Where a value ends: with its quotes; between braces at a comma; otherwise not in this line.
fn end_of_value(rest: &str, is_between_braces: bool) -> usize {
    let value = rest.trim_start();
    let start = rest.len() - value.len();
    let quote = value
        .chars()
        .next()
        .filter(|first| ['"', '\''].contains(first));
    let end = match quote {
        Some(quote) => value
            .get(1..)
            .and_then(|text| text.find(quote))
            .map(|at| start + at + 2),
        None if is_between_braces => rest.find([',', '}']),
        None => None,
    };
    end.unwrap_or(rest.len())
}

/// Whether all that follows is `${NAME}`: the name of a variable is no secret, a fallback is.
fn is_reference(rest: &str) -> bool {
    let value = rest.trim().trim_matches(['"', '\'']);
    let name = value
        .strip_prefix("${")
        .and_then(|name| name.strip_suffix('}'));
    name.is_some_and(|name| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
}

/// The key that ends `head`, without its colon and quotes.
fn last_word(head: &str) -> &str {
    let head = head.trim_end_matches([':', '"', '\'', ' ']);
    let start = head.rfind(|c: char| !(c.is_alphanumeric() || "-_.".contains(c)));
    start.and_then(|at| head.get(at..)).map_or(head, |word| {
        word.trim_start_matches(|c: char| !(c.is_alphanumeric() || "-_.".contains(c)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conventional_names_are_secret_in_any_spelling() {
        for name in [
            "password",
            "clientSecret",
            "client-secret",
            "GITHUB_TOKEN",
            "key",
            "apiKey",
            "privateKey",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in [
            "keys",
            "tokenUrl",
            "passenger",
            "title",
            "monkey",
            "accessKeyId",
        ] {
            assert!(!is_secret_name(name), "{name}");
        }
    }

    #[test]
    fn a_url_keeps_everything_but_its_password() {
        let url = without_url_password("postgres://app:p@ss@db:5432/x");

        assert_eq!(url.as_deref(), Some("postgres://app:<redacted>@db:5432/x"));
        assert_eq!(without_url_password("https://example.com/a:b@c"), None);
        assert_eq!(without_url_password("https://me@example.com"), None);
    }

    #[test]
    fn an_excerpt_never_shows_a_secret() {
        assert_eq!(mask_line("  token: abc def"), "  token: *** ***");
        assert_eq!(
            mask_line(r#"{ "password": "x", port: a }"#),
            r#"{ "password": ***, port: a }"#
        );
        assert_eq!(mask_line("password: a,b:c}d"), "password: *******");
        assert_eq!(
            mask_line("{ key: 'a,b', port: 1 }"),
            "{ key: *****, port: 1 }"
        );
        assert_eq!(mask_line("token: ${TOKEN}"), "token: ${TOKEN}");
        assert_eq!(mask_line("token: ${TOKEN:-abc}"), "token: *************");
        assert_eq!(mask_line("host: example.com:80"), "host: example.com:80");
    }
}
