//! Takes out of an event what nobody should read in it, and what is too much.

use callboard_model::shortened;
use serde_json::{Map, Value};

/// What stands in the place of a secret.
const REDACTED: &str = "[redacted]";
/// What the names of secrets have in them, in lower case and without signs.
const SECRET: [&str; 11] = [
    "token",
    "password",
    "passwd",
    "passphrase",
    "secret",
    "authorization",
    "cookie",
    "credential",
    "apikey",
    "privatekey",
    "signature",
];
/// The characters of one text.
const LONGEST: usize = 1_000;
/// The members of one list or object.
const MOST: usize = 50;
/// How deep lists and objects may be in each other.
const DEEPEST: usize = 4;
/// About the bytes of all details together.
const ROOM: usize = 16 * 1024;

/// Details without secrets; those for which there is no room are left out, and `truncated` says so.
pub(crate) fn details(details: Map<String, Value>) -> Map<String, Value> {
    let mut room = Room {
        left: ROOM,
        is_full: false,
    };
    let mut kept = room.object(details, 0);
    if room.is_full {
        kept.insert("truncated".to_owned(), Value::Bool(true));
    }
    kept
}

struct Room {
    left: usize,
    is_full: bool,
}

impl Room {
    fn object(&mut self, object: Map<String, Value>, depth: usize) -> Map<String, Value> {
        let mut kept = Map::new();
        for (name, value) in object {
            if kept.len() == MOST || !self.take(name.len().min(LONGEST)) {
                self.is_full = true;
                break;
            }
            let value = match is_secret(&name) {
                true => Some(Value::from(REDACTED)),
                false => self.value(value, depth),
            };
            let Some(value) = value else { break };
            kept.insert(shortened(&name, LONGEST).into_owned(), value);
        }
        kept
    }

    fn value(&mut self, value: Value, depth: usize) -> Option<Value> {
        match value {
            Value::String(secret) => {
                let text = text(&secret);
                self.take(text.len()).then_some(Value::String(text))
            }
            Value::Array(_) | Value::Object(_) if depth == DEEPEST => {
                self.is_full = true;
                None
            }
            Value::Array(members) => {
                self.is_full |= members.len() > MOST;
                let members = members.into_iter().take(MOST);
                let kept = members.map_while(|member| self.value(member, depth + 1));
                Some(Value::Array(kept.collect()))
            }
            Value::Object(object) => Some(Value::Object(self.object(object, depth + 1))),
            plain => self.take(8).then_some(plain),
        }
    }

    fn take(&mut self, bytes: usize) -> bool {
        // What stands around a value counts too.
        match self.left.checked_sub(bytes + 8) {
            Some(left) => self.left = left,
            None => self.is_full = true,
        }
        !self.is_full
    }
}

fn is_secret(name: &str) -> bool {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    let plain: String = letters.map(|letter| letter.to_ascii_lowercase()).collect();
    SECRET.iter().any(|secret| plain.contains(secret))
}

/// A text without the secrets that addresses and headers carry.
fn text(text: &str) -> String {
    let mut clean = String::with_capacity(text.len().min(4 * LONGEST));
    let mut is_after_bearer = false;
    for word in text.split_inclusive(char::is_whitespace) {
        let bare = word.trim_end();
        if is_after_bearer && !bare.is_empty() {
            clean.push_str(REDACTED);
            clean.push_str(&word[bare.len()..]);
        } else {
            clean.push_str(&parameters(&without_user(word)));
        }
        is_after_bearer = bare.to_ascii_lowercase().ends_with("bearer");
    }
    shortened(&clean, LONGEST).into_owned()
}

/// `https://ada:secret@host/` without who it is.
fn without_user(word: &str) -> String {
    let Some((scheme, rest)) = word.split_once("://") else {
        return word.to_owned();
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    match rest[..end].rfind('@') {
        Some(at) => format!("{scheme}://{REDACTED}{}", &rest[at..]),
        None => word.to_owned(),
    }
}

/// `?ref=main&private_token=…` without the value of what is called like a secret.
fn parameters(word: &str) -> String {
    const BETWEEN: [char; 4] = ['?', '&', '#', ';'];
    let pieces = word.split_inclusive(BETWEEN).map(|piece| {
        let name = piece.split_once('=').map(|(name, _)| name);
        match name.filter(|name| is_secret(name)) {
            None => piece.to_owned(),
            Some(name) => {
                let end = piece
                    .trim_end_matches(|sign: char| BETWEEN.contains(&sign) || sign.is_whitespace());
                format!("{name}={REDACTED}{}", &piece[end.len()..])
            }
        }
    });
    pieces.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn cleaned(value: Value) -> Value {
        match value {
            Value::Object(object) => Value::Object(details(object)),
            other => other,
        }
    }

    #[test]
    fn secrets_are_replaced_by_their_names_wherever_they_are() {
        let event = json!({
            "token": "t", "Password": "p", "client_secret": "s", "Authorization": "Bearer b",
            "set-cookie": ["c"], "apiKey": { "a": 1 }, "accessToken": 7,
            "inner": [{ "refreshToken": "r", "name": "kept" }],
            "object": "component:default/checkout"
        });

        assert_eq!(
            cleaned(event),
            json!({
                "token": REDACTED, "Password": REDACTED, "client_secret": REDACTED, "Authorization": REDACTED,
                "set-cookie": REDACTED, "apiKey": REDACTED, "accessToken": REDACTED,
                "inner": [{ "refreshToken": REDACTED, "name": "kept" }],
                "object": "component:default/checkout"
            })
        );
    }

    #[test]
    fn texts_lose_what_addresses_and_headers_carry() {
        for (given, expected) in [
            (
                "url:https://ada:pw@host/a@b",
                "url:https://[redacted]@host/a@b",
            ),
            (
                "https://host/x?ref=main&private_token=abc#l",
                "https://host/x?ref=main&private_token=[redacted]#l",
            ),
            (
                "sent Authorization: Bearer abc.def to it",
                "sent Authorization: Bearer [redacted] to it",
            ),
            (
                "mail ada@example.com about a=b",
                "mail ada@example.com about a=b",
            ),
            ("https://host:8080/a", "https://host:8080/a"),
            ("", ""),
        ] {
            assert_eq!(text(given), expected);
        }
    }

    #[test]
    fn what_is_too_much_is_left_out_and_that_is_said() {
        let long = cleaned(json!({ "object": "x".repeat(100_000) }));
        assert!(long["object"].as_str().unwrap().len() < LONGEST + 10);
        assert_eq!(long.get("truncated"), None);

        let wide = Value::from_iter((0..1_000).map(|n| (n.to_string(), "x".repeat(900))));
        let wide = cleaned(wide);
        assert_eq!(wide["truncated"], true);
        assert!(wide.to_string().len() < 2 * ROOM);

        let mut deep = json!("end");
        for _ in 0..100 {
            deep = json!({ "a": [deep] });
        }
        assert_eq!(cleaned(deep)["truncated"], true);
    }
}
