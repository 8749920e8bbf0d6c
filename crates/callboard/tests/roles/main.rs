//! What people may do who have a role, or none, through the whole portal.
#![expect(clippy::unwrap_used, reason = "a step that fails is a failed test")]

mod api;
mod crew;

use axum::http::Method;
use serde_json::json;

use crate::crew::Crew;

/// Words that no answer to somebody without a role may have in it.
const HIDDEN: [&str; 4] = ["plannery", "buoyancy", "pilots", "keepers"];

#[tokio::test]
async fn the_roles_in_the_box_permit_what_their_names_say() {
    let crew = Crew::new().await;
    let vera = crew.person("vera").await;
    let otto = crew.person("otto").await;
    let max = crew.person("max").await;
    let nobody = crew.person("nobody").await;

    for (cookie, total, register, own, other) in [
        (&vera, 2, 403, 403, 403),
        (&otto, 2, 201, 200, 403),
        (&max, 2, 201, 200, 200),
        (&nobody, 0, 403, 403, 403),
        (&crew.administrator, 2, 201, 200, 200),
    ] {
        assert_eq!(crew.total(cookie).await, json!(total));
        let registered = crew.register(cookie).await;
        assert!(
            registered == register || (register == 201 && registered == 409),
            "{registered}"
        );
        assert_eq!(crew.refresh(cookie, "plannery").await, own);
        assert_eq!(crew.refresh(cookie, "buoyancy").await, other);
    }
    let entity = json!({ "entity": { "apiVersion": "backstage.io/v1alpha1", "kind": "Component", "metadata": { "name": "a" },
        "spec": { "type": "x", "lifecycle": "x", "owner": "x" } }, "location": "url:https://example.com/a.yaml" });
    let path = "/api/catalog/validate-entity";
    let checked = crew.send(Method::POST, path, &vera, Some(&entity)).await;
    assert_eq!(checked.status, 200, "{checked}");
}

/// What people do with what is theirs alone: no policy is asked about that.
const OWN: [&str; 5] = [
    "/api/auth/v1/me",
    "/.backstage/auth/v1/cookie",
    "/api/permission/",
    "/api/user-settings/",
    "/.well-known/backstage/permissions",
];

#[tokio::test]
async fn whoever_has_no_role_does_nothing_and_learns_nothing() {
    let crew = Crew::new().await;
    let nobody = crew.person("nobody").await;
    let description = crew.app.get("/api/openapi.json").await.json();
    let mut asked = 0;

    for (path, item) in description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let is_open = operation["security"].as_array().is_none_or(Vec::is_empty);
            if is_open || path.ends_with("/stream") {
                continue;
            }
            let method: Method = method.to_uppercase().parse().unwrap();
            for body in [
                json!({}),
                json!({ "entityRefs": ["component:default/plannery"], "entityRef": "component:default/plannery",
                "query": { "kind": "component" }, "facets": ["metadata.name", "relations.ownedBy"] }),
            ] {
                let path = filled(path);
                let sent = (method != Method::GET).then_some(&body);
                let answer = crew.send(method.clone(), &path, &nobody, sent).await;
                let (status, text) = (answer.status.as_u16(), answer.text());
                assert!(status < 500, "{method} {path}: {answer}");
                for word in HIDDEN {
                    let asked_for =
                        path.contains(word) || (sent.is_some() && body.to_string().contains(word));
                    assert!(
                        asked_for || !text.contains(word),
                        "{method} {path} tells of {word}: {text}"
                    );
                }
                let changes = matches!(method, Method::PUT | Method::DELETE);
                let is_own = OWN.iter().any(|own| path.contains(own));
                assert!(
                    !changes || is_own || status >= 400,
                    "{method} {path}: {answer}"
                );
                asked += 1;
            }
        }
    }
    assert!(asked > 80, "{asked}");
    let still = crew
        .get(
            &crew.administrator,
            "/api/catalog/entities/by-name/component/default/plannery",
        )
        .await;
    assert_eq!(still.status, 200);
}

/// A path about what is there and hidden.
fn filled(path: &str) -> String {
    let parts = path.split('/').map(|part| match part {
        "{kind}" => "component",
        "{namespace}" => "default",
        "{name}" => "plannery",
        "{uid}" | "{id}" => "5a0e0000-0000-4000-8000-00000000beef",
        part if part.starts_with('{') => "catalog",
        part => part,
    });
    let path = parts.collect::<Vec<_>>().join("/");
    match path.as_str() {
        "/api/catalog/entity-facets" => {
            format!("{path}?facet=metadata.name&facet=relations.ownedBy")
        }
        "/api/catalog/history" => format!("{path}?entityRef=component:default/plannery"),
        _ => path,
    }
}
