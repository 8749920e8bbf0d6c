//! What callers may do with accounts.

use callboard_auth::{Action, Permission, PermissionInfo};

/// A permission that is about nothing single.
macro_rules! permission {
    ($(#[$docs:meta])* $name:ident, $text:literal, $action:ident) => {
        $(#[$docs])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name;

        impl Permission for $name {
            const NAME: &'static str = $text;
            const ACTION: Option<Action> = Some(Action::$action);
            type Resource = ();
        }
    };
}

permission!(
    /// Seeing which accounts there are.
    ReadAccount, "auth.account.read", Read
);
permission!(
    /// Making an account, and inviting somebody to set its password.
    CreateAccount, "auth.account.create", Create
);
permission!(
    /// Removing an account.
    DeleteAccount, "auth.account.delete", Delete
);

/// All of them.
pub(crate) fn all() -> [PermissionInfo; 3] {
    [
        ReadAccount::info(),
        CreateAccount::info(),
        DeleteAccount::info(),
    ]
}
