//! Only an administrator makes, invites or removes another one: or whoever may make accounts could do everything.

use callboard_auth::Caller;
use callboard_http::Result;
use callboard_model::{Error, ErrorKind};

use crate::Accounts;
use crate::accounts::entity_ref;

/// Refuses callers who are no administrators.
///
/// # Errors
/// `Forbidden`, saying that the caller may not `act`.
pub(super) fn needs_administrator(accounts: &Accounts, caller: &Caller, act: &str) -> Result<()> {
    let user = caller.principal().as_user();
    if user.is_some_and(|user| accounts.is_administrator(&user.entity_ref)) {
        return Ok(());
    }
    let message = format!("only an administrator may {act} another one");
    Err(
        Error::new(ErrorKind::Forbidden, "not-administrator", message)
            .hint("ask an administrator")
            .into(),
    )
}

/// The same, when the account `name` is an administrator's.
///
/// # Errors
/// `Forbidden`; `Invalid`, when no account has such a name.
pub(super) fn needs_rank(
    accounts: &Accounts,
    caller: &Caller,
    (act, name): (&str, &str),
) -> Result<()> {
    let owner = entity_ref(name)?;
    if accounts.is_administrator(&owner) {
        return needs_administrator(accounts, caller, act);
    }
    Ok(())
}
