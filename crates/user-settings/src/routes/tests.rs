use std::sync::Arc;

use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::http::request::Parts;
use axum::middleware::from_fn_with_state;
use callboard_auth::{
    AllowAll, Audit, Authenticator, Credentials, Gate, Principal, Restrictions, Strangers, admit,
};
use callboard_db::testing::TestDatabase;
use callboard_http::Edge;
use callboard_model::{EntityRef, Ids, Result};
use http_body_util::BodyExt;
use prometheus_client::registry::Registry;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::UserSettings;
use crate::limits::MOST_SETTINGS;

/// Believes the header `x-user`; a text without a colon is a program. With `x-restricted` the token is for nothing.
#[derive(Debug)]
struct Believes;

#[async_trait]
impl Authenticator for Believes {
    async fn authenticate(&self, request: &Parts) -> Result<Option<Credentials>> {
        let Some(shown) = request.headers.get("x-user") else {
            return Ok(None);
        };
        let text = shown.to_str().unwrap();
        let mut credentials = Credentials::of(match text.parse::<EntityRef>() {
            Ok(user) => Principal::user(user.clone(), vec![user]),
            Err(_) => Principal::service(text),
        });
        if request.headers.contains_key("x-restricted") {
            credentials.restrictions = Some(Arc::new(Restrictions(Vec::new())));
        }
        Ok(Some(credentials))
    }
}

struct Stage {
    router: Router,
    _test_database: TestDatabase,
}

impl Stage {
    async fn new() -> Self {
        let test_database = TestDatabase::new().await;
        let settings = UserSettings::open(test_database.open().await).await;
        let gate = Gate::with(
            Arc::new(AllowAll),
            Arc::new(Believes),
            Strangers::AreGuests,
            Audit::default(),
        );
        let routes = super::routes(&settings.unwrap());
        let (router, _) = routes
            .layer(from_fn_with_state(gate, admit))
            .split_for_parts();
        Self {
            router: Edge::new(Ids::counted(), &mut Registry::default()).wrap(router),
            _test_database: test_database,
        }
    }

    /// Asks as `user`, with a token that is for nothing when that ends with `!`: the status and the JSON of the answer.
    async fn ask(&self, user: &str, request: &str, body: Option<Value>) -> (u16, Value) {
        let (method, path) = request.split_once(' ').unwrap();
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/api/user-settings{path}"))
            .header("content-type", "application/json")
            .header("x-user", user.trim_end_matches('!'));
        if user.ends_with('!') {
            request = request.header("x-restricted", "yes");
        }
        let body = body.map_or_else(Body::empty, |json| Body::from(json.to_string()));
        let request = request.body(body).unwrap();
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let status = answer.status().as_u16();
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        (
            status,
            serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        )
    }

    async fn get(&self, user: &str, path: &str) -> (u16, Value) {
        self.ask(user, &format!("GET {path}"), None).await
    }

    async fn put(&self, user: &str, path: &str, value: Value) -> (u16, Value) {
        let body = json!({ "value": value });
        self.ask(user, &format!("PUT {path}"), Some(body)).await
    }
}

const ADA: &str = "user:default/ada";
const BOB: &str = "user:default/bob";
const STARS: &str = "/buckets/default.starred/keys/refs";

#[tokio::test]
async fn a_setting_is_kept_for_one_person_and_changed_and_removed() {
    let stage = Stage::new().await;
    let kept = json!({ "bucket": "default.starred", "key": "refs", "value": ["a", null] });

    assert_eq!(stage.get(ADA, STARS).await.0, 404);
    assert_eq!(
        stage.put(ADA, STARS, json!(["a", null])).await,
        (200, kept.clone())
    );
    assert_eq!(stage.get(ADA, STARS).await, (200, kept));
    let (status, refused) = stage.get(BOB, STARS).await;
    assert_eq!(status, 404);
    assert_eq!(refused["error"]["name"], "NotFoundError");

    assert_eq!(stage.put(ADA, STARS, Value::Null).await.0, 200);
    assert_eq!(stage.get(ADA, STARS).await.1["value"], Value::Null);
    let delete = format!("DELETE {STARS}");
    assert_eq!(stage.ask(BOB, &delete, None).await.0, 204);
    assert_eq!(stage.get(ADA, STARS).await.0, 200);
    assert_eq!(stage.ask(ADA, &delete, None).await.0, 204);
    assert_eq!(stage.get(ADA, STARS).await.0, 404);
    assert_eq!(stage.ask(ADA, &delete, None).await.0, 204);
}

#[tokio::test]
async fn many_are_asked_for_at_once_in_any_order_and_twice() {
    let stage = Stage::new().await;
    stage.put(ADA, "/buckets/a/keys/x", json!(1)).await;
    stage.put(ADA, "/buckets/b/keys/x", json!({ "y": 2 })).await;
    stage.put(BOB, "/buckets/a/keys/z", json!(3)).await;

    let asked = [("b", "x"), ("a", "z"), ("a", "x"), ("b", "x")];
    let items: Vec<Value> = asked
        .iter()
        .map(|(bucket, key)| json!({ "bucket": bucket, "key": key }))
        .collect();
    let answer = stage
        .ask(ADA, "POST /multiget", Some(json!({ "items": items })))
        .await;
    let (y, x) = (json!({ "value": { "y": 2 } }), json!({ "value": 1 }));
    assert_eq!(answer, (200, json!({ "items": [y, null, x, y] })));
    let nothing = json!({ "items": [] });
    let answer = stage
        .ask(ADA, "POST /multiget", Some(nothing.clone()))
        .await;
    assert_eq!(answer, (200, nothing));
}

#[tokio::test]
async fn keys_may_have_slashes_and_anything_else() {
    let stage = Stage::new().await;
    for key in [
        "a/b/c",
        "a%2Fb%20c",
        "%25%C3%A4%22'",
        "..%2F..%2Fx",
        "%3B%20DROP",
    ] {
        let path = format!("/buckets/b%2Fx/keys/{key}");
        assert_eq!(stage.put(ADA, &path, json!(key)).await.0, 200, "{key}");
        let (_, setting) = stage.get(ADA, &path).await;
        assert_eq!(setting["value"], key);
        assert_eq!(setting["bucket"], "b/x");
    }
    // The same key, whichever way its slash is written.
    stage.put(ADA, "/buckets/b/keys/a%2Fb", json!(1)).await;
    assert_eq!(
        stage.get(ADA, "/buckets/b/keys/a/b").await.1["value"],
        json!(1)
    );
}

#[tokio::test]
async fn what_cannot_be_kept_is_refused() {
    let stage = Stage::new().await;
    let put = format!("PUT {STARS}");
    let (status, refused) = stage.ask(ADA, &put, Some(json!({}))).await;
    assert_eq!(status, 400);
    assert_eq!(
        refused["error"]["message"],
        "Missing required field \"value\""
    );
    assert_eq!(stage.ask(ADA, &put, Some(json!([1]))).await.0, 400);
    assert_eq!(stage.ask(ADA, &put, None).await.0, 400);

    let long = "x".repeat(300);
    for path in [
        format!("/buckets/{long}/keys/k"),
        format!("/buckets/b/keys/{long}"),
        "/buckets/b/keys/%00".to_owned(),
    ] {
        assert_eq!(stage.put(ADA, &path, json!(1)).await.0, 400, "{path}");
        assert_eq!(stage.get(ADA, &path).await.0, 400, "{path}");
    }
    let large = json!("x".repeat(64 * 1024));
    assert_eq!(stage.put(ADA, STARS, large).await.0, 400);
    let larger = json!("x".repeat(200 * 1024));
    assert_eq!(stage.put(ADA, STARS, larger).await.0, 413);
    assert_eq!(stage.get(ADA, STARS).await.0, 404);
    let items = vec![json!({ "bucket": "b", "key": "k" }); 1_001];
    let answer = stage
        .ask(ADA, "POST /multiget", Some(json!({ "items": items })))
        .await;
    assert_eq!(answer.0, 400);
}

#[tokio::test]
async fn somebody_has_so_many_and_no_more() {
    let test_database = TestDatabase::new().await;
    let settings = UserSettings::open(test_database.open().await)
        .await
        .unwrap();
    let ada: EntityRef = ADA.parse().unwrap();
    let set = async |number: i64| {
        settings
            .set(&ada, "b", &number.to_string(), &json!(number))
            .await
    };
    for number in 0..MOST_SETTINGS {
        set(number).await.unwrap();
    }

    assert_eq!(
        set(MOST_SETTINGS).await.unwrap_err().code(),
        "too-many-settings"
    );
    set(0).await.unwrap();
    settings.remove(&ada, "b", "1").await.unwrap();
    set(MOST_SETTINGS).await.unwrap();
    let bob: EntityRef = BOB.parse().unwrap();
    settings.set(&bob, "b", "k", &json!(1)).await.unwrap();
}

#[tokio::test]
async fn only_people_have_settings_and_a_token_for_something_else_changes_none() {
    let stage = Stage::new().await;
    stage.put(ADA, STARS, json!(1)).await;
    assert_eq!(stage.get("portal-script", STARS).await.0, 403);
    assert_eq!(stage.put("portal-script", STARS, json!(1)).await.0, 403);
    let restricted = format!("{ADA}!");
    assert_eq!(stage.put(&restricted, STARS, json!(2)).await.0, 403);
    assert_eq!(
        stage
            .ask(&restricted, &format!("DELETE {STARS}"), None)
            .await
            .0,
        403
    );
    assert_eq!(stage.get(ADA, STARS).await.1["value"], json!(1));
}
