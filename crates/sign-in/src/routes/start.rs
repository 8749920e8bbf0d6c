//! Sends somebody to a provider.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, LOCATION};
use axum::response::IntoResponse;
use callboard_http::{ErrorBody, Path, Query, Result};
use serde::Deserialize;
use utoipa::IntoParams;

use super::asking::Asking;
use super::{environment, origins};
use crate::Entrance;
use crate::oauth::{Departure, Flow};

/// What somebody wants who is about to be sent away.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(super) struct Start {
    /// The scopes that are wanted besides those that are needed, with spaces between them.
    #[serde(default)]
    #[param(required = false)]
    scope: String,
    /// The environment of the provider; that of `auth.environment` unless told.
    env: Option<String>,
    /// The origin of the page that opened the window.
    origin: Option<String>,
    /// `redirect`, to come back to `redirectUrl`; `popup` unless told.
    flow: Option<String>,
    /// Where to come back to without a window.
    redirect_url: Option<String>,
}

/// Begin to sign in
///
/// Sends the browser to the provider. What it brings back is good in this browser alone, within ten minutes.
#[utoipa::path(
    get,
    path = "/api/auth/{provider}/start",
    tag = "auth",
    params(("provider" = String, Path, description = "The provider, such as `github`."), Start),
    responses(
        (status = 302, description = "The way to the provider."),
        (status = 400, description = "A parameter is wrong.", body = ErrorBody),
        (status = 403, description = "The origin may not sign people in.", body = ErrorBody),
        (status = 404, description = "There is no such provider or environment.", body = ErrorBody),
        (status = 429, description = "The address tries too often.", body = ErrorBody),
        (status = 503, description = "The provider does not answer.", body = ErrorBody),
    )
)]
pub(super) async fn start_sign_in(
    State(entrance): State<Entrance>,
    Path(provider): Path<String>,
    Query(start): Query<Start>,
    asking: Asking,
) -> Result<impl IntoResponse> {
    let oauth = environment::find(&entrance, &provider, start.env.as_deref())?;
    let urls = entrance.urls();
    let named = start.origin.as_deref();
    let origin = named.map(|text| origins::origin(urls, text)).transpose()?;
    let flow = match start.flow.as_deref() {
        Some("redirect") => Flow::Redirect,
        _ => Flow::Popup,
    };
    let redirect_url = match flow {
        Flow::Redirect => Some(origins::redirect_url(urls, start.redirect_url.as_deref())?.into()),
        Flow::Popup => None,
    };
    let departure = Departure {
        scope: start.scope,
        origin,
        redirect_url,
        flow,
    };
    let (jar, url) = oauth.depart(asking.jar, departure).await?;
    let headers = [
        (LOCATION, url.to_string()),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((StatusCode::FOUND, jar, headers))
}
