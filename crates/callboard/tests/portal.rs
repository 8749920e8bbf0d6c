//! The whole portal in memory: what every request may count on.

use axum::body::Body;
use axum::http::Request;
use callboard_testkit::TestApp;
use insta::assert_snapshot;
use serde_json::json;

const CHECKOUT: &str = "
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: checkout }
spec: { type: service, lifecycle: production, owner: payments }
";

const CHECKOUT_PATH: &str = "/api/catalog/entities/by-name/component/default/checkout";

#[tokio::test]
async fn a_saved_file_is_served_and_goes_with_its_file() {
    let app = TestApp::new().await;

    app.write("team/checkout.yaml", CHECKOUT);
    let entity = app
        .eventually(CHECKOUT_PATH, |answer| answer.status == 200)
        .await
        .json();
    assert_eq!(entity["spec"]["lifecycle"], "production");

    app.write(
        "team/checkout.yaml",
        &CHECKOUT.replace("production", "deprecated"),
    );
    app.eventually(CHECKOUT_PATH, |answer| {
        answer.json()["spec"]["lifecycle"] == "deprecated"
    })
    .await;

    app.remove("team/checkout.yaml");
    app.eventually(CHECKOUT_PATH, |answer| answer.status == 404)
        .await;
}

#[tokio::test]
async fn a_saved_file_behind_a_placeholder_is_served() {
    let app = TestApp::new().await;
    let named = "name: checkout, description: { $text: ./texts/about.txt } }";
    app.write("texts/about.txt", "one");
    app.write(
        "checkout.yaml",
        &CHECKOUT.replace("name: checkout }", named),
    );
    for text in ["one", "two"] {
        app.write("texts/about.txt", text);
        app.eventually(CHECKOUT_PATH, |answer| {
            answer.status == 200 && answer.json()["metadata"]["description"] == text
        })
        .await;
    }
}

#[tokio::test]
async fn errors_are_backstages() {
    let app = TestApp::new().await;

    assert_snapshot!(app.get("/api/catalog/nothing?a=b").await, @r#"
    404 Not Found
    {
      "error": {
        "name": "NotFoundError",
        "message": "nothing is served at `/api/catalog/nothing`",
        "code": "unknown-path",
        "hint": "the paths of this server are described in `/api/openapi.json`"
      },
      "request": {
        "method": "GET",
        "url": "/api/catalog/nothing?a=b"
      },
      "response": {
        "statusCode": 404
      }
    }
    "#);
}

#[tokio::test]
async fn a_method_that_a_path_does_not_have_is_405() {
    let app = TestApp::new().await;
    let request = Request::put("/api/catalog/entities")
        .body(Body::empty())
        .unwrap();

    let answer = app.send(request).await;

    assert_eq!(answer.status, 405);
    assert_eq!(answer.json()["error"]["name"], "MethodNotAllowedError");
    assert!(
        answer.header("allow").contains("GET"),
        "{:?}",
        answer.headers
    );
}

#[tokio::test]
async fn a_body_that_is_too_large_is_413() {
    let app = TestApp::new().await;
    let body = json!({ "entityRefs": ["a".repeat(6 * 1024 * 1024)] });

    let answer = app.post("/api/catalog/entities/by-refs", &body).await;

    assert_eq!(answer.status, 413);
    assert_eq!(answer.json()["error"]["name"], "PayloadTooLargeError");
}

#[tokio::test]
async fn the_clients_request_id_is_kept_when_it_is_plain() {
    let app = TestApp::new().await;
    let ask = |id: &'static str| {
        Request::get("/api/nothing")
            .header("x-request-id", id)
            .body(Body::empty())
            .unwrap()
    };

    assert_eq!(
        app.send(ask("trace-1")).await.header("x-request-id"),
        "trace-1"
    );
    let replaced = app.send(ask("a b; forged=line")).await;
    assert!(
        replaced.header("x-request-id").starts_with("00000000-"),
        "{:?}",
        replaced.headers
    );
}

#[tokio::test]
async fn every_answer_has_its_security_headers() {
    let app = TestApp::new().await;

    for path in ["/", "/api/catalog/entities", "/api/nothing", "/metrics"] {
        let answer = app.get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert!(
            answer
                .header("content-security-policy")
                .starts_with("default-src 'self'"),
            "{path}"
        );
        assert_ne!(answer.header("x-request-id"), "", "{path}");
    }
}

#[tokio::test]
async fn lists_are_compressed_and_small_answers_are_not() {
    let app = TestApp::new().await;
    let path = "/api/catalog/entities?filter=kind=component";
    let many: Vec<_> = (0..20)
        .map(|number| CHECKOUT.replace("checkout", &format!("service-{number}")))
        .collect();
    app.write("many.yaml", &many.join("---"));
    let all =
        |answer: &callboard_testkit::Answer| answer.json().as_array().map_or(0, Vec::len) == 20;
    app.eventually(path, all).await;
    let compressed = async |path: &str, accepted: &'static str| {
        let request = Request::get(path).header("accept-encoding", accepted);
        let answer = app.send(request.body(Body::empty()).unwrap()).await;
        answer.header("content-encoding").to_owned()
    };

    assert_eq!(compressed(path, "gzip").await, "gzip");
    assert_eq!(compressed(path, "br, gzip").await, "br");
    assert_eq!(compressed(path, "identity").await, "");
    assert_eq!(
        compressed("/.backstage/health/v1/liveness", "gzip").await,
        ""
    );
}

#[tokio::test]
async fn requests_are_counted_by_route_and_class() {
    let app = TestApp::new().await;
    app.get(CHECKOUT_PATH).await;
    app.get("/api/no/such/path").await;

    let metrics = app.get("/metrics").await.text();

    for line in [
        r#"http_requests_total{method="GET",route="/api/catalog/entities/by-name/{kind}/{namespace}/{name}",status="4xx"} 1"#,
        r#"http_requests_total{method="GET",route="unmatched",status="4xx"} 1"#,
        r#"callboard_build_info{version=""#,
    ] {
        assert!(metrics.contains(line), "{line} is not in\n{metrics}");
    }
}

#[tokio::test]
async fn the_catalog_is_measured_by_the_names_of_backstages_metrics() {
    let app = TestApp::new().await;
    // What the first one left is counted before the second one is begun.
    for name in ["checkout", "search"] {
        app.write(&format!("{name}.yaml"), &CHECKOUT.replace("checkout", name));
        let path = CHECKOUT_PATH.replace("checkout", name);
        app.eventually(&path, |answer| answer.status == 200).await;
    }

    let measured = app.get("/metrics").await.text();

    for line in [
        r#"catalog_entities_count{kind="component"} 2"#,
        r#"catalog_entities_count{kind="location"} 1"#,
        "catalog_registered_locations_count 1",
        "catalog_relations_count 2",
        r#"catalog_processed_entities_count_total{result="changed"} "#,
        r#"catalog_processing_duration_count{result="changed"} "#,
        r#"catalog_processors_duration_bucket{le="0.1",result="ok"} "#,
        "catalog_processing_queue_delay_count ",
        r#"catalog_stitched_entities_count_total{result="changed"} "#,
        r#"catalog_stitching_duration_sum{result="changed"} "#,
        "catalog_stitching_queue_length ",
        "catalog_stitching_queue_delay_count ",
    ] {
        assert!(measured.contains(line), "{line} is not in\n{measured}");
    }
    // Nothing feeds it: no host sends events.
    assert!(!measured.contains("catalog_events_scm"), "{measured}");
}

#[tokio::test]
async fn the_portal_is_ready_until_it_stops() {
    let app = TestApp::new().await;
    let readiness = "/.backstage/health/v1/readiness";
    assert_eq!(app.get(readiness).await.json(), json!({ "status": "ok" }));

    app.portal().stopping();

    let answer = app.get(readiness).await;
    assert_eq!(answer.status, 503);
    assert_eq!(
        answer.json(),
        json!({ "status": "error", "message": "Backend is shutting down" })
    );
    assert_eq!(
        app.get("/.backstage/health/v1/liveness").await.json(),
        json!({ "status": "ok" })
    );
}

#[tokio::test]
async fn the_page_is_told_its_title_its_base_and_its_navigation() {
    let config = "app: { title: Ottoline, baseUrl: 'https://example.com/portal' }";
    let app = TestApp::with_config(config).await;

    for path in ["/", "/catalog", "/portal/", "/portal/catalog"] {
        let page = app.get(path).await.text();
        assert!(
            page.contains(r#"<base href="/portal/" />"#),
            "{path}: {page}"
        );
        assert!(
            page.contains(r#""title":"Ottoline","basePath":"/portal""#),
            "{path}: {page}"
        );
        assert!(page.contains(r#""path":"/catalog""#), "{path}: {page}");
    }
    assert_eq!(
        app.get("/portal/api/catalog/entities").await.json(),
        json!([])
    );
    assert_eq!(app.get("/portal").await.header("location"), "/portal/");
}

#[tokio::test]
async fn a_strangers_name_for_this_machine_is_not_answered() {
    let app = TestApp::with_config("app: { baseUrl: 'https://portal.example.com' }").await;
    let ask = async |host: &'static str| {
        let request = Request::get("/api/catalog/entities").header("host", host);
        app.send(request.body(Body::empty()).unwrap()).await
    };

    for host in [
        "localhost:7007",
        "127.0.0.1",
        "[::1]:7007",
        "Portal.Example.com",
    ] {
        assert_eq!(ask(host).await.status, 200, "{host}");
    }
    let refused = ask("rebinding.example:7007").await;
    assert_eq!(refused.status, 403);
    assert_eq!(refused.json()["error"]["code"], "unknown-host");
}

#[tokio::test]
async fn a_plugin_says_which_permissions_it_asks_for() {
    let app = TestApp::new().await;
    let of = |plugin| format!("/api/{plugin}/.well-known/backstage/permissions/metadata");

    let metadata = app.get(&of("catalog")).await.json();
    let permissions = metadata["permissions"].as_array().unwrap();
    let read = json!({
        "type": "resource",
        "name": "catalog.entity.read",
        "attributes": { "action": "read" },
        "resourceType": "catalog-entity",
    });
    assert!(permissions.contains(&read), "{metadata}");
    let rules = metadata["rules"].as_array().unwrap();
    let names: Vec<&str> = rules
        .iter()
        .map(|rule| rule["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "HAS_ANNOTATION",
            "HAS_LABEL",
            "HAS_METADATA",
            "HAS_SPEC",
            "IS_ENTITY_KIND",
            "IS_ENTITY_OWNER"
        ]
    );
    assert_eq!(
        rules[4],
        json!({
            "name": "IS_ENTITY_KIND",
            "description": "Allow entities matching a specified kind",
            "resourceType": "catalog-entity",
            "paramsSchema": {
                "type": "object",
                "properties": { "kinds": {
                    "type": "array",
                    "items": { "type": "string" },
                    "description": "List of kinds to match at least one of",
                } },
                "required": ["kinds"],
                "additionalProperties": false,
                "$schema": "http://json-schema.org/draft-07/schema#",
            },
        })
    );

    let unknown = app.get(&of("nothing")).await;
    assert_eq!(unknown.status, 404);
    assert_eq!(unknown.json()["error"]["name"], "NotFoundError");
}
