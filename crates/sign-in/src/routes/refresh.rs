//! New tokens for somebody who is known to a provider.

use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use callboard_http::{ApiError, Json, Result};
use callboard_model::{Error, ErrorKind};
use serde::Deserialize;
use utoipa::IntoParams;

use super::asking::Asking;
use super::authorized::Authorized;
use super::{environment, origins};
use crate::Entrance;
use crate::account::{Account, Profile};
use crate::oauth::OAuth;
use crate::providers::{Guest, Kind, Provider, Proxied};

/// What somebody wants who was here before.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Refresh {
    /// The scopes that are wanted besides those that are needed, with spaces between them.
    #[serde(default)]
    #[param(required = false)]
    scope: String,
    /// The environment of the provider; that of `auth.environment` unless told.
    env: Option<String>,
}

/// Lets somebody in whom the provider still knows, or whom a proxy vouches for.
///
/// # Errors
/// `Unauthenticated`, when it does not; `Unavailable`, when that cannot be found out.
pub(super) async fn renew(
    entrance: &Entrance,
    provider: &str,
    wanted: Refresh,
    asking: Asking,
) -> Result<Response> {
    asking.must_be_of_script()?;
    if let Some(origin) = asking.header("origin") {
        origins::origin(entrance.urls(), origin)?;
    }
    let provider = entrance.providers().get(provider)?;
    let renewed = match &provider.kind {
        Kind::OAuth(_) => {
            let oauth = environment::of(entrance, provider, wanted.env.as_deref())?;
            let token = oauth.cookies.refresh_token(&asking.jar);
            // Every page that is opened asks, so that is no attempt that failed.
            let token = token.ok_or_else(|| {
                unauthenticated(
                    "missing-session",
                    "Refresh failed; caused by InputError: Missing session cookie",
                )
            })?;
            by_token(
                entrance,
                oauth,
                &asking,
                Known {
                    token,
                    scope: wanted.scope,
                },
            )
            .await
        }
        Kind::Proxy(proxied) => by_proxy(entrance, provider, proxied, &asking).await,
        Kind::Guest(guest) => as_guest(entrance, provider, guest, &asking).await,
    };
    match renewed {
        Ok((authorized, jar)) => Ok((jar, Json(authorized)).into_response()),
        Err(error) => {
            entrance.failed(&asking.visit(provider.id), &error);
            Err(ApiError::from(error))
        }
    }
}

/// What a browser kept, and what it wants now.
struct Known {
    token: String,
    scope: String,
}

type Renewed = callboard_model::Result<(Authorized, CookieJar)>;

async fn by_token(entrance: &Entrance, oauth: &OAuth, asking: &Asking, known: Known) -> Renewed {
    let answer = oauth
        .renew(&asking.jar, &known.token, &known.scope)
        .await
        .map_err(failed)?;
    let visit = asking.visit(oauth.provider);
    let found = entrance.resolve(&visit, &oauth.resolvers, &answer.account)?;
    let origin = asking.header("origin");
    let mut jar = asking.jar.clone();
    if oauth.scopes.persist {
        jar = oauth.cookies.keep_granted_scope(jar, &answer.scope, origin);
    }
    let newer = answer.tokens.refresh.as_ref().map(|token| token.expose());
    if let Some(newer) = newer.filter(|newer| *newer != known.token) {
        jar = oauth.cookies.keep_refresh_token(jar, newer, origin);
    }
    let mut identity = None;
    if let Some(found) = found {
        let welcome = entrance.welcome(&visit, found).await?;
        jar = welcome.cookie.into_iter().fold(jar, CookieJar::add);
        identity = Some(welcome.identity);
    }
    Ok((Authorized::of(answer, identity), jar))
}

async fn by_proxy(
    entrance: &Entrance,
    provider: &Provider,
    proxied: &Proxied,
    asking: &Asking,
) -> Renewed {
    let vouched = proxied.proxy.vouched(&asking.headers).await?;
    let visit = asking.visit(provider.id);
    let Account { profile, .. } = &vouched.account;
    let profile = profile.clone();
    let found = entrance.resolve(&visit, &proxied.resolvers, &vouched.account)?;
    let found =
        found.ok_or_else(|| Error::internal("resolvers", "a proxy without resolvers was asked"))?;
    let welcome = entrance.welcome(&visit, found).await?;
    let authorized = Authorized {
        profile,
        provider_info: Some(vouched.provider_info),
        backstage_identity: Some(welcome.identity),
    };
    Ok((
        authorized,
        welcome
            .cookie
            .into_iter()
            .fold(asking.jar.clone(), CookieJar::add),
    ))
}

async fn as_guest(
    entrance: &Entrance,
    provider: &Provider,
    guest: &Guest,
    asking: &Asking,
) -> Renewed {
    let found = guest.come_in(entrance.directory())?;
    let welcome = entrance.welcome(&asking.visit(provider.id), found).await?;
    let authorized = Authorized {
        profile: Profile::default(),
        provider_info: None,
        backstage_identity: Some(welcome.identity),
    };
    Ok((
        authorized,
        welcome
            .cookie
            .into_iter()
            .fold(asking.jar.clone(), CookieJar::add),
    ))
}

/// As in Backstage, whoever is not known any more has to sign in again, whatever the reason; that the provider is away
/// is another matter.
fn failed(error: Error) -> Error {
    match error.kind() {
        ErrorKind::Unavailable | ErrorKind::Internal => error,
        _ => {
            let message = format!("Refresh failed; caused by {}", error.message());
            let told = Error::new(ErrorKind::Unauthenticated, error.code().to_owned(), message);
            match error.hint_text() {
                Some(hint) => told.hint(hint),
                None => told,
            }
        }
    }
}

fn unauthenticated(code: &'static str, message: &str) -> Error {
    Error::new(ErrorKind::Unauthenticated, code, message).hint("sign in")
}
