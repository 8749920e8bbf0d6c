//! Paths and query strings.

use callboard_testkit::TestApp;

use super::operation::Operation;
use super::refusal::{refused, says, sensible};

/// Values that nothing is called like, as they stand in an address.
const STRANGE: [&str; 34] = [
    "%20",
    "%00",
    "a%00b",
    "%01%1F%7F",
    "%0A%0D",
    "%FF",
    "%C0%AF",
    "%ED%A0%80",
    "%F4%90%80%80",
    "%",
    "%z",
    "%zz",
    "%2F",
    "%2E%2E%2F%2E%2E",
    "..%2F..%2Fetc%2Fpasswd",
    "%5C..%5C",
    "%25%30%30",
    "%E2%80%AE",
    "%F0%9F%92%A9",
    "-1",
    "-0",
    "+1",
    "0x10",
    "1e400",
    "NaN",
    "18446744073709551615",
    "18446744073709551616",
    "99999999999999999999999999999999999999",
    "%27%20OR%201%3D1--",
    "null",
    "undefined",
    "%7B%22%24x%22%3A1%7D",
    "a=b,=c",
    "[0]",
];

fn strange() -> Vec<String> {
    let mut strange = STRANGE.map(str::to_owned).to_vec();
    strange.push("x".repeat(10_000));
    strange.push("%F0%9F%92%A9".repeat(1_000));
    strange
}

#[tokio::test]
async fn a_part_of_a_path_of_any_shape_is_found_or_not() {
    let app = TestApp::new().await;
    let mut strange = strange();
    strange.extend(
        [
            "..",
            ".",
            "../..",
            "a/b",
            "*",
            "a:b",
            "00000000-0000-0000-0000-000000000000",
            "urn:uuid:a8098c1a-f86e-41da-bd1a-00112444be1e",
            "A8098C1AF86E41DABD1A00112444BE1E",
            "a8098c1a-f86e-41da-bd1a-00112444be1",
            "a8098c1a-f86e-41da-bd1a-00112444be1e0",
        ]
        .map(str::to_owned),
    );
    let mut asked = 0;

    for operation in Operation::all(&app).await {
        for part in &operation.parts {
            for value in &strange {
                let path = operation.path_with(part, value);
                let answer = operation.ask(&app, &path).await;
                sensible(&format!("{operation} at {path}"), &answer);
                asked += 1;
            }
        }
    }
    assert!(asked > 300, "{asked}");
}

#[tokio::test]
async fn a_parameter_of_any_shape_is_taken_or_refused() {
    let app = TestApp::new().await;
    let mut strange = strange();
    strange.push(String::new());
    strange.push(",".repeat(1_000));
    strange.push("a=b,".repeat(1_000));
    let mut asked = 0;

    for operation in Operation::all(&app).await {
        for name in &operation.parameters {
            for value in &strange {
                let path = format!("{}?{name}={value}", operation.path());
                let answer = operation.ask(&app, &path).await;
                sensible(&format!("{operation} at {path}"), &answer);
                asked += 1;
            }
            let again = format!("{name}=1&").repeat(1_000);
            let answer = operation
                .ask(&app, &format!("{}?{again}", operation.path()))
                .await;
            sensible(
                &format!("{operation} with `{name}` a thousand times"),
                &answer,
            );
        }
    }
    assert!(asked > 700, "{asked}");
}

#[tokio::test]
async fn a_number_is_refused_by_the_name_of_its_parameter() {
    let app = TestApp::new().await;

    for operation in Operation::all(&app).await {
        for name in ["limit", "offset"] {
            if !operation.parameters.iter().any(|known| known == name) {
                continue;
            }
            for value in [
                "-1",
                "many",
                "1.5",
                "18446744073709551616",
                "1&limit=2&offset=2",
            ] {
                let path = format!("{}?{name}={value}", operation.path());
                let answer = operation.ask(&app, &path).await;
                says(&path, &answer, name);
            }
        }
    }
}

#[tokio::test]
async fn a_parameter_that_nobody_knows_is_refused() {
    let app = TestApp::new().await;

    for operation in Operation::all(&app).await {
        for name in &operation.parameters {
            for unknown in [
                format!("{name}[]"),
                format!("{name}[0]"),
                format!("{name}x"),
            ] {
                let path = format!("{}?{unknown}=1", operation.path());
                let answer = operation.ask(&app, &path).await;
                says(&path, &answer, &unknown);
            }
        }
    }
}

#[tokio::test]
async fn a_path_that_leads_out_of_the_api_leads_nowhere() {
    let app = TestApp::new().await;

    for path in [
        "/api/catalog/../../etc/passwd",
        "/api/catalog/%2e%2e/%2e%2e/etc/passwd",
        "/api/catalog/entities/by-name/component/default",
        "/api/catalog/entities/by-name/component/default/a/b",
        "/api/catalog//entities",
        "/api/catalog/%00",
        "/api/catalog/%ff",
    ] {
        refused(path, &app.get(path).await, 404);
    }
}
