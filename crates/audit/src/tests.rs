//! Events on their way to the table, and out of it again.

use std::time::Duration;

use callboard_auth::{AuditEvent, Outcome};
use callboard_db::testing::TestDatabase;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::keeper::delete_some;
use crate::row::EventRow;
use crate::sql::MIGRATIONS;
use crate::stage::Stage;
use crate::writer;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The numbers from `newest` down to `oldest`.
fn down(newest: u64, oldest: u64) -> Vec<u64> {
    (oldest..=newest).rev().collect()
}

#[tokio::test]
async fn ten_thousand_events_at_once_are_all_stored_in_their_order() {
    let stage = Stage::new().await;
    for number in 1..=10_000 {
        stage.did("user:default/ada", "entity-mutate", number);
    }
    // A job that is told to end stores what is there before it does.
    let stop = CancellationToken::new();
    stop.cancel();

    writer::run(&stage.trail, stop).await.unwrap();

    let (mut query, mut all) = ("?limit=1000".to_owned(), Vec::new());
    loop {
        let (_, page) = stage.get(&query).await;
        all.extend(crate::stage::numbers(&page));
        match page["pageInfo"]["nextCursor"].as_str() {
            Some(cursor) => query = format!("?limit=1000&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(all, down(10_000, 1));
    assert_eq!(stage.trail.0.counts.all_lost(), 0);
}

#[tokio::test]
async fn a_running_job_stores_what_arrives_and_ends_when_it_is_told_to() {
    let stage = Stage::new().await;
    let (trail, stop) = (stage.trail.clone(), CancellationToken::new());
    let job = tokio_util::task::TaskTracker::new().spawn({
        let stop = stop.clone();
        async move { writer::run(&trail, stop).await }
    });
    for number in 1..=3 {
        stage.did("guest", "sign-in", number);
        tokio::task::yield_now().await;
    }
    stop.cancel();

    job.await.unwrap().unwrap();

    assert_eq!(stage.numbers("").await, [3, 2, 1]);
}

#[tokio::test]
async fn events_wait_while_the_database_is_away() {
    let stage = Stage::new().await;
    let elsewhere = TestDatabase::new().await;
    let away = elsewhere.open().await;
    away.migrate(&MIGRATIONS).await.unwrap();
    away.close().await;
    for number in 1..=30_000 {
        stage.did("guest", "sign-in", number);
    }

    let refused = writer::empty(&stage.trail.0, &away).await;

    assert!(refused.is_err());
    let counts = &stage.trail.0.counts;
    assert_eq!(
        (stage.trail.0.queue.len(), counts.all_lost()),
        (20_000, 10_000)
    );
    stage.store().await;
    assert_eq!(stage.numbers("?limit=2").await, [20_000, 19_999]);
    stage.did("guest", "sign-in", 30_001);
    stage.store().await;
    assert_eq!(stage.numbers("?limit=2").await, [30_001, 20_000]);
}

#[tokio::test]
async fn a_job_that_ends_while_the_database_is_away_counts_what_it_leaves_to_the_log() {
    let stage = Stage::new().await;
    stage.did("guest", "sign-in", 1);
    let stop = CancellationToken::new();
    stop.cancel();
    stage.database.close().await;

    writer::run(&stage.trail, stop).await.unwrap();

    assert_eq!(stage.trail.0.counts.all_lost(), 1);
}

#[tokio::test]
async fn an_event_that_cannot_be_stored_holds_up_no_other() {
    let stage = Stage::new().await;
    for number in 1..=20 {
        if number == 10 {
            let outcome = "no outcome".to_owned();
            stage.trail.0.queue.push(EventRow {
                outcome,
                ..EventRow::default()
            });
        }
        stage.did("guest", "sign-in", number);
    }

    stage.store().await;

    assert_eq!(stage.numbers("").await, down(20, 1));
    assert_eq!(stage.trail.0.counts.all_lost(), 1);
}

#[tokio::test]
async fn what_is_stored_twice_is_there_once() {
    let stage = Stage::new().await;
    stage.did("guest", "sign-in", 1);
    let rows = stage.trail.0.queue.front(1);
    crate::sql::insert(&stage.database, &[&rows[0]])
        .await
        .unwrap();

    stage.store().await;

    assert_eq!(stage.numbers("").await, [1]);
}

#[tokio::test]
async fn old_events_go() {
    let stage = Stage::with(json!({ "retention": "7d" })).await;
    for number in 1..=700 {
        stage.did("guest", "sign-in", number);
    }
    stage.clock.advance(DAY);
    stage.did("guest", "sign-in", 701);
    stage.store().await;

    stage.clock.advance(DAY * 6);
    assert_eq!(delete_some(&stage.trail).await.unwrap(), 0);
    stage.clock.advance(Duration::from_millis(1));
    while delete_some(&stage.trail).await.unwrap() > 0 {}

    assert_eq!(stage.numbers("?limit=1000").await, [701]);
}

#[tokio::test]
async fn the_oldest_of_too_many_go_however_many_replicas_delete() {
    let config = json!({ "maxEvents": 100 });
    let stage = Stage::with(config.clone()).await;
    let replica = stage.replica(config).await;
    for number in 1..=2_000 {
        stage.did("guest", "sign-in", number);
    }
    stage.store().await;

    loop {
        let (one, two) = tokio::join!(delete_some(&stage.trail), delete_some(&replica));
        if one.unwrap() + two.unwrap() == 0 {
            break;
        }
    }

    assert_eq!(stage.numbers("?limit=1000").await, down(2_000, 1_901));
}

#[tokio::test]
async fn refusals_of_nobody_do_not_push_out_others() {
    let stage = Stage::new().await;
    let log = stage.trail.log();
    for _ in 0..5_000 {
        log.record(AuditEvent::new("request", None, Outcome::Denied));
    }
    stage.did("user:default/ada", "entity-mutate", 1);

    assert_eq!(stage.trail.0.queue.len(), 601);
    assert_eq!(stage.trail.0.counts.all_lost(), 4_400);
}

#[tokio::test]
async fn replicas_write_to_one_table() {
    let stage = Stage::new().await;
    let replica = stage.replica(json!({})).await;
    stage.did("guest", "sign-in", 1);
    let event = AuditEvent::new("sign-in", None, Outcome::Succeeded);
    replica.log().record(event.with("n", 2));

    stage.store().await;
    writer::empty(&replica.0, &stage.database).await.unwrap();

    let mut numbers = stage.numbers("").await;
    numbers.sort_unstable();
    assert_eq!(numbers, [1, 2]);
}
