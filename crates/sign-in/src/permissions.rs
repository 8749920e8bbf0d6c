//! What callers may do with attempts to sign in.

use callboard_auth::{Action, Permission, PermissionInfo};

/// Seeing why people could not sign in.
#[derive(Clone, Copy, Debug)]
pub struct ReadSignInFailure;

impl Permission for ReadSignInFailure {
    const NAME: &'static str = "auth.sign-in-failure.read";
    const ACTION: Option<Action> = Some(Action::Read);
    type Resource = ();
}

/// All of them.
pub(crate) fn all() -> [PermissionInfo; 1] {
    [ReadSignInFailure::info()]
}
