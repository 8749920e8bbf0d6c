//! Times in answers.

use std::time::{Duration, UNIX_EPOCH};

/// A time in Unix milliseconds as `2026-11-28T03:00:00.000Z`.
pub(super) fn time(unix_millis: u64) -> String {
    // Beyond the year 9999 there are no such texts.
    const LAST: u64 = 253_402_300_799_000;
    let at = UNIX_EPOCH + Duration::from_millis(unix_millis.min(LAST));
    humantime::format_rfc3339_millis(at).to_string()
}
