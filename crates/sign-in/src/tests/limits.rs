//! Those who try too often.

use std::time::Duration;

use serde_json::json;

use super::stage::Stage;

#[tokio::test]
async fn an_address_that_tries_too_often_waits() {
    let stage =
        Stage::new(json!({ "environment": "development", "providers": { "guest": {} } })).await;
    let mut browser = stage.browser();
    browser.peer = Some("192.0.2.7:1234".parse().unwrap());
    let mut answers = 0;
    let refused = loop {
        let page = browser.get("/api/auth/guest/refresh").await;
        if page.status == 429 {
            break page;
        }
        answers += 1;
        assert!(answers < 1_000, "nobody was held up");
    };

    assert_eq!(refused.headers["retry-after"], "1");
    assert!(refused.error().contains("too often"), "{}", refused.text);
    let mut other = stage.browser();
    other.peer = Some("192.0.2.8:1234".parse().unwrap());
    assert_eq!(
        other.ask("GET", "/api/auth/guest/refresh").await.status,
        200
    );
    assert_eq!(
        browser.get("/api/auth/v1/providers").await.status,
        200,
        "what is offered is not held up"
    );
    stage.clock.advance(Duration::from_secs(1));
    assert_eq!(
        browser.ask("GET", "/api/auth/guest/refresh").await.status,
        200
    );
}
