//! What an answer to bad input looks like.

use callboard_testkit::Answer;
use serde_json::Value;

/// The statuses of refusals, each with the name that Backstage's error has.
const NAMES: [(u16, &str); 6] = [
    (400, "InputError"),
    (403, "NotAllowedError"),
    (404, "NotFoundError"),
    (405, "MethodNotAllowedError"),
    (409, "ConflictError"),
    (413, "PayloadTooLargeError"),
];
/// A message is for people, however long what they sent was.
const LONGEST: usize = 2_000;
/// Of a request, so much is told when a test fails.
const TOLD: usize = 300;

/// Panics unless the answer is one that may be given to anything: a good one, or a refusal that says what is wrong.
pub(crate) fn sensible(asked: &str, answer: &Answer) {
    if answer.status.is_success() {
        return;
    }
    let told = told(asked);
    let status = answer.status.as_u16();
    let Some((_, name)) = NAMES.iter().find(|(known, _)| *known == status) else {
        panic!("{told} is answered with {answer}");
    };
    let body = answer.json();
    if let Some(errors) = body["errors"].as_array() {
        // What Backstage answers when it is asked to validate an entity.
        assert!(
            !errors.is_empty() && errors.len() <= 102,
            "{told}: {answer}"
        );
        for error in errors {
            explains(&told, &error["message"]);
            assert_eq!(error["name"], "InputError", "{told}: {answer}");
        }
        return;
    }
    assert_eq!(body["error"]["name"], *name, "{told}: {answer}");
    assert_eq!(body["response"]["statusCode"], status, "{told}: {answer}");
    assert!(body["request"]["method"].is_string(), "{told}: {answer}");
    assert!(body["request"]["url"].is_string(), "{told}: {answer}");
    explains(&told, &body["error"]["message"]);
}

/// Panics unless the answer is a refusal with this status that says what is wrong.
pub(crate) fn refused(asked: &str, answer: &Answer, status: u16) {
    assert_eq!(
        answer.status,
        status,
        "{} is answered with {answer}",
        told(asked)
    );
    sensible(asked, answer);
}

/// Panics unless the answer is a refusal whose message contains `part`.
pub(crate) fn says(asked: &str, answer: &Answer, part: &str) {
    refused(asked, answer, 400);
    let body = answer.json();
    let message = body["error"]["message"]
        .as_str()
        .or_else(|| body["errors"][0]["message"].as_str())
        .unwrap_or_default();
    assert!(message.contains(part), "{}: {message}", told(asked));
}

fn explains(told: &str, message: &Value) {
    let message = message
        .as_str()
        .unwrap_or_else(|| panic!("{told} is refused without a message"));
    let length = message.chars().count();
    assert!(length < LONGEST, "{told}: {length} characters");
    // "Invalid request" and the like tell nobody what to correct.
    assert!(message.split_whitespace().count() > 2, "{told}: {message}");
}

fn told(asked: &str) -> String {
    asked.chars().take(TOLD).collect()
}
