//! Files that change while the portal runs.

use serde_json::json;
use tempfile::TempDir;

use super::stage::{Stage, open};
use crate::Roles;
use crate::sources::files::Looks;

async fn with_files(folder: &TempDir) -> (Stage, Roles) {
    let stage = Stage::new().await;
    let settings = json!({
        "enabled": true, "rolesFile": "roles.yaml",
        "rbac": { "policies-csv-file": "policies.csv", "conditionalPoliciesFile": "conditions.yaml", "policyFileReload": true },
    });
    let roles = open(&stage.database, &settings, folder.path().to_owned()).await;
    (stage, roles)
}

fn write(folder: &TempDir, name: &str, text: &str) {
    std::fs::write(folder.path().join(name), text).unwrap();
}

fn members(roles: &Roles, role: &str) -> Option<usize> {
    roles.snapshot().role(role).map(|role| role.members.len())
}

/// Looks twice, as the job does: what looks alike twice is taken in.
async fn look(roles: &Roles) {
    let seen = roles.look_again(Looks::default()).await;
    roles.look_again(seen).await;
}

#[tokio::test]
async fn a_file_that_changes_counts_and_one_that_breaks_leaves_roles_as_they_were() {
    let folder = tempfile::tempdir().unwrap();
    write(
        &folder,
        "roles.yaml",
        "roles: [{ name: crew, members: ['user:default/ada'] }]",
    );
    write(
        &folder,
        "policies.csv",
        "g, user:default/ada, role:default/clerks\n",
    );
    write(&folder, "conditions.yaml", "");
    let (_stage, roles) = with_files(&folder).await;
    assert_eq!(members(&roles, "role:default/crew"), Some(1));
    assert_eq!(members(&roles, "role:default/clerks"), Some(1));

    write(
        &folder,
        "roles.yaml",
        "roles: [{ name: crew, members: ['user:default/ada', 'user:default/bob'] }]",
    );
    look(&roles).await;
    assert_eq!(members(&roles, "role:default/crew"), Some(2));
    for broken in ["roles: [", "7", "\u{0}", "roles: [{ nome: crew }]"] {
        write(&folder, "roles.yaml", broken);
        look(&roles).await;
        assert_eq!(members(&roles, "role:default/crew"), Some(2), "{broken}");
    }
    std::fs::remove_file(folder.path().join("policies.csv")).unwrap();
    look(&roles).await;
    assert_eq!(members(&roles, "role:default/clerks"), Some(1));
    write(
        &folder,
        "policies.csv",
        "nothing\ng, user:default/eve, role:default/others\n",
    );
    look(&roles).await;
    assert_eq!(members(&roles, "role:default/clerks"), None);
    assert_eq!(members(&roles, "role:default/others"), Some(1));
}

#[tokio::test]
async fn a_portal_starts_with_files_that_are_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let (_stage, roles) = with_files(&folder).await;

    assert_eq!(roles.snapshot().roles().len(), 4, "those in the box");
    write(
        &folder,
        "roles.yaml",
        "- { name: crew, members: ['user:default/ada'] }\n",
    );
    look(&roles).await;
    assert_eq!(members(&roles, "role:default/crew"), Some(1));
}

#[tokio::test]
async fn a_stored_role_counts_again_when_no_file_has_its_name_any_more() {
    let folder = tempfile::tempdir().unwrap();
    write(
        &folder,
        "roles.yaml",
        "roles: [{ name: crew, members: ['user:default/ada', 'user:default/bob'] }]",
    );
    let (stage, roles) = with_files(&folder).await;
    stage
        .role("role:default/crew", &["user:default/eve"], &[])
        .await;

    roles.catch_up().await.unwrap();
    assert_eq!(
        members(&roles, "role:default/crew"),
        Some(2),
        "that of the file"
    );
    write(&folder, "roles.yaml", "roles: []");
    look(&roles).await;
    assert_eq!(
        members(&roles, "role:default/crew"),
        Some(1),
        "that which was stored"
    );
}
