//! What is changed on one replica counts on all.

use std::sync::Arc;
use std::time::Duration;

use callboard_auth::{Action, Decision, PermissionInfo, PermissionPolicy, Principal};
use serde_json::{Value, json};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::stage::{BOB, EVE, Stage, open};
use crate::Roles;

/// Longer than any machine needs; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(30);

fn reads(roles: &Roles) -> bool {
    let bob = BOB.parse::<callboard_model::EntityRef>().unwrap();
    let permission = PermissionInfo {
        name: "thing.read".into(),
        action: Some(Action::Read),
        resource_type: Some("thing".into()),
    };
    let principal = Principal::user(bob.clone(), vec![bob]);
    roles.decide(&principal, &permission) == Decision::Allow
}

#[tokio::test]
async fn a_change_reaches_a_replica_that_follows_without_asking_again() {
    let stage = Stage::new().await;
    let replica = open(&stage.database, &json!({ "enabled": true }), ".".into()).await;
    assert!(!reads(&replica));
    let stop = CancellationToken::new();
    let following = replica.follow(stop.clone());
    let changing = async {
        stage
            .role("role:default/reads", &[BOB], &["thing read allow"])
            .await;
        assert!(reads(&stage.roles), "at once where it was changed");
        let mut snapshots = replica.snapshots();
        let seen = timeout(PATIENCE, snapshots.wait_for(|_| reads(&replica)));
        seen.await.unwrap().unwrap();
        let path = "/roles/role/default/reads";
        assert_eq!(stage.delete(EVE, path, Value::Null).await.0, 204);
        let seen = timeout(PATIENCE, snapshots.wait_for(|_| !reads(&replica)));
        seen.await.unwrap().unwrap();
        stop.cancel();
    };

    let (followed, ()) = tokio::join!(following, changing);
    followed.unwrap();
}

#[tokio::test]
async fn changes_at_the_same_time_are_one_after_the_other() {
    let stage = Arc::new(Stage::new().await);
    let make = |number: usize| {
        let stage = Arc::clone(&stage);
        async move {
            let name = format!("role:default/r{}", number % 4);
            let role = json!({ "name": name, "memberReferences": [BOB] });
            stage.post(EVE, "/roles", role).await.0
        }
    };

    let all = futures_of((0..12).map(make)).await;

    let made = all.iter().filter(|status| **status == 201).count();
    let refused = all.iter().filter(|status| **status == 409).count();
    assert_eq!((made, refused), (4, 8), "{all:?}");
}

/// Runs all at the same time.
async fn futures_of<T: Send + 'static>(
    all: impl Iterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let mut running = tokio::task::JoinSet::new();
    all.for_each(|one| drop(running.spawn(one)));
    running.join_all().await
}
