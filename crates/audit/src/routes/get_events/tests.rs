use std::time::Duration;

use callboard_auth::{AuditEvent, Outcome};
use serde_json::json;

use crate::stage::{Stage, numbers};

#[tokio::test]
async fn an_event_says_who_did_what_when_and_how_it_ended() {
    let stage = Stage::new().await;
    let actor = Some("user:default/ada".to_owned());
    let event = AuditEvent::new("entity-mutate", actor, Outcome::Failed)
        .request(Some("r-1"))
        .with("action", "delete")
        .with("status", 503);
    stage.trail.log().record(event);
    stage
        .trail
        .log()
        .record(AuditEvent::new("sign-in", None, Outcome::Denied));
    stage.store().await;

    let (status, page) = stage.get("").await;

    assert_eq!((status, &page["pageInfo"]), (200, &json!({})));
    assert_eq!(page["items"][0]["event"], "sign-in");
    assert_eq!(page["items"][0].get("actor"), None);
    let mut first = page["items"][1].clone();
    assert!(first.as_object_mut().unwrap().remove("id").is_some());
    assert_eq!(
        first,
        json!({
            "at": "2026-01-01T00:00:00.000Z", "event": "entity-mutate", "actor": "user:default/ada",
            "outcome": "failed", "requestId": "r-1", "details": { "action": "delete", "status": 503 }
        })
    );
}

#[tokio::test]
async fn secrets_do_not_come_in() {
    let stage = Stage::new().await;
    let secret = "correct-horse";
    let mut event = AuditEvent::new("odd", None, Outcome::Succeeded).with("kept", "yes");
    for name in ["token", "password", "secret", "authorization", "cookie"] {
        event = event.with(name, secret);
    }
    let inner = json!({ "Set-Cookie": secret, "deep": [{ "clientSecret": secret }] });
    event = event
        .with("inner", inner)
        .with(
            "object",
            format!("url:https://ada:{secret}@host/?access_token={secret}"),
        )
        .with("error", format!("`Bearer {secret}` is no token"));
    stage.trail.log().record(event);
    stage.store().await;

    let (_, page) = stage.get("").await;

    let text = page.to_string();
    assert!(!text.contains(secret), "{text}");
    let details = &page["items"][0]["details"];
    assert_eq!(
        (&details["kept"], &details["token"]),
        (&json!("yes"), &json!("[redacted]"))
    );
}

#[tokio::test]
async fn events_are_chosen_by_who_what_how_and_when() {
    let stage = Stage::new().await;
    let log = stage.trail.log();
    let (ada, ci) = ("user:default/ada", "external:ci");
    let hour = Duration::from_secs(60 * 60);
    for (number, (actor, event, outcome)) in [
        (ada, "sign-in", Outcome::Succeeded),
        (ada, "entity-mutate", Outcome::Failed),
        (ci, "entity-mutate", Outcome::Denied),
        (ci, "entity-mutate", Outcome::Succeeded),
    ]
    .into_iter()
    .enumerate()
    {
        let event = AuditEvent::new(event, Some(actor.to_owned()), outcome);
        log.record(event.with("n", number + 1));
        stage.clock.advance(hour);
    }
    stage.store().await;

    let cases: [(&str, &[u64]); 12] = [
        ("?actor=external:ci", &[4, 3]),
        ("?event=sign-in", &[1]),
        ("?outcome=succeeded", &[4, 1]),
        ("?actor=external:ci&event=entity-mutate", &[4, 3]),
        ("?actor=user:default/ada&outcome=failed", &[2]),
        ("?event=entity-mutate&outcome=denied", &[3]),
        (
            "?actor=external:ci&event=entity-mutate&outcome=succeeded",
            &[4],
        ),
        ("?actor=nobody", &[]),
        ("?from=2026-01-01T01:00:00Z", &[4, 3, 2]),
        (
            "?from=2026-01-01T01:00:00Z&to=2026-01-01T03:00:00Z",
            &[3, 2],
        ),
        ("?to=2026-01-01", &[]),
        (
            "?outcome=succeeded&from=2025-12-31&to=2026-01-01T00:00:00.001Z",
            &[1],
        ),
    ];
    for (query, expected) in cases {
        assert_eq!(stage.numbers(query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn a_walk_while_events_arrive_repeats_and_loses_none() {
    let stage = Stage::new().await;
    let record = |numbers: std::ops::RangeInclusive<usize>| {
        for number in numbers {
            stage.did("guest", "sign-in", number);
            stage.did("guest", "other", number);
            if number % 7 == 0 {
                stage.clock.advance(Duration::from_millis(1));
            }
        }
    };
    record(1..=50);
    stage.store().await;

    let (mut walked, mut query) = (Vec::new(), "?event=sign-in&limit=3".to_owned());
    let mut arriving = 51;
    loop {
        let (status, page) = stage.get(&query).await;
        assert_eq!(status, 200, "{page}");
        walked.extend(numbers(&page));
        record(arriving..=arriving + 4);
        arriving += 5;
        stage.store().await;
        let Some(cursor) = page["pageInfo"]["nextCursor"].as_str() else {
            break;
        };
        query = format!("?limit=3&cursor={cursor}");
    }

    assert_eq!(walked, (1..=50).rev().collect::<Vec<u64>>());
}

#[tokio::test]
async fn a_last_page_that_is_full_says_that_it_is_the_last() {
    let stage = Stage::new().await;
    for number in 1..=4 {
        stage.did("guest", "sign-in", number);
    }
    stage.store().await;

    let (_, page) = stage.get("?limit=2").await;
    let cursor = page["pageInfo"]["nextCursor"].as_str().unwrap();
    let (_, page) = stage.get(&format!("?limit=2&cursor={cursor}")).await;

    assert_eq!(
        (numbers(&page), &page["pageInfo"]),
        (vec![2, 1], &json!({}))
    );
}

#[tokio::test]
async fn a_wrong_parameter_is_named() {
    let stage = Stage::new().await;
    let long = format!("?actor={}", "x".repeat(511));
    for (query, code, word) in [
        ("?limit=0", "invalid-limit", "limit"),
        ("?limit=1001", "invalid-limit", "limit"),
        ("?limit=many", "invalid-query", "limit"),
        ("?actor=", "invalid-name", "actor"),
        (long.as_str(), "invalid-name", "actor"),
        ("?event=a%00b", "invalid-name", "event"),
        ("?outcome=lost", "invalid-query", "outcome"),
        ("?from=yesterday", "invalid-time", "from"),
        ("?to=1969-12-31", "invalid-time", "to"),
        ("?to=%F0%9F%98%80aaaaaa", "invalid-time", "to"),
        ("?cursor=abc", "malformed-cursor", "cursor"),
        ("?who=ada", "invalid-query", "who"),
    ] {
        let (status, answer) = stage.get(query).await;
        let error = &answer["error"];
        assert_eq!(
            (status, &error["code"]),
            (400, &json!(code)),
            "{query}: {answer}"
        );
        assert!(
            error["message"].as_str().unwrap().contains(word),
            "{answer}"
        );
    }
}

#[tokio::test]
async fn only_those_read_events_who_may() {
    let stage = Stage::new().await;

    let (status, answer) = stage.get_as("bob", "").await;

    assert_eq!(status, 403);
    assert_eq!(
        answer["error"]["hint"],
        "ask for the permission `audit.event.read`"
    );
}

#[tokio::test]
async fn without_the_database_there_is_no_answer() {
    let stage = Stage::new().await;
    stage.database.close().await;

    let (status, _) = stage.get("").await;

    assert_eq!(status, 503);
}
