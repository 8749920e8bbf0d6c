//! What every refusal has to be like.

use callboard_model::{Error, ErrorKind, Problem};

/// The longest message that is worth sending, in bytes.
const LONGEST: usize = 2_000;

/// A refusal blames the input, and says why in a few lines.
pub(super) fn refusal(error: &Error) {
    assert_eq!(error.kind(), ErrorKind::Invalid, "{error}");
    assert!(!error.code().is_empty(), "{error}");
    message(error.message());
    message(error.hint_text().unwrap_or("no hint"));
}

/// A problem says what is wrong in a few lines.
pub(super) fn problem(problem: &Problem) {
    assert!(!problem.code.is_empty(), "{problem:?}");
    message(&problem.message);
    message(problem.hint.as_deref().unwrap_or("no hint"));
}

/// A message is there, and no longer than somebody reads.
pub(super) fn message(text: &str) {
    assert!(!text.trim().is_empty(), "an empty message");
    let length = text.len();
    assert!(length <= LONGEST, "a message of {length} bytes: {text}");
}
