//! Why people could not sign in.

use std::time::{Duration, UNIX_EPOCH};

use axum::extract::State;
use callboard_auth::Caller;
use callboard_http::{ErrorBody, Json, Result};
use serde::Serialize;
use utoipa::ToSchema;

use crate::failures::Failure;
use crate::resolvers::Comparison;
use crate::{Entrance, ReadSignInFailure};

/// The latest attempts that failed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FailureList {
    /// The latest comes first.
    items: Vec<FailureItem>,
}

/// An attempt to sign in that failed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FailureItem {
    /// When it was.
    at: String,
    /// The provider.
    #[schema(value_type = String)]
    provider: &'static str,
    /// The request, which whoever failed was told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    request_id: Option<String>,
    /// A stable word for why.
    code: String,
    /// Why, in a sentence.
    reason: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    hint: Option<String>,
    /// What the resolvers compared, in their order, when it came to that.
    comparisons: Vec<Comparison>,
}

/// List the latest failures to sign in
///
/// Those of this process since it started, at most 200.
#[utoipa::path(
    get,
    path = "/api/auth/v1/sign-in-failures",
    tag = "auth",
    responses(
        (status = 200, description = "The failures.", body = FailureList),
        (status = 403, description = "The caller may not see them.", body = ErrorBody),
    )
)]
pub(super) async fn get_sign_in_failures(
    State(entrance): State<Entrance>,
    caller: Caller,
) -> Result<Json<FailureList>> {
    caller.may::<ReadSignInFailure>()?;
    let items = entrance.failures().all().into_iter().map(item);
    Ok(Json(FailureList {
        items: items.collect(),
    }))
}

fn item(failure: Failure) -> FailureItem {
    // Beyond the year 9999 there are no such texts.
    const LAST: u64 = 253_402_300_799_000;
    let at = UNIX_EPOCH + Duration::from_millis(failure.at.min(LAST));
    FailureItem {
        at: humantime::format_rfc3339_millis(at).to_string(),
        provider: failure.provider,
        request_id: failure.request_id,
        code: failure.code,
        reason: failure.reason,
        hint: failure.hint,
        comparisons: failure.comparisons,
    }
}
