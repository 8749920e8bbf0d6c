//! How a request gets in and how an answer, good or bad, gets out.
//!
//! A handler takes [`Json`], [`JsonList`], [`Query`], [`QueryPairs`] or [`Path`] and returns a [`Result`]; what goes
//! wrong is a [`callboard_model::Error`] that becomes an [`ApiError`] by `?`. The [`Edge`] is wrapped
//! around the router once: it gives each request an id, a deadline, a body limit and a count, and each
//! answer its security headers, its compression and, when it is an error, Backstage's JSON body. JSON that
//! the client has already is not sent again: see [`Validator`].
//!
//! Never here: who the caller is (`auth`), what a feature serves, or a second way to answer an error.
//! Adding a step that every request passes: one file in `edge/`, one line in `Edge::wrap`.
//! Start reading at [`Edge::wrap`].

mod edge;
mod error;
mod extract;
mod validator;

pub use edge::{ContinueTrace, Edge, RequestId, method_not_allowed, not_found};
pub use error::{ApiError, ErrorBody, ErrorDetail, ErrorRequest, ErrorResponse, Result};
pub use extract::{BodyLimit, Json, JsonList, Path, Query, QueryPairs};
pub use validator::Validator;
