//! An entity without the relations that lead to somebody who is hidden.

use std::borrow::Cow;

use bytes::Bytes;
use memchr::{memchr, memrchr};
use serde_json::Value;

use super::slices;

/// What may follow relations where they stand at the end of an entity.
const STATUS: &[u8] = b",\"status\":";

/// The entity in `json` with those relations only that lead to somebody whom `is_seen` knows by the reference in lower
/// case. The same bytes when all do; `None` when the JSON is malformed.
pub(super) fn cut(json: &Bytes, is_seen: impl Fn(&str) -> bool) -> Option<Bytes> {
    let Some(Ends { head, items, tail }) = Ends::of(json) else {
        return cut_anywhere(json, is_seen);
    };
    let kept = kept(&items, is_seen);
    if kept.len() == items.len() {
        return Some(json.clone());
    }
    Some([head, &list(&kept), tail].concat().into())
}

/// The same where relations may stand anywhere.
fn cut_anywhere(json: &[u8], is_seen: impl Fn(&str) -> bool) -> Option<Bytes> {
    let mut body = vec![b'{'];
    for (place, (key, value)) in slices::entries(json)?.into_iter().enumerate() {
        if place > 0 {
            body.push(b',');
        }
        body.extend_from_slice(Value::from(key.as_ref()).to_string().as_bytes());
        body.push(b':');
        if key == "relations" {
            let items: Vec<Relation> = slices::items(value)?
                .into_iter()
                .map(Relation::of)
                .collect();
            body.extend_from_slice(&list(&kept(&items, &is_seen)));
        } else {
            body.extend_from_slice(value);
        }
    }
    body.push(b'}');
    Some(body.into())
}

/// An entity's relations where the catalog itself writes them: last, or before the status.
struct Ends<'a> {
    /// What stands before them.
    head: &'a [u8],
    items: Vec<Relation<'a>>,
    /// What stands behind.
    tail: &'a [u8],
}

impl<'a> Ends<'a> {
    /// Finds them without reading what stands before; `None` when they are elsewhere, or nowhere.
    fn of(json: &'a [u8]) -> Option<Self> {
        let (head, list) = json.split_at(start(json)?);
        let (items, tail) = plain(list).or_else(|| {
            let (items, tail) = slices::items_and_rest(list)?;
            Some((items.into_iter().map(Relation::of).collect(), tail))
        })?;
        // Only what the last brace closes is the entity.
        let last = match tail.strip_prefix(STATUS) {
            Some(status) => slices::rest(status)?,
            None => tail,
        };
        (last == b"}").then_some(Self { head, items, tail })
    }
}

/// Where the last list begins that is called `relations`. It is not inside of a string: the quotes would be escaped.
fn start(json: &[u8]) -> Option<usize> {
    let mut end = json.len();
    loop {
        end = memrchr(b'[', &json[..end])?;
        if json[..end].ends_with(b",\"relations\":") {
            return Some(end);
        }
    }
}

/// One relation.
struct Relation<'a> {
    raw: &'a [u8],
    /// To whom it leads, in lower case; one without a target leads nowhere.
    target: Option<Cow<'a, str>>,
}

impl<'a> Relation<'a> {
    fn of(raw: &'a [u8]) -> Self {
        let target = || {
            let entries = slices::entries(raw)?;
            let (_, value) = entries.into_iter().find(|(key, _)| key == "targetRef")?;
            slices::text(value).map(lower)
        };
        Self {
            raw,
            target: target(),
        }
    }
}

/// The relations in the list that a text begins with, and what stands behind it; `None` unless they are written as the
/// catalog writes them. Nothing else is done to so many bytes of an answer.
fn plain(text: &[u8]) -> Option<(Vec<Relation<'_>>, &[u8])> {
    let mut relations = Vec::new();
    let mut rest = text.strip_prefix(b"[")?;
    if let Some(rest) = rest.strip_prefix(b"]") {
        return Some((relations, rest));
    }
    loop {
        let (_, behind) = plain_text(rest.strip_prefix(b"{\"type\":\"")?)?;
        let (target, behind) = plain_text(behind.strip_prefix(b",\"targetRef\":\"")?)?;
        let behind = behind.strip_prefix(b"}")?;
        let raw = &rest[..rest.len() - behind.len()];
        let target = std::str::from_utf8(target).ok()?;
        let target = Some(lower(Cow::Borrowed(target)));
        relations.push(Relation { raw, target });
        match behind.split_first()? {
            (b',', behind) => rest = behind,
            (b']', behind) => return Some((relations, behind)),
            _ => return None,
        }
    }
}

/// The string that ends with the next quotation mark, and what stands behind that; `None` when there are escapes.
fn plain_text(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let (string, behind) = text.split_at(memchr(b'"', text)?);
    (!string.contains(&b'\\')).then_some((string, &behind[1..]))
}

fn lower(text: Cow<'_, str>) -> Cow<'_, str> {
    let is_lower = |byte: u8| byte.is_ascii() && !byte.is_ascii_uppercase();
    if text.bytes().all(is_lower) {
        return text;
    }
    Cow::Owned(text.to_lowercase())
}

/// The relations that lead to somebody who is seen.
fn kept<'a>(relations: &[Relation<'a>], is_seen: impl Fn(&str) -> bool) -> Vec<&'a [u8]> {
    let leads = |relation: &&Relation| relation.target.as_deref().is_some_and(&is_seen);
    relations
        .iter()
        .filter(leads)
        .map(|relation| relation.raw)
        .collect()
}

fn list(items: &[&[u8]]) -> Vec<u8> {
    [b"[".as_slice(), &items.join(&b','), b"]"].concat()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn seen(json: &str) -> String {
        let cut = cut(&Bytes::from(json.to_owned()), |target| {
            !target.contains('x')
        });
        String::from_utf8(cut.unwrap().to_vec()).unwrap()
    }

    #[test]
    fn relations_are_left_out_where_they_stand() {
        let relations = |list: &str| format!(r#"{{"kind":"A","spec":{{}},"relations":[{list}]}}"#);
        let (a, x) = (
            r#"{"type":"t","targetRef":"A:d/a"}"#,
            r#"{"type":"t","targetRef":"a:d/X"}"#,
        );

        assert_eq!(
            seen(&relations(&format!("{a},{x},{a}"))),
            relations(&format!("{a},{a}"))
        );
        assert_eq!(seen(&relations(&format!("{x},{x}"))), relations(""));
        assert_eq!(seen(&relations("")), relations(""));
        let status = r#"],"status":{"items":[{"message":",\"relations\":[]}"}]}}"#;
        let with_status = |list: &str| format!(r#"{{"kind":"A","relations":[{list}{status}"#);
        assert_eq!(seen(&with_status(&format!("{x},{a}"))), with_status(a));
    }

    #[test]
    fn an_entity_that_keeps_all_keeps_its_bytes() {
        let json = Bytes::from_static(br#"{ "kind":"A","relations":[ {"targetRef":"a"} ]}"#);
        let same = cut(&json, |_| true).unwrap();
        assert_eq!(same.as_ptr(), json.as_ptr());
    }

    fn relations() -> impl Strategy<Value = Value> {
        let target = prop_oneof![
            Just("a:d/a"),
            Just("A:d/\u{e4}"),
            Just("x:d/x"),
            Just("\"x\"")
        ];
        let relation = target.prop_map(|target| json!({ "type": "t", "targetRef": target }));
        let other = prop_oneof![
            Just(json!({})),
            Just(json!({ "targetRef": 1 })),
            Just(json!("x"))
        ];
        proptest::collection::vec(prop_oneof![4 => relation, 1 => other], 0..4)
            .prop_map(Value::from)
    }

    /// Members in any order, also such as look like relations and are none.
    fn entity() -> impl Strategy<Value = Value> {
        let member = prop_oneof![
            relations().prop_map(|list| ("relations", list)),
            relations().prop_map(|list| ("spec", json!({ "relations": list, "status": {} }))),
            relations().prop_map(|list| (
                "metadata",
                json!({ "name": "}],\"relations\":[", "relations": list })
            )),
            Just((
                "status",
                json!({ "items": [{ "message": ",\"relations\":[" }] })
            )),
            Just(("kind", json!("A"))),
        ];
        proptest::collection::vec(member, 0..5).prop_map(|members| {
            Value::Object(
                members
                    .into_iter()
                    .map(|(key, value)| (key.to_owned(), value))
                    .collect(),
            )
        })
    }

    proptest! {
        #[test]
        fn nothing_but_hidden_relations_is_left_out(entity in entity(), pretty in any::<bool>()) {
            let text = if pretty { format!("{entity:#}") } else { entity.to_string() };
            let mut expected = entity;
            if let Some(relations) = expected["relations"].as_array_mut() {
                relations.retain(|relation| relation["targetRef"].as_str().is_some_and(|target| !target.contains('x')));
            } else if let Some(members) = expected.as_object_mut() {
                members.shift_remove("relations");
            }
            prop_assert_eq!(serde_json::from_str::<Value>(&seen(&text)).unwrap(), expected);
        }

        #[test]
        fn what_is_cut_off_ends(entity in entity(), length in 0usize..200) {
            let text = entity.to_string();
            let _any = cut(&Bytes::copy_from_slice(&text.as_bytes()[..length.min(text.len())]), |_| false);
        }
    }
}
