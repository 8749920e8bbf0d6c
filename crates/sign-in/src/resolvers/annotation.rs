//! An address or an id stands in an annotation of the user.

use callboard_auth::PersonQuery;

use super::{Look, Query, email};
use crate::account::Account;

pub(super) fn by_email(account: &Account, annotation: &str) -> Result<Look, String> {
    let email = email(account, None)?;
    Ok(Look {
        queries: vec![alike(annotation, email)],
        name_if_unknown: email.to_owned(),
    })
}

pub(super) fn by_id(account: &Account, exactly: bool) -> Result<Look, String> {
    let id = account.id.as_deref().filter(|id| !id.is_empty());
    let (Some(id), Some(annotation)) = (id, account.id_annotation.as_deref()) else {
        return Err("the provider told no id of the account".to_owned());
    };
    let query = if exactly {
        Query {
            query: PersonQuery::Annotation(annotation.to_owned(), id.to_owned()),
            words: format!("`metadata.annotations.{annotation}` is exactly `{id}`"),
        }
    } else {
        alike(annotation, id)
    };
    Ok(Look {
        queries: vec![query],
        name_if_unknown: id.to_owned(),
    })
}

fn alike(annotation: &str, value: &str) -> Query {
    let key = format!("metadata.annotations.{annotation}");
    Query {
        words: format!("`{key}` is `{value}`"),
        query: PersonQuery::Values(vec![(key, value.to_owned())]),
    }
}
