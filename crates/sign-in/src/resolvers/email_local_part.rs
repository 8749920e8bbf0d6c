//! What stands before the `@` of the address is the user's name.

use super::{Look, email, entity_name};
use crate::account::Account;

pub(super) fn look(account: &Account, domains: Option<&[String]>) -> Result<Look, String> {
    let email = email(account, domains)?;
    let local = email.split('@').next().unwrap_or(email);
    entity_name::named(local)
}
