//! Signs somebody out.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use callboard_http::{ErrorBody, Json, Path, Query, Result};
use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::{IntoParams, ToSchema};

use super::asking::Asking;
use super::{environment, origins};
use crate::Entrance;
use crate::oauth::OAuth;
use crate::providers::Kind;

/// Which environment somebody signs out of.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct LogOut {
    /// The environment of the provider; that of `auth.environment` unless told.
    env: Option<String>,
}

/// What is left to do.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LoggedOut {
    /// Where the browser goes to sign out at the provider, too.
    #[schema(value_type = String)]
    logout_url: Url,
}

/// Sign out
///
/// Ends the session of the browser, and forgets what the provider left in it. The body is empty unless there is
/// something left to do.
#[utoipa::path(
    post,
    path = "/api/auth/{provider}/logout",
    tag = "auth",
    params(("provider" = String, Path, description = "The provider, such as `github`."), LogOut),
    responses(
        (status = 200, description = "It is done.", body = LoggedOut),
        (status = 401, description = "`X-Requested-With` is missing.", body = ErrorBody),
        (status = 403, description = "The origin may not sign people out.", body = ErrorBody),
        (status = 404, description = "There is no such provider or environment.", body = ErrorBody),
        (status = 429, description = "The address tries too often.", body = ErrorBody),
        (status = 503, description = "The database is away.", body = ErrorBody),
    )
)]
pub(super) async fn log_out(
    State(entrance): State<Entrance>,
    Path(provider): Path<String>,
    Query(wanted): Query<LogOut>,
    asking: Asking,
) -> Result<Response> {
    asking.must_be_of_script()?;
    let origin = asking.header("origin");
    if let Some(origin) = origin {
        origins::origin(entrance.urls(), origin)?;
    }
    let provider = entrance.providers().get(&provider)?;
    let mut jar = asking.jar.clone();
    let mut logout_url = None;
    if let Kind::OAuth(_) = &provider.kind {
        let oauth = environment::of(&entrance, provider, wanted.env.as_deref())?;
        logout_url = there(oauth, &asking.jar).await;
        jar = oauth.cookies.clear(jar, origin);
    }
    let jar = jar.add(entrance.farewell(&asking.headers).await?);
    Ok(match logout_url {
        Some(logout_url) => (jar, Json(LoggedOut { logout_url })).into_response(),
        None => jar.into_response(),
    })
}

/// Ends what the provider keeps. That it does not answer keeps nobody signed in here.
async fn there(oauth: &OAuth, jar: &CookieJar) -> Option<Url> {
    let token = oauth.cookies.refresh_token(jar);
    match oauth.flavor.sign_out(&oauth.client, token.as_deref()).await {
        // As in Backstage: a browser is sent to where nobody listens only on its own machine.
        Ok(url) => url.filter(|url| url.scheme() == "https" || url.host_str() == Some("localhost")),
        Err(error) => {
            tracing::warn!(provider = oauth.provider, %error, "somebody signed out, and the provider was not told");
            None
        }
    }
}
