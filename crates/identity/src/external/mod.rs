//! Programs that may call (AUTH-09): what the configuration lists under `backend.auth.externalAccess`.

mod fixed;
mod jwks;
mod legacy;

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use callboard_auth::{Action, Credentials, Principal, Restriction, Restrictions};
use callboard_model::{Clock, Error, Result};

use crate::config::{AccessRestriction, AccessType, ExternalAccess};
use fixed::Fixed;
use jwks::Jwks;
use legacy::Legacy;

/// A way to know a program by its token.
#[async_trait]
trait TokenCheck: fmt::Debug + Send + Sync {
    /// What the program is called; nothing, when the token is none of its.
    async fn subject(&self, token: &str) -> Option<String>;
}

/// Programs that may call.
#[derive(Debug)]
pub(crate) struct External(Vec<Entry>);

#[derive(Debug)]
struct Entry {
    check: Box<dyn TokenCheck>,
    restrictions: Option<Arc<Restrictions>>,
}

impl External {
    /// Those that the configuration lists.
    ///
    /// # Errors
    /// `Invalid`, with the entry that is wrong.
    pub(crate) fn new(list: &[ExternalAccess], clock: &Clock) -> Result<Self> {
        let entries = list.iter().enumerate().map(|(at, access)| {
            entry(access, clock).map_err(|why| {
                Error::invalid(
                    "external-access",
                    format!("`backend.auth.externalAccess[{at}]` is wrong: {why}"),
                )
            })
        });
        Ok(Self(entries.collect::<Result<_>>()?))
    }

    /// The program whose token this is.
    pub(crate) async fn find(&self, token: &str) -> Option<Credentials> {
        for entry in &self.0 {
            if let Some(subject) = entry.check.subject(token).await {
                return Some(Credentials {
                    principal: Principal::service(subject),
                    restrictions: entry.restrictions.clone(),
                });
            }
        }
        None
    }
}

fn entry(access: &ExternalAccess, clock: &Clock) -> Result<Entry, String> {
    let check: Box<dyn TokenCheck> = match access.access_type {
        AccessType::Static => Box::new(Fixed::new(&access.options)?),
        AccessType::Legacy => Box::new(Legacy::new(&access.options, clock.clone())?),
        AccessType::Jwks => Box::new(Jwks::new(&access.options, clock.clone())?),
    };
    Ok(Entry {
        check,
        restrictions: restrictions(&access.access_restrictions)?,
    })
}

fn restrictions(list: &[AccessRestriction]) -> Result<Option<Arc<Restrictions>>, String> {
    let mut parts: Vec<Restriction> = Vec::new();
    for restriction in list {
        let plugin = Some(restriction.plugin.clone());
        if parts.iter().any(|part| part.plugin == plugin) {
            return Err(format!(
                "`accessRestrictions` names the plugin `{}` twice",
                restriction.plugin
            ));
        }
        let actions = restriction.permission_attribute.action.members();
        parts.push(Restriction {
            plugin,
            permissions: restriction.permission.members(),
            actions: actions
                .iter()
                .map(|name| action(name))
                .collect::<Result<_, _>>()?,
        });
    }
    Ok((!parts.is_empty()).then(|| Arc::new(Restrictions(parts))))
}

fn action(name: &str) -> Result<Action, String> {
    match name {
        "create" => Ok(Action::Create),
        "read" => Ok(Action::Read),
        "update" => Ok(Action::Update),
        "delete" => Ok(Action::Delete),
        other => Err(format!(
            "`permissionAttribute.action` is `{other}`, and there are `create`, `read`, `update` and `delete`"
        )),
    }
}

/// A text without spaces.
fn word(name: &str, value: Option<&str>) -> Result<String, String> {
    match value {
        None => Err(format!("`options.{name}` is missing")),
        Some(text) if text.is_empty() || text.contains(char::is_whitespace) => {
            Err(format!("`options.{name}` is empty or has spaces"))
        }
        Some(text) => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests;
