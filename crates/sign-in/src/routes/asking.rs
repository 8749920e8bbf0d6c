//! What every request by which somebody signs in shows.

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum_extra::extract::CookieJar;
use callboard_auth::Caller;
use callboard_http::RequestId;
use callboard_identity::SESSION_COOKIE;
use callboard_model::{EntityRef, Error, ErrorKind, Result};
use std::convert::Infallible;

use crate::entrance::Visit;

/// What a request shows of its browser.
#[derive(Debug)]
pub(super) struct Asking {
    pub(super) headers: HeaderMap,
    pub(super) jar: CookieJar,
    request_id: Option<RequestId>,
    session_of: Option<EntityRef>,
}

impl<S: Sync> FromRequestParts<S> for Asking {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let caller =
            <Caller as OptionalFromRequestParts<S>>::from_request_parts(parts, state).await;
        // A token that is over keeps nobody from getting a new one.
        let caller = caller.ok().flatten();
        let user = caller
            .as_ref()
            .and_then(|caller| caller.principal().as_user());
        let jar = CookieJar::from_headers(&parts.headers);
        let by_session =
            jar.get(SESSION_COOKIE).is_some() && !parts.headers.contains_key(AUTHORIZATION);
        Ok(Self {
            session_of: user
                .filter(|_| by_session)
                .map(|user| user.entity_ref.clone()),
            headers: parts.headers.clone(),
            jar,
            request_id: parts.extensions.get::<RequestId>().cloned(),
        })
    }
}

impl Asking {
    /// The visit to one provider.
    pub(super) fn visit(&self, provider: &'static str) -> Visit<'_> {
        Visit {
            provider,
            headers: &self.headers,
            request_id: self.request_id.as_ref().map(RequestId::as_str),
            session_of: self.session_of.clone(),
        }
    }

    /// Refuses what a page of another site may have sent: this header is only sent where the browser allows it.
    ///
    /// # Errors
    /// `Unauthenticated`, in Backstage's words.
    pub(super) fn must_be_of_script(&self) -> Result<()> {
        let header = self.headers.get("x-requested-with");
        if header.is_some_and(|value| value == "XMLHttpRequest") {
            return Ok(());
        }
        let message = "Invalid X-Requested-With header";
        Err(
            Error::new(ErrorKind::Unauthenticated, "x-requested-with", message)
                .hint("send `X-Requested-With: XMLHttpRequest`"),
        )
    }

    /// The text of a header.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}
