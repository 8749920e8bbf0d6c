use serde_json::json;

use super::*;

/// The problems of `metadata`, each as `path: message (hint)`.
fn metadata(metadata: Value) -> Vec<String> {
    problems(
        json!({ "apiVersion": "backstage.io/v1alpha1", "kind": "Component", "metadata": metadata }),
    )
}

fn problems(entity: Value) -> Vec<String> {
    let line = |problem: Problem| {
        let hint = problem
            .hint
            .map(|hint| format!(" ({hint})"))
            .unwrap_or_default();
        format!(
            "{}: {}{hint}",
            problem.path.unwrap_or_default(),
            problem.message
        )
    };
    envelope(&serde_json::from_value(entity).unwrap())
        .into_iter()
        .map(line)
        .collect()
}

/// The paths at which `metadata` breaks a rule.
fn paths(value: Value) -> Vec<String> {
    let path = |line: String| {
        line.split(": ")
            .next()
            .map(str::to_owned)
            .unwrap_or_default()
    };
    metadata(value).into_iter().map(path).collect()
}

const NO: [&str; 0] = [];

#[test]
fn an_entity_with_every_field_in_order_has_no_problems() {
    let entity = json!({
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Component",
        "metadata": {
            "name": "Check_out.2", "namespace": "team--a", "title": "Checkout", "description": "", "custom": { "x": [1] },
            "labels": { "example.com/tier": "1", "empty": "" },
            "annotations": { "backstage.io/techdocs-ref": "dir:.", "plain": "any text: at all" },
            "tags": ["c++", "c#", "team:a", "a-b"],
            "links": [{ "url": "https://example.com", "title": "Home", "icon": "web", "type": "page" }],
        },
        "spec": {},
    });
    assert_eq!(problems(entity), NO);
}

#[test]
fn an_empty_object_is_told_all_that_it_lacks() {
    assert_eq!(
        problems(json!({})),
        [
            "apiVersion: `apiVersion` is missing, and every entity needs one (add `apiVersion: backstage.io/v1alpha1`)",
            "kind: `kind` is missing, and every entity needs one (add a kind, such as `kind: Component`)",
            "metadata: `metadata` is missing, and every entity needs one (add `metadata` with a `name`)",
        ]
    );
}

#[test]
fn a_foreign_root_field_is_refused() {
    let entity = json!({ "apiVersion": "v1", "kind": "A", "metadata": { "name": "a" }, "status": {}, "owner": "me" });
    assert_eq!(
        problems(entity),
        [
            "status: `status` is not a field of an entity, which has `apiVersion`, `kind`, `metadata`, `spec` (remove it: the catalog itself writes `status`)",
            "owner: `owner` is not a field of an entity, which has `apiVersion`, `kind`, `metadata`, `spec` (move it into `metadata` or `spec`, or remove it)",
        ]
    );
}

#[test]
fn a_name_that_breaks_the_rule_comes_with_one_that_does_not() {
    assert_eq!(
        metadata(json!({ "name": "My Component!" })),
        [
            "metadata.name: `My Component!` is not a valid `metadata.name`: it must be letters, digits, `-`, `_` and `.` that begin and end with a letter or digit, at most 63 (write `My-Component`)"
        ]
    );
    assert_eq!(
        metadata(json!({ "name": "a", "namespace": "Team_A" })),
        [
            "metadata.namespace: `Team_A` is not a valid `metadata.namespace`: it must be lower-case letters, digits and `-` that begin and end with a letter or digit, at most 63 (write `team-a`)"
        ]
    );
}

#[test]
fn a_name_has_at_most_63_characters() {
    assert_eq!(metadata(json!({ "name": "a".repeat(63) })), NO);
    let [line] = metadata(json!({ "name": "a".repeat(64) }))
        .try_into()
        .unwrap();
    assert!(
        line.ends_with("at most 63 (it has 64 characters; shorten it)"),
        "{line}"
    );
}

#[test]
fn a_number_where_text_belongs_is_told_its_quotes() {
    assert_eq!(
        metadata(json!({ "name": 7, "labels": { "major": 2 } })),
        [
            "metadata.name: `metadata.name` must be a string, but it is the number `7` (put it in quotes: `\"7\"`)",
            "metadata.labels.major: `metadata.labels.major` must be a string, but it is the number `2` (put it in quotes: `\"2\"`)",
        ]
    );
}

#[test]
fn api_versions_and_kinds_follow_their_rules() {
    let fits = |api_version: &str, kind: &str| {
        problems(json!({ "apiVersion": api_version, "kind": kind, "metadata": { "name": "a" } }))
            .is_empty()
    };
    for good in ["v1", "backstage.io/v1alpha1", "a-b.c/V1", "1"] {
        assert!(fits(good, "A"), "{good}");
    }
    for bad in [
        "",
        "/v1",
        "a/",
        "a/b/c",
        "Ex.com/v1",
        "a..b/v1",
        "-a/v1",
        "v-1",
        "v1 ",
    ] {
        assert!(!fits(bad, "A"), "{bad}");
    }
    for good in ["A", "api", "AiResource", "A1"] {
        assert!(fits("v1", good), "{good}");
    }
    for bad in ["", "1A", "My-Kind", "Kind ", &"a".repeat(64)] {
        assert!(!fits("v1", bad), "{bad}");
    }
}

#[test]
fn namespaces_are_dns_labels() {
    for good in ["default", "a", "a--b", "0-9"] {
        assert_eq!(
            metadata(json!({ "name": "a", "namespace": good })),
            NO,
            "{good}"
        );
    }
    for bad in ["", "-a", "a-", "A", "a.b", "a_b", "ä"] {
        assert_eq!(
            paths(json!({ "name": "a", "namespace": bad })),
            ["metadata.namespace"],
            "{bad}"
        );
    }
}

#[test]
fn labels_and_annotations_have_named_keys_and_text_values() {
    let pairs = json!({ "a/b/c": "x", "Ex.com/a": "x", "-": "x", "": "x", "fine": "x", "n": 1 });
    let bad = ["a/b/c", "Ex.com/a", "-", "", "n"];
    for name in ["labels", "annotations"] {
        let expected = bad.map(|key| format!("metadata.{name}.{key}"));
        assert_eq!(paths(json!({ "name": "a", name: pairs })), expected);
    }
    assert_eq!(
        paths(json!({ "name": "a", "labels": { "k": "a b" } })),
        ["metadata.labels.k"]
    );
    assert_eq!(
        paths(json!({ "name": "a", "labels": [] })),
        ["metadata.labels"]
    );
    assert_eq!(
        metadata(json!({ "name": "a", "annotations": { "": "x" } })),
        [
            "metadata.annotations.: `metadata.annotations` has an empty key; it must be a name of at most 63 letters, digits, `-`, `_` and `.`, after an optional DNS name and `/`, such as `example.com/tier` (fill it in, or remove it)"
        ]
    );
}

#[test]
fn tags_are_named_by_their_index() {
    let tags = json!(["ok", "Bad Tag", "a--b", "", "-a", 1]);
    let expected = [1, 2, 3, 4, 5].map(|index| format!("metadata.tags[{index}]"));
    assert_eq!(paths(json!({ "name": "a", "tags": tags })), expected);
    assert_eq!(
        metadata(json!({ "name": "a", "tags": "java" })),
        [
            "metadata.tags: `metadata.tags` must be a list, but it is the string `java` (write it as a list: `[java]`)"
        ]
    );
}

#[test]
fn links_need_an_absolute_address() {
    let links = json!([{ "url": "example.com/x" }, { "title": "x" }, "x", { "url": "https://x", "icon": " ", "type": "" }]);
    assert_eq!(
        metadata(json!({ "name": "a", "links": links })),
        [
            "metadata.links[0].url: `example.com/x` is not a valid `metadata.links[0].url`: it must be an absolute URL, such as `https://example.com/page`",
            "metadata.links[1].url: `metadata.links[1].url` is missing, and every link needs one (add the address that the link leads to)",
            "metadata.links[2]: `metadata.links[2]` must be a mapping with a `url`, but it is the string `x`",
            "metadata.links[3].icon: ` ` is not a valid `metadata.links[3].icon`: it must be more than blanks",
            "metadata.links[3].type: `metadata.links[3].type` is empty; it must be at least one character (fill it in, or remove it)",
        ]
    );
}

#[test]
fn keys_that_differ_only_in_case_are_refused_at_any_depth() {
    let entity = json!({
        "apiVersion": "v1", "kind": "A", "metadata": { "name": "a", "labels": { "Tier": "1", "tier": "1" } },
        "spec": { "steps": [{ "ÄB": 1, "äb": 2 }], "owner": "x", "Owner": "y", "OWNER": "z" },
    });
    assert_eq!(
        problems(entity),
        [
            "metadata.labels.tier: the keys `Tier` and `tier` differ only in letter case, and search sees one key (keep one of them)",
            "spec.Owner: the keys `owner` and `Owner` differ only in letter case, and search sees one key (keep one of them)",
            "spec.OWNER: the keys `owner` and `OWNER` differ only in letter case, and search sees one key (keep one of them)",
            "spec.steps[0].äb: the keys `ÄB` and `äb` differ only in letter case, and search sees one key (keep one of them)",
        ]
    );
}

#[test]
fn an_address_that_runs_a_script_is_replaced() {
    let mut entity = Entity::default();
    entity.set_annotation(annotation::VIEW_URL, "java\tscript:alert(1)");
    entity.set_annotation(annotation::EDIT_URL, "https://example.com/edit");
    reject_script_urls(&mut entity);
    assert_eq!(entity.annotation(annotation::VIEW_URL), Some(REJECTED_URL));
    assert_eq!(
        entity.annotation(annotation::EDIT_URL),
        Some("https://example.com/edit")
    );
}
