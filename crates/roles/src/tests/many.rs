//! Thousands of policies, and how long a decision takes among them.

use std::fmt::Write;
use std::time::Instant;

use callboard_auth::{Decision, PermissionInfo, PermissionPolicy, Principal};
use callboard_model::EntityRef;
use serde_json::json;

use super::stage::{Stage, open};

#[tokio::test]
async fn ten_thousand_policies_are_decided_about_from_memory() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = String::new();
    for number in 0..10_000 {
        let role = number % 200;
        writeln!(text, "p, role:default/r{role}, thing.{number}, use, allow").unwrap();
    }
    for role in 0..200 {
        writeln!(text, "g, user:default/u{}, role:default/r{role}", role % 10).unwrap();
    }
    std::fs::write(folder.path().join("p.csv"), text).unwrap();
    let stage = Stage::new().await;
    let settings = json!({ "enabled": true, "rbac": { "policies-csv-file": "p.csv" } });
    let roles = open(&stage.database, &settings, folder.path().to_owned()).await;
    let user: EntityRef = "user:default/u3".parse().unwrap();
    let principal = Principal::user(user.clone(), vec![user]);
    let asked: Vec<PermissionInfo> = (0..10_000)
        .map(|number| PermissionInfo {
            name: format!("thing.{number}").into(),
            action: None,
            resource_type: None,
        })
        .collect();

    let began = Instant::now();
    let decided = asked
        .iter()
        .map(|permission| roles.decide(&principal, permission));
    let allowed = decided
        .filter(|decision| *decision == Decision::Allow)
        .count();
    let each = began.elapsed() / 10_000;

    println!("a decision among 10,000 policies, with 20 roles: {each:?}");
    assert_eq!(allowed, 1_000);
}
