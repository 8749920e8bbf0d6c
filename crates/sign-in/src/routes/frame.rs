//! What becomes of somebody who comes back from a provider.

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, LOCATION};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use callboard_http::ApiError;
use callboard_model::{Error, Result};
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;

use super::asking::Asking;
use super::authorized::Authorized;
use super::{environment, origins};
use crate::Entrance;
use crate::entrance::Visit;
use crate::oauth::{Arrival, Flow, OAuth, State};
use crate::web_message;

/// What a provider sends back.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Returned {
    /// What becomes a token.
    pub(super) code: Option<String>,
    /// What the browser was sent away with.
    pub(super) state: Option<String>,
    /// Why there is no code.
    pub(super) error: Option<String>,
    /// The same in words.
    pub(super) error_description: Option<String>,
    /// Who sent it.
    pub(super) iss: Option<String>,
}

/// Lets somebody in, or says why not, to the page that sent them.
///
/// # Errors
/// When nothing says which page that is.
pub(super) async fn finish(
    entrance: &Entrance,
    provider: &str,
    returned: Returned,
    asking: Asking,
) -> Result<Response, ApiError> {
    let state = State::decode(returned.state.as_deref().unwrap_or_default())?;
    let oauth = environment::find(entrance, provider, Some(&state.environment))?;
    let arrival = Arrival {
        code: returned.code,
        error: returned.error,
        error_description: returned.error_description,
        issuer: returned.iss,
    };
    let back = Back::of(entrance, &state);
    let arrived = match &back {
        Ok(back) => {
            arrive(
                entrance,
                oauth,
                Came {
                    state: &state,
                    arrival,
                    asking: &asking,
                    back,
                },
            )
            .await
        }
        // Whoever made this up is not told of the way to the provider.
        Err(_) => Err(refused(&back)),
    };
    let back = back.unwrap_or_else(|_| Back::own(entrance));
    let jar = oauth
        .cookies
        .forget_secret(asking.jar.clone(), Some(&back.origin));
    match arrived {
        Ok((authorized, jar)) => back.tell(&authorized, jar),
        Err(error) => {
            entrance.failed(&asking.visit(oauth.provider), &error);
            back.explain(entrance, &ApiError::from(error), jar)
        }
    }
}

/// Somebody who came back.
struct Came<'a> {
    state: &'a State,
    arrival: Arrival,
    asking: &'a Asking,
    back: &'a Back,
}

async fn arrive(
    entrance: &Entrance,
    oauth: &OAuth,
    came: Came<'_>,
) -> Result<(Authorized, CookieJar)> {
    let Came {
        state,
        arrival,
        asking,
        back,
    } = came;
    let answer = oauth.arrive(&asking.jar, state, arrival).await?;
    // Whoever signs in gets a new session, also in place of one of their own.
    let visit = Visit {
        session_of: None,
        ..asking.visit(oauth.provider)
    };
    let found = entrance.resolve(&visit, &oauth.resolvers, &answer.account)?;
    let origin = Some(back.origin.as_str());
    let mut jar = oauth.cookies.forget_secret(asking.jar.clone(), origin);
    if oauth.scopes.persist {
        jar = oauth.cookies.keep_granted_scope(jar, &answer.scope, origin);
    }
    if let Some(token) = &answer.tokens.refresh {
        jar = oauth
            .cookies
            .keep_refresh_token(jar, token.expose(), origin);
    }
    let mut identity = None;
    if let Some(found) = found {
        let welcome = entrance.welcome(&visit, found).await?;
        jar = welcome.cookie.into_iter().fold(jar, CookieJar::add);
        identity = Some(welcome.identity);
    }
    Ok((Authorized::of(answer, identity), jar))
}

/// Where somebody goes in the end.
struct Back {
    origin: String,
    /// Without a window.
    redirect: Option<String>,
    flow: Flow,
}

impl Back {
    /// # Errors
    /// `Forbidden`, when it is not a page of ours: only those who made it up themselves come there.
    fn of(entrance: &Entrance, state: &State) -> Result<Self> {
        let urls = entrance.urls();
        let redirect = match state.flow {
            Flow::Redirect => {
                Some(origins::redirect_url(urls, state.redirect_url.as_deref())?.into())
            }
            Flow::Popup => None,
        };
        let named = state.origin.as_deref();
        let origin = named.map(|text| origins::origin(urls, text)).transpose()?;
        Ok(Self {
            origin: origin.unwrap_or_else(|| origins::own(urls)),
            redirect,
            flow: state.flow,
        })
    }

    fn own(entrance: &Entrance) -> Self {
        Self {
            origin: origins::own(entrance.urls()),
            redirect: None,
            flow: Flow::Popup,
        }
    }

    fn tell(&self, authorized: &Authorized, jar: CookieJar) -> Result<Response, ApiError> {
        if let Some(url) = &self.redirect {
            return Ok(found(url.clone(), jar));
        }
        let message = json!({ "type": "authorization_response", "response": authorized });
        Ok((jar, web_message::page(&self.origin, &message)?).into_response())
    }

    fn explain(
        &self,
        entrance: &Entrance,
        error: &ApiError,
        jar: CookieJar,
    ) -> Result<Response, ApiError> {
        if self.flow == Flow::Redirect {
            let mut url = entrance.urls().app_base.clone();
            url.query_pairs_mut()
                .clear()
                .append_pair("error", error.told());
            url.set_fragment(None);
            return Ok(found(url.into(), jar));
        }
        let message = web_message::error(error.name(), error.told());
        Ok((jar, web_message::page(&self.origin, &message)?).into_response())
    }
}

fn refused(back: &Result<Back>) -> Error {
    match back {
        Err(error) => Error::new(error.kind(), error.code().to_owned(), error.message()),
        Ok(_) => Error::internal("sign-in", "a page that may be told was refused"),
    }
}

fn found(url: String, jar: CookieJar) -> Response {
    let headers = [(LOCATION, url), (CACHE_CONTROL, "no-store".to_owned())];
    (StatusCode::FOUND, jar, headers).into_response()
}
