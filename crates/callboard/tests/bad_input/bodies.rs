//! Bodies that are no JSON, JSON of another shape, or too large.

use callboard_testkit::TestApp;
use serde_json::Value;

use super::operation::Operation;
use super::refusal::{refused, says, sensible};

/// Bytes that are taken.
const LIMIT: usize = 5 * 1024 * 1024;

/// JSON that is of some other type than what is expected, or larger, or strange.
fn strange_values() -> Vec<String> {
    let mut values: Vec<String> = [
        "null",
        "true",
        "0",
        "-0",
        "-1",
        "1.5",
        "1e308",
        "18446744073709551615",
        "18446744073709551616",
        "-9223372036854775809",
        r#""""#,
        r#"" ""#,
        r#""\u0000""#,
        r#""\ufffe""#,
        r#""../../etc/passwd""#,
        r#""a:b:c/d/e""#,
        r#""=,=,""#,
        r#""[0]""#,
        r#""https://[::1""#,
        "[]",
        "[null]",
        "[[]]",
        "[{}]",
        r#"["a","a"]"#,
        "{}",
        r#"{"":""}"#,
        r#"{"$x":1}"#,
        r#"{"$all":[]}"#,
        r#"{"$not":{"$not":{}}}"#,
        r#"{"a":{"$in":[]}}"#,
        r#"{"$serde_json::private::RawValue":"[1]"}"#,
    ]
    .map(str::to_owned)
    .into();
    values.push(format!(r#""{}""#, "x".repeat(10_000)));
    values.push(format!("[{}1]", r#""a","#.repeat(20_000)));
    values.push(format!("[{}\"a\"]", r#""a","#.repeat(20_000)));
    values.push(format!("[{}{{}}]", "{},".repeat(20_000)));
    values.push(nested("[", "]", 100));
    values.push(nested(r#"{"$not":"#, "}", 100));
    values.push(nested(r#"{"a":"#, "}", 100));
    values.push(deeper_than_json(15));
    values
}

fn nested(open: &str, close: &str, depth: usize) -> String {
    let inner = if open == "[" { "" } else { "{}" };
    format!("{}{inner}{}", open.repeat(depth), close.repeat(depth))
}

/// serde_json reads the text under this key as JSON, whose nesting it counts from nought again.
fn deeper_than_json(levels: usize) -> String {
    let level = |inner: String, _| {
        let quoted = Value::from(inner).to_string();
        let raw = format!(r#"{{"$serde_json::private::RawValue":{quoted}}}"#);
        format!("{}{raw}{}", "[".repeat(100), "]".repeat(100))
    };
    (0..levels).fold("1".to_owned(), level)
}

async fn with_bodies(app: &TestApp) -> Vec<Operation> {
    let all = Operation::all(app).await.into_iter();
    let with_bodies: Vec<_> = all.filter(|operation| operation.body.is_some()).collect();
    assert!(with_bodies.len() >= 9, "{with_bodies:?}");
    with_bodies
}

#[tokio::test]
async fn what_is_no_json_object_is_refused() {
    let app = TestApp::new().await;

    for operation in with_bodies(&app).await {
        for (body, message) in [
            (&b""[..], "the body"),
            (b" ", "the body"),
            (b"x", "the body"),
            (b"{", "the body"),
            (b"{} {}", "the body"),
            (b"{\"a\"}", "the body"),
            (b"\xef\xbb\xbf{}", "the body"),
            (b"{\"a\":\"\xff\"}", "the body"),
            (b"{\"a\":\"\\ud800\"}", "the body"),
            (b"{\"a\":1e400}", "the body"),
            (b"null", "object"),
            (b"0", "object"),
            (b"\"{}\"", "object"),
            (b"true", "object"),
            (b"[]", "object"),
            (b"[null,null,null]", "object"),
            (b"[\"kind\",\"kind\"]", "object"),
        ] {
            let answer = operation.ask_with(&app, body).await;
            let asked = format!("{operation} with {}", String::from_utf8_lossy(body));
            says(&asked, &answer, message);
        }
    }
}

#[tokio::test]
async fn what_is_nested_without_end_is_refused() {
    let app = TestApp::new().await;

    for operation in with_bodies(&app).await {
        let property = operation.body.as_ref().unwrap().keys().next().unwrap();
        for deep in [nested("[", "]", 10_000), nested(r#"{"a":"#, "}", 10_000)] {
            let within = format!("{{\"{property}\":{deep}}}");
            for body in [deep, within] {
                let answer = operation.ask_with(&app, body).await;
                refused(&operation.to_string(), &answer, 400);
            }
        }
    }
}

#[tokio::test]
async fn a_body_that_is_not_called_json_is_refused() {
    let app = TestApp::new().await;

    for operation in with_bodies(&app).await {
        for content_type in [
            None,
            Some("text/plain"),
            Some("multipart/form-data; boundary=x"),
        ] {
            let answer = operation
                .send(&app, &operation.path(), content_type, "{}")
                .await;
            says(&operation.to_string(), &answer, "this operation reads JSON");
        }
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_wherever_it_is_long() {
    let app = TestApp::new().await;

    for operation in with_bodies(&app).await {
        let property = operation.body.as_ref().unwrap().keys().next().unwrap();
        let text = format!("{{\"{property}\":\"{}\"}}", "x".repeat(LIMIT));
        let blanks = format!("{{}}{}", " ".repeat(LIMIT));
        for body in [text, blanks] {
            let answer = operation.ask_with(&app, body).await;
            refused(&operation.to_string(), &answer, 413);
        }
    }
}

#[tokio::test]
async fn a_key_that_nobody_knows_or_that_is_there_twice_is_refused() {
    let app = TestApp::new().await;

    for operation in with_bodies(&app).await {
        let right = operation.body.clone().unwrap();
        let mut unknown = right.clone();
        unknown.insert("surprise".to_owned(), true.into());
        let answer = operation
            .ask_with(&app, serde_json::to_string(&unknown).unwrap())
            .await;
        says(&operation.to_string(), &answer, "surprise");

        let many: Vec<String> = (0..50_000)
            .map(|number| format!("\"k{number}\":0"))
            .collect();
        let answer = operation
            .ask_with(&app, format!("{{{}}}", many.join(",")))
            .await;
        refused(&operation.to_string(), &answer, 400);

        let (key, value) = right.iter().next().unwrap();
        let twice = format!("{{\"{key}\":{value},\"{key}\":{value}}}");
        let answer = operation.ask_with(&app, twice).await;
        sensible(&operation.to_string(), &answer);
    }
}

#[tokio::test]
async fn a_property_of_any_shape_is_taken_or_refused() {
    let app = TestApp::new().await;
    let values = strange_values();

    for operation in with_bodies(&app).await {
        let right = operation.body.clone().unwrap();
        for (key, _) in &right {
            for value in &values {
                // As text, because a strange value is none that can be written by other means.
                let mut others = right.clone();
                others.remove(key);
                // With a cursor the other properties do not count.
                others.remove("cursor");
                let others = serde_json::to_string(&others).unwrap();
                let comma = if others == "{}" { "" } else { "," };
                let body = format!("{{\"{key}\":{value}{comma}{}", &others[1..]);
                let answer = operation.ask_with(&app, body).await;
                sensible(&format!("{operation} with `{key}`: {value}"), &answer);
            }
        }
    }
    assert_eq!(app.get("/api/catalog/revision").await.status, 200);
}
