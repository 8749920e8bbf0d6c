//! The etag of an entity that is seen in part.
//!
//! An entity's own etag changes with all of its relations. Whoever sees some of them would learn from it that others
//! come and go, so theirs is made of what they see.

use bytes::Bytes;

use super::slices;
use crate::hash;

/// The same entity with an etag that is made of all else in it; as it is, when it has none.
pub(super) fn renew(json: Bytes) -> Bytes {
    let Some(etag) = etag(&json) else {
        return json;
    };
    // Slices of one text: how far one begins behind the other is where it stands.
    let start = etag.as_ptr().addr() - json.as_ptr().addr();
    let (head, tail) = (&json[..start], &json[start + etag.len()..]);
    let hash = hash::hex(&[head, tail].concat());
    [head, b"\"", hash.as_bytes(), b"\"", tail].concat().into()
}

/// The etag in an entity, with its quotation marks.
fn etag(json: &[u8]) -> Option<&[u8]> {
    let metadata = value(json, "metadata")?;
    value(metadata, "etag").filter(|etag| etag.starts_with(b"\""))
}

fn value<'a>(object: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let entries = slices::entries(object)?;
    let (_, value) = entries.into_iter().find(|(key, _)| key == name)?;
    Some(value)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn renewed(entity: &Value) -> Value {
        let json = renew(Bytes::from(entity.to_string()));
        serde_json::from_slice(&json).unwrap()
    }

    #[test]
    fn it_depends_on_all_else_and_on_nothing_more() {
        let entity = |etag: &str, relations: Value| {
            json!({
                "spec": { "etag": "mine", "metadata": { "etag": "mine" } },
                "metadata": { "name": "}\",\"etag\":\"", "etag": etag, "labels": { "etag": "mine" } },
                "relations": relations,
            })
        };
        let seen = renewed(&entity("old", json!([])));
        let etag = seen["metadata"]["etag"].as_str().unwrap().to_owned();
        assert_eq!(seen, entity(&etag, json!([])));
        assert_eq!(etag.len(), 40);
        assert_eq!(renewed(&entity("other", json!([]))), seen);
        assert_ne!(
            renewed(&entity("old", json!([1])))["metadata"]["etag"],
            etag
        );
    }

    #[test]
    fn what_has_no_etag_stays_as_it_is() {
        for text in [
            r#"{"kind":"A"}"#,
            r#"{"metadata":{"etag":1}}"#,
            r#"{"metadata":[]}"#,
            "null",
            r#"{"metadata":{"etag":"x""#,
        ] {
            assert_eq!(renew(Bytes::from(text)), text);
        }
    }
}
