//! What is said when two sources define the same entity (CAT-22): at both ends who owns it, and since when.

use callboard_model::Problem;

use super::children::EMITTED;
use crate::sql::conflicts::WaitingClaim;

/// The code of both problems; they are warnings.
pub(super) const CODE: &str = "entity-conflict";

const HINT: &str = "rename one of them, or remove one; the other one is then used by itself";

/// For the location whose word does not count.
pub(super) fn lost(claim: &WaitingClaim) -> Problem {
    let message = format!(
        "`{}` in {} is not used{}: {} defines the same entity and was first",
        claim.target_ref,
        place(&claim.source, &claim.part),
        since(claim.since),
        place(&claim.first.source, &claim.first.part),
    );
    Problem::new(CODE, message).hint(HINT)
}

/// For the entity itself.
pub(super) fn won(claim: &WaitingClaim) -> Problem {
    let message = format!(
        "{} defines this entity too{}, and is not used: {} was first",
        place(&claim.source, &claim.part),
        since(claim.since),
        place(&claim.first.source, &claim.first.part),
    );
    Problem::new(CODE, message).hint(HINT)
}

fn place(source: &str, part: &str) -> String {
    match source.strip_prefix("provider:") {
        Some(provider) if part.is_empty() => format!("the provider `{provider}`"),
        None if part == EMITTED => format!("`{}`", source.trim_start_matches("entity:")),
        _ => part.to_owned(),
    }
}

/// When that began, to the second and in UTC; nothing when it was before this was written down.
fn since(unix_millis: i64) -> String {
    let time = u64::try_from(unix_millis / 1_000)
        .ok()
        .filter(|seconds| *seconds > 0)
        .map(|seconds| std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds));
    time.map(|time| format!(" since {}", humantime::format_rfc3339_seconds(time)))
        .unwrap_or_default()
}
