//! A name of the account is the user's name.

use callboard_auth::PersonQuery;
use callboard_model::EntityRef;

use super::{Look, Name, Query};
use crate::account::Account;

pub(super) fn look(account: &Account, name: Name) -> Result<Look, String> {
    let told = match name {
        Name::Username => account.username.as_deref(),
        Name::Preferred => account.preferred_username.as_deref(),
    };
    named(told.ok_or("the provider told no user name")?)
}

/// The user of this name.
pub(super) fn named(name: &str) -> Result<Look, String> {
    let entity_ref = user(name)?;
    let words = format!("the entity is `{entity_ref}`");
    Ok(Look {
        queries: vec![Query {
            query: PersonQuery::Ref(entity_ref),
            words,
        }],
        name_if_unknown: name.to_owned(),
    })
}

/// The user of this name in the namespace `default`. The name comes from elsewhere, so it may not say more than a name.
pub(super) fn user(name: &str) -> Result<EntityRef, String> {
    const LONGEST: usize = 254;
    let is_plain = |character: char| character.is_alphanumeric() || "-_.@+".contains(character);
    if name.is_empty() || name.len() > LONGEST || !name.chars().all(is_plain) {
        return Err("the name at the provider cannot be the name of a user".to_owned());
    }
    EntityRef::new("user", "default", name)
        .map_err(|_| "the name at the provider cannot be the name of a user".to_owned())
}
