//! What a client sends to `/v1/token` and `/v1/revoke`: parameters in a form or in JSON, and who it says it is.

use std::collections::BTreeMap;

use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use callboard_config::Secret;
use callboard_http::RequestId;
use http_body_util::{BodyExt, Limited};
use serde_json::{Map, Value};
use url::form_urlencoded;

use crate::clients::Clients;
use crate::refusal::Refusal;

/// The largest body.
const LARGEST: usize = 64 * 1024;

/// What a client sends.
pub(crate) struct Asked {
    parameters: BTreeMap<String, Secret>,
    basic: Basic,
    /// The request that it is part of.
    pub(crate) request_id: Option<RequestId>,
}

/// What a client shows in `Authorization`.
enum Basic {
    Nothing,
    Unreadable,
    Shown(String, Secret),
}

/// Who a client says it is.
pub(crate) struct Shown<'a> {
    /// Its id, if it says one.
    pub(crate) id: Option<&'a str>,
    /// Whether it showed that.
    pub(crate) is_proven: bool,
}

impl Asked {
    /// A parameter that is not empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let value = self.parameters.get(name)?.expose();
        Some(value).filter(|value| !value.is_empty())
    }

    /// Who asks.
    ///
    /// # Errors
    /// When it shows a secret that is not that of the client.
    pub(crate) fn client(&self, clients: &Clients) -> Result<Shown<'_>, Refusal> {
        let (id, secret) = match &self.basic {
            Basic::Shown(id, secret) => (Some(id.as_str()), Some(secret.expose())),
            Basic::Nothing | Basic::Unreadable => {
                (self.get("client_id"), self.get("client_secret"))
            }
        };
        let wrong = || Refusal::client("Invalid client credentials");
        if matches!(self.basic, Basic::Unreadable) && id.is_none() {
            return Err(wrong());
        }
        match (id, secret.filter(|secret| !secret.is_empty())) {
            (id, None) => Ok(Shown {
                id,
                is_proven: false,
            }),
            (Some(id), Some(secret)) if clients.has_secret(id, secret) => Ok(Shown {
                id: Some(id),
                is_proven: true,
            }),
            (_, Some(_)) => Err(wrong()),
        }
    }
}

impl<S: Sync> FromRequest<S> for Asked {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let (parts, body) = request.into_parts();
        let essence = essence(&parts.headers);
        let bytes = Limited::new(body, LARGEST).collect().await;
        let bytes = bytes
            .map_err(|_| Refusal::request("The body is too large or incomplete"))?
            .to_bytes();
        let parameters = match essence.as_str() {
            "application/x-www-form-urlencoded" => of_form(&bytes)?,
            "application/json" => of_json(&bytes)?,
            _ => return Err(Refusal::request("The body is neither a form nor JSON")),
        };
        Ok(Self {
            parameters,
            basic: basic(&parts.headers),
            request_id: parts.extensions.get::<RequestId>().cloned(),
        })
    }
}

fn essence(headers: &HeaderMap) -> String {
    let given = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = given.and_then(|given| given.split(';').next());
    essence.unwrap_or_default().trim().to_ascii_lowercase()
}

/// Nothing is sent twice, or two readers would take different ones (RFC 6749, 3.2).
fn of_form(bytes: &[u8]) -> Result<BTreeMap<String, Secret>, Refusal> {
    let mut all = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(bytes) {
        let value = Secret::from(value.as_ref());
        if all.insert(name.clone().into_owned(), value).is_some() {
            return Err(Refusal::request("A parameter is sent more than once"));
        }
    }
    Ok(all)
}

fn of_json(bytes: &[u8]) -> Result<BTreeMap<String, Secret>, Refusal> {
    let all: Map<String, Value> = serde_json::from_slice(bytes)
        .map_err(|_| Refusal::request("The body is no JSON object"))?;
    let texts = all.into_iter().filter_map(|(name, value)| match value {
        Value::Null => None,
        Value::String(text) => Some(Ok((name, Secret::from(text)))),
        _ => Some(Err(Refusal::request("A parameter is no text"))),
    });
    texts.collect()
}

/// As RFC 6749, 2.3.1 has it: id and secret are encoded as in a form before they are joined.
fn basic(headers: &HeaderMap) -> Basic {
    let Some(header) = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
    else {
        return Basic::Nothing;
    };
    let Some((scheme, encoded)) = header.split_once(' ') else {
        return Basic::Nothing;
    };
    if !scheme.eq_ignore_ascii_case("basic") {
        return Basic::Nothing;
    }
    let decoded = STANDARD.decode(encoded.trim()).ok();
    let text = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
    let pair = text.as_deref().and_then(|text| text.split_once(':'));
    match pair.map(|(id, secret)| (of_part(id), of_part(secret))) {
        Some((id, secret)) if !id.is_empty() => Basic::Shown(id, Secret::from(secret)),
        _ => Basic::Unreadable,
    }
}

/// A text that was encoded as in a form.
fn of_part(text: &str) -> String {
    let escaped = text.replace('&', "%26").replace('=', "%3D");
    let first = form_urlencoded::parse(escaped.as_bytes()).next();
    first.map(|(name, _)| name.into_owned()).unwrap_or_default()
}
