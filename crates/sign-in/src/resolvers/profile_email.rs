//! The address of the account is that of the user's profile.

use callboard_auth::PersonQuery;

use super::{Look, Query, email};
use crate::account::Account;

/// First the whole address, then without what stands behind a `+`.
pub(super) fn look(account: &Account, domains: Option<&[String]>) -> Result<Look, String> {
    let email = email(account, domains)?;
    let mut queries = vec![query(email)];
    let plain = plain(email);
    if let Some(plain) = plain.as_deref().filter(|plain| *plain != email) {
        queries.push(query(plain));
    }
    Ok(Look {
        queries,
        name_if_unknown: plain.unwrap_or_else(|| email.to_owned()),
    })
}

fn query(email: &str) -> Query {
    let key = "spec.profile.email";
    Query {
        query: PersonQuery::Values(vec![(key.to_owned(), email.to_owned())]),
        words: format!("`{key}` is `{email}`"),
    }
}

/// `ada+news@example.com` as `ada@example.com`.
fn plain(email: &str) -> Option<String> {
    let (local, domain) = email.split_once('@')?;
    let name = local.split('+').next().filter(|name| !name.is_empty())?;
    Some(format!("{name}@{domain}"))
}
