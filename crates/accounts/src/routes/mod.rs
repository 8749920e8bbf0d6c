//! Operations on accounts of this portal.

mod accept_invitation;
mod change_password;
mod create_account;
mod create_invitation;
mod delete_account;
mod get_accounts;
mod get_invitation;
mod rank;
mod sign_in;
mod sign_out;
#[cfg(test)]
mod tests;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Accounts;

/// The operations for those who are known.
pub(crate) fn closed(accounts: &Accounts) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(
            get_accounts::get_accounts,
            create_account::create_account
        ))
        .routes(routes!(delete_account::delete_account))
        .routes(routes!(create_invitation::create_invitation))
        .routes(routes!(change_password::change_password))
        .with_state(accounts.clone())
}

/// The operations for everybody: somebody who signs in is not known yet.
pub(crate) fn open(accounts: &Accounts) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(sign_in::sign_in))
        .routes(routes!(sign_out::sign_out))
        .routes(routes!(get_invitation::get_invitation))
        .routes(routes!(accept_invitation::accept_invitation))
        .with_state(accounts.clone())
}
