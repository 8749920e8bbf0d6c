//! Whether the caller may see roles at all.

use callboard_auth::Caller;
use callboard_http::{ErrorBody, Json, Result};
use serde::Serialize;
use utoipa::ToSchema;

use super::rights::reach;
use crate::ReadPolicy;

/// What the caller may do with roles.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RolesStatus {
    /// `Authorized`.
    #[schema(value_type = String)]
    status: &'static str,
}

/// May the caller see roles?
#[utoipa::path(
    get,
    path = "/api/permission/",
    tag = "permissions",
    responses(
        (status = 200, description = "They may.", body = RolesStatus),
        (status = 403, description = "They may not.", body = ErrorBody),
    )
)]
pub(super) async fn get_roles_status(caller: Caller) -> Result<Json<RolesStatus>> {
    reach::<ReadPolicy>(&caller)?;
    Ok(Json(RolesStatus {
        status: "Authorized",
    }))
}
