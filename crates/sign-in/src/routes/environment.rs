//! Which provider, and which of its environments, a request is about.

use callboard_model::{Error, Result};

use crate::Entrance;
use crate::oauth::OAuth;
use crate::providers::{Kind, Provider};

/// The environment of a provider that people are sent to: that of the request, or the one that counts for all.
///
/// # Errors
/// `NotFound`, in Backstage's words.
pub(super) fn find<'a>(
    entrance: &'a Entrance,
    provider: &str,
    named: Option<&str>,
) -> Result<&'a OAuth> {
    let provider = entrance.providers().get(provider)?;
    of(entrance, provider, named)
}

/// The same of a provider that was found.
///
/// # Errors
/// `NotFound`, in Backstage's words.
pub(super) fn of<'a>(
    entrance: &'a Entrance,
    provider: &'a Provider,
    named: Option<&str>,
) -> Result<&'a OAuth> {
    let Kind::OAuth(environments) = &provider.kind else {
        let message = format!("nobody is sent anywhere to sign in with `{}`", provider.id);
        return Err(Error::not_found("no-page", message)
            .hint(format!("ask `/api/auth/{}/refresh`", provider.id)));
    };
    let default = entrance.providers().environment.as_str();
    let named = named.filter(|named| !named.is_empty()).unwrap_or(default);
    environments.get(named).ok_or_else(|| {
        let message =
            format!("No configuration available for the '{named}' environment of this provider.");
        let known: Vec<_> = environments
            .keys()
            .map(|name| format!("`{name}`"))
            .collect();
        Error::not_found("unknown-environment", message).hint(format!(
            "the environments of `{}` are {}",
            provider.id,
            known.join(", ")
        ))
    })
}
