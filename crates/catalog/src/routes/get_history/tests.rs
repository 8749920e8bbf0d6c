//! Pages of a history that is written by hand.

use serde_json::{Value, json};

use super::super::scoped::{only, rule};
use super::super::sketch::Api;
use crate::sql::history::{self, EventRow};

/// A history of events `id kind entity`, one a line.
async fn history(lines: &str) -> Api {
    let api = Api::with("User:ada").await;
    tell(&api, lines).await;
    api
}

async fn tell(api: &Api, lines: &str) {
    let events: Vec<EventRow> = lines.lines().map(event).collect();
    let mut tx = api.database().begin().await.unwrap();
    history::write(&mut tx, &events).await.unwrap();
    tx.commit().await.unwrap();
}

fn event(line: &str) -> EventRow {
    let words: Vec<&str> = line.split_whitespace().collect();
    EventRow {
        id: words[0].parse().unwrap(),
        at: 1_767_225_600_000,
        kind: words[1].to_owned(),
        entity_ref: format!("user:default/{}", words[2]),
        uid: "00000000-0000-4000-8000-000000000001".to_owned(),
        source: "file:/users.yaml".to_owned(),
        diff: match words[1] {
            "updated" => r#"{"changes":[{"path":"spec.x","change":"changed","before":null,"after":1}],"omitted":2}"#.to_owned(),
            _ => String::new(),
        },
    }
}

const FIVE: &str = "1 created ada
    2 created bob
    3 updated ada
    4 deleted bob
    5 updated ada";

fn ids(page: &Value) -> String {
    let items = page["items"].as_array().unwrap().iter();
    let ids: Vec<&str> = items.map(|item| item["id"].as_str().unwrap()).collect();
    ids.join(" ")
}

/// The ids on the page that `cursor` of `page` leads to, and that page.
async fn go(api: &Api, page: &Value, cursor: &str, more: &str) -> (String, Value) {
    let cursor = page["pageInfo"][cursor].as_str().unwrap();
    let cursor = cursor.replace('+', "%2B").replace('=', "%3D");
    let page = api
        .get_json(&format!("/history?cursor={cursor}{more}"))
        .await;
    (ids(&page), page)
}

#[tokio::test]
async fn an_event_says_who_what_when_and_what_is_different() {
    let api = history("3 updated ada").await;

    assert_eq!(
        api.get_json("/history").await["items"][0],
        json!({
            "id": "3", "eventAt": "2026-01-01T00:00:00.000Z", "eventType": "updated",
            "entityRef": "user:default/ada", "entityId": "00000000-0000-4000-8000-000000000001",
            "source": "file:/users.yaml",
            "diff": [{ "path": "spec.x", "change": "changed", "before": null, "after": 1 }],
            "omittedChanges": 2
        })
    );
}

#[tokio::test]
async fn cursors_lead_both_ways_and_keep_what_was_asked() {
    let api = history(FIVE).await;

    let first = api.get_json("/history?limit=2").await;
    assert_eq!(ids(&first), "5 4");
    assert_eq!(first["pageInfo"]["prevCursor"], Value::Null);
    let (second_ids, second) = go(&api, &first, "nextCursor", "&limit=2").await;
    assert_eq!(second_ids, "3 2");
    let (third_ids, third) = go(&api, &second, "nextCursor", "&limit=2").await;
    assert_eq!(third_ids, "1");
    assert_eq!(third["pageInfo"]["nextCursor"], Value::Null);
    let (back_ids, back) = go(&api, &third, "prevCursor", "&limit=1").await;
    assert_eq!(back_ids, "2");
    assert_eq!(go(&api, &back, "prevCursor", "").await.0, "5 4 3");
    assert_eq!(go(&api, &back, "nextCursor", "").await.0, "1");

    let of_ada = api
        .get_json("/history?entityRef=User:Ada&order=asc&limit=2")
        .await;
    assert_eq!(ids(&of_ada), "1 3");
    assert_eq!(go(&api, &of_ada, "nextCursor", "").await.0, "5");
}

#[tokio::test]
async fn an_entity_is_found_by_its_uid_also_when_it_is_gone() {
    let api = history(FIVE).await;

    let uid = "00000000-0000-4000-8000-000000000001";
    let page = api.get_json(&format!("/history?entityId={uid}")).await;
    assert_eq!(ids(&page), "5 3 1");
    api.erase("user:default/ada");
    let page = api.get_json(&format!("/history?entityId={uid}")).await;
    assert_eq!(ids(&page), "4 2");
    let other = "00000000-0000-4000-8000-000000000009";
    assert_eq!(
        ids(&api.get_json(&format!("/history?entityId={other}")).await),
        ""
    );
}

#[tokio::test]
async fn what_happens_later_is_found_from_the_last_event_on() {
    let api = history(FIVE).await;

    let page = api.get_json("/history?afterEventId=3").await;
    assert_eq!(ids(&page), "4 5");
    let (nothing, page) = go(&api, &page, "nextCursor", "").await;
    assert_eq!(nothing, "");
    tell(&api, "6 deleted ada").await;
    assert_eq!(go(&api, &page, "nextCursor", "").await.0, "6");
}

#[tokio::test]
async fn a_request_that_blocks_is_answered_when_something_happens() {
    let api = history(FIVE).await;

    let asked = api.get_json("/history?afterEventId=5&block=true");
    let told = async {
        tell(&api, "6 deleted ada").await;
        api.announce(6).await;
    };
    let (page, ()) = tokio::join!(asked, told);

    assert_eq!(ids(&page), "6");
}

#[tokio::test]
async fn a_request_that_waited_in_vain_is_answered_with_202_and_a_cursor() {
    let api = history(FIVE).await;

    api.catalog.stopped().cancel();
    let answer = api.get("/history?afterEventId=5&block=true").await;

    let (status, body) = answer.split_once('\n').unwrap();
    assert_eq!(status, "202 Accepted");
    let page: Value = serde_json::from_str(body).unwrap();
    assert_eq!(ids(&page), "");
    tell(&api, "6 deleted ada").await;
    assert_eq!(go(&api, &page, "nextCursor", "").await.0, "6");
}

#[tokio::test]
async fn what_is_forgotten_is_not_answered() {
    let api = history(FIVE).await;

    history::forget(api.database(), 3, 1).await.unwrap();

    assert_eq!(ids(&api.get_json("/history").await), "5 4");
}

#[tokio::test]
async fn wrong_parameters_are_refused() {
    let api = history("").await;

    for (query, message) in [
        ("limit=0", "invalid `limit`: it must be between 1 and 1000"),
        (
            "limit=1001",
            "invalid `limit`: it must be between 1 and 1000",
        ),
        ("afterEventId=x", "`afterEventId` is no id of an event: `x`"),
        (
            "afterEventId=-1",
            "`afterEventId` is no id of an event: `-1`",
        ),
        ("entityId=x", "`entityId` is no uid: `x`"),
        ("cursor=!", "malformed cursor: it is not base64"),
        (
            "cursor=e30%3D",
            "malformed cursor: missing field `newestFirst`",
        ),
    ] {
        let answer = api.get(&format!("/history?{query}")).await;
        let expected = format!("400 Bad Request\nInputError: {message}");
        assert!(answer.starts_with(&expected), "{query}: {answer}");
    }
    for query in ["entityRef=::", "order=up", "block=maybe"] {
        let answer = api.get(&format!("/history?{query}")).await;
        assert!(answer.starts_with("400 Bad Request"), "{query}: {answer}");
    }
}

#[tokio::test]
async fn differences_name_nobody_whom_the_caller_may_not_see() {
    let api = Api::with("User:ada\nGroup:crew\nGroup:secret label=hidden").await;
    let relation = |target: &str| json!({ "type": "memberOf", "targetRef": target });
    let (crew, secret) = (
        relation("group:default/crew"),
        relation("group:default/secret"),
    );
    let gone = relation("group:default/gone");
    let came =
        |relation: &Value| json!({ "path": "relations", "change": "added", "after": relation });
    let went =
        |relation: &Value| json!({ "path": "relations", "change": "removed", "before": relation });
    let part = json!({ "path": "relations", "change": "changed", "before": "secret…", "after": "x", "shortened": true });
    let lists = json!({ "path": "relations", "change": "changed", "before": [crew, secret], "after": [secret, crew] });
    let title = json!({ "path": "spec.x", "change": "changed", "before": null, "after": 1 });
    let mut events = Vec::new();
    for (id, changes) in [
        json!([came(&crew), came(&secret), title]),
        json!([went(&secret), came(&gone), part, lists]),
        json!([went(&crew)]),
    ]
    .into_iter()
    .enumerate()
    {
        events.push(EventRow {
            id: id as i64 + 1,
            diff: json!({ "changes": changes, "omitted": 3 }).to_string(),
            ..event("0 updated ada")
        });
    }
    let mut tx = api.database().begin().await.unwrap();
    history::write(&mut tx, &events).await.unwrap();
    tx.commit().await.unwrap();

    let hidden = rule("HAS_LABEL", json!({ "label": "hidden" }));
    let narrow = api.behind(only(&json!({ "not": hidden })));
    let page = narrow.get_json("/history?limit=1").await;

    assert_eq!(
        (ids(&page).as_str(), &page["items"][0]["diff"]),
        ("3", &json!([went(&crew)]))
    );
    let (second, page) = go(&narrow, &page, "nextCursor", "").await;
    assert_eq!(second, "1");
    assert_eq!(page["items"][0]["diff"], json!([came(&crew), title]));
    assert_eq!(page["items"][0]["omittedChanges"], Value::Null);
    assert_eq!(ids(&api.get_json("/history").await), "3 2 1");
}
