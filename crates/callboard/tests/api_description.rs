//! The description of the API says the truth about every operation.

use callboard_testkit::TestApp;
use serde_json::Value;

async fn description() -> Value {
    TestApp::new().await.get("/api/openapi.json").await.json()
}

#[tokio::test]
async fn it_is_openapi_3_1_with_the_operations_of_every_feature() {
    let description = description().await;

    assert_eq!(description["openapi"], "3.1.0");
    for path in [
        "/api/catalog/entities/by-query",
        "/.backstage/health/v1/readiness",
        "/metrics",
    ] {
        assert!(description["paths"][path]["get"].is_object(), "{path}");
    }
}

#[tokio::test]
async fn every_operation_says_what_it_does_and_has_its_own_id() {
    let description = description().await;
    let mut ids = std::collections::BTreeSet::new();

    for (path, operations) in description["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            assert!(
                operation["summary"].is_string(),
                "{method} {path} has no summary"
            );
            let id = operation["operationId"].as_str().unwrap();
            assert!(
                ids.insert(id.to_owned()),
                "{method} {path}: `{id}` is taken"
            );
        }
    }
}

#[tokio::test]
async fn every_get_without_parts_in_its_path_is_served() {
    // What is not wanted is not served.
    let config = "
auth: { clientIdMetadataDocuments: { enabled: true } }
permission: { enabled: true, roles: { admin: [everyone] } }
";
    let app = TestApp::with_config(config).await;
    let description = app.get("/api/openapi.json").await.json();

    for (path, operations) in description["paths"].as_object().unwrap() {
        let endless = path.ends_with("/stream");
        if operations["get"].is_object() && !path.contains('{') && !endless {
            let status = app.get(path).await.status;
            assert!(status != 404 && status != 405, "{path}: {status}");
        }
    }
}
