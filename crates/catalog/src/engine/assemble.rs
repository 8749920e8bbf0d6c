//! The two halves of a final entity: what processing gives, and what stitching adds.
//!
//! Stitching is frequent (a group gains a member, a component a dependent) and touches little, so the large
//! half is written as JSON once and never parsed for it: uid and etag are spliced in where `metadata` ends,
//! relations and status follow at the end.

use callboard_model::{Entity, validate};
use serde_json::Value;

use crate::sql::feed::FinalParts;

/// Members that only the catalog sets.
const SERVER_SET: [&str; 2] = ["relations", "status"];

/// An entity's own half as JSON, and the byte at which its `metadata` ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OwnHalf {
    pub(crate) json: String,
    pub(crate) metadata_end: usize,
}

/// Writes the own half of a processed entity.
pub(crate) fn own_half(mut entity: Entity) -> OwnHalf {
    validate::reject_script_urls(&mut entity);
    entity.metadata_mut().shift_remove("uid");
    entity.metadata_mut().shift_remove("etag");
    let mut json = String::with_capacity(1_024);
    let mut metadata_end = 0;
    for (key, value) in entity
        .object()
        .iter()
        .filter(|(key, _)| !SERVER_SET.contains(&key.as_str()))
    {
        json.push(if json.is_empty() { '{' } else { ',' });
        json.push_str(&Value::String(key.clone()).to_string());
        json.push(':');
        json.push_str(&value.to_string());
        if key == "metadata" {
            metadata_end = json.len() - 1;
        }
    }
    json.push('}');
    OwnHalf { json, metadata_end }
}

/// The final entity as JSON; `None` when the stored parts do not fit together.
pub(crate) fn assemble(uid: &str, parts: &FinalParts) -> Option<String> {
    let at = usize::try_from(parts.metadata_end).ok()?;
    let (head, rest) = (
        parts.entity.get(..at)?,
        parts.entity.get(at..parts.entity.len().checked_sub(1)?)?,
    );
    let mut json = String::with_capacity(parts.entity.len() + parts.tail.len() + 128);
    json.push_str(head);
    // `metadata` holds at least the name by now, so a comma is right.
    for member in [
        ",\"uid\":\"",
        uid,
        "\",\"etag\":\"",
        &parts.etag,
        "\"",
        rest,
        ",",
        &parts.tail,
        "}",
    ] {
        json.push_str(member);
    }
    Some(json)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn assembled(entity: Value, tail: &str) -> Value {
        let own = own_half(serde_json::from_value(entity).unwrap());
        let metadata_end = i64::try_from(own.metadata_end).unwrap();
        let parts = FinalParts {
            entity: own.json,
            metadata_end,
            etag: "abc".into(),
            tail: tail.into(),
        };
        serde_json::from_str(&assemble("123", &parts).unwrap()).unwrap()
    }

    #[test]
    fn uid_and_etag_go_into_metadata_wherever_it_stands() {
        for entity in [
            json!({ "kind": "A", "metadata": { "name": "ä}\"" }, "spec": { "x": "}" } }),
            json!({ "metadata": { "name": "x", "uid": "mine", "etag": "mine", "labels": {} }, "kind": "A" }),
            json!({ "kind": "A", "metadata": { "name": "x" } }),
        ] {
            let mut expected = entity.clone();
            expected["metadata"]["uid"] = "123".into();
            expected["metadata"]["etag"] = "abc".into();
            expected["relations"] = json!([]);
            assert_eq!(assembled(entity, "\"relations\":[]"), expected);
        }
    }

    #[test]
    fn a_link_that_would_run_a_script_is_replaced() {
        let entity = json!({ "metadata": { "name": "x", "annotations": { "backstage.io/view-url": "java\nscript:x" } } });
        let shown = assembled(entity, "\"relations\":[]");
        let link = shown["metadata"]["annotations"]["backstage.io/view-url"]
            .as_str()
            .unwrap();
        assert!(link.starts_with("https://"), "{link}");
    }
}
