//! Where codes become tokens.

use std::pin::Pin;

use axum::http::{self, HeaderMap, Method};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use callboard_config::Secret;
use callboard_model::{Error, ErrorKind, Result};
use callboard_source::{Partner, Reply};
use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
    BasicTokenType,
};
use oauth2::{
    AsyncHttpClient, AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken,
    EndpointNotSet, EndpointSet, ExtraTokenFields, HttpRequest, HttpResponse, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, RefreshToken, RequestTokenError, Scope, StandardRevocableToken,
    StandardTokenResponse, TokenResponse, TokenUrl,
};
use serde::{Deserialize, Serialize};
use url::Url;

use super::Endpoints;

type Protocol = oauth2::Client<
    BasicErrorResponse,
    TokenReply,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;
type TokenReply = StandardTokenResponse<IdentityToken, BasicTokenType>;
type Refusal = RequestTokenError<Error, BasicErrorResponse>;

/// What OpenID Connect adds to the answer.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct IdentityToken {
    id_token: Option<Secret>,
}

impl ExtraTokenFields for IdentityToken {}

/// How the portal shows its secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenAuth {
    /// In a header.
    Basic,
    /// In the body.
    Post,
}

/// What the portal is at a provider.
#[derive(Clone, Debug)]
pub(crate) struct TokenClient {
    pub(crate) client_id: String,
    pub(crate) client_secret: Secret,
    pub(crate) callback: Url,
    pub(crate) auth: TokenAuth,
    pub(crate) partner: Partner,
}

/// What a provider gave.
#[derive(Clone, Debug)]
pub(crate) struct Tokens {
    pub(crate) access: Secret,
    pub(crate) id: Option<Secret>,
    pub(crate) refresh: Option<Secret>,
    pub(crate) scope: String,
    pub(crate) expires_in_seconds: Option<u64>,
}

impl TokenClient {
    /// The page that people are sent to.
    pub(crate) fn authorize(&self, endpoints: &Endpoints, asked: &Asked<'_>) -> Url {
        let protocol = self.protocol(endpoints);
        let verifier = PkceCodeVerifier::new(asked.verifier.clone());
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
        let state = asked.state.clone();
        let request = protocol
            .authorize_url(move || CsrfToken::new(state))
            .add_scopes(super::split_scopes(asked.scope).into_iter().map(Scope::new))
            .set_pkce_challenge(challenge);
        let parameters = asked.parameters.iter();
        let request = parameters.fold(request, |request, (name, value)| {
            request.add_extra_param(name.clone(), value.clone())
        });
        request.url().0
    }

    /// Makes tokens of a code.
    ///
    /// # Errors
    /// `Unauthenticated`, when the provider refuses it; `Unavailable`, when it does not answer.
    pub(crate) async fn exchange(
        &self,
        endpoints: &Endpoints,
        code: String,
        verifier: String,
    ) -> Result<Tokens> {
        let protocol = self.protocol(endpoints);
        let sender = Sender(self.partner.clone());
        let request = protocol
            .exchange_code(AuthorizationCode::new(code))
            .set_pkce_verifier(PkceCodeVerifier::new(verifier));
        let reply = request.request_async(&sender).await;
        reply.map(|reply| Tokens::of(&reply)).map_err(refusal)
    }

    /// Makes new tokens of a refresh token.
    ///
    /// # Errors
    /// As for [`TokenClient::exchange`].
    pub(crate) async fn refresh(
        &self,
        endpoints: &Endpoints,
        token: &str,
        scope: &str,
    ) -> Result<Tokens> {
        let protocol = self.protocol(endpoints);
        let token = RefreshToken::new(token.to_owned());
        let sender = Sender(self.partner.clone());
        let scopes = super::split_scopes(scope).into_iter().map(Scope::new);
        let request = protocol.exchange_refresh_token(&token).add_scopes(scopes);
        let reply = request.request_async(&sender).await;
        reply.map(|reply| Tokens::of(&reply)).map_err(refusal)
    }

    fn protocol(&self, endpoints: &Endpoints) -> Protocol {
        let auth = match self.auth {
            TokenAuth::Basic => AuthType::BasicAuth,
            TokenAuth::Post => AuthType::RequestBody,
        };
        oauth2::Client::new(ClientId::new(self.client_id.clone()))
            .set_client_secret(ClientSecret::new(self.client_secret.expose().to_owned()))
            .set_auth_type(auth)
            .set_auth_uri(AuthUrl::from_url(endpoints.authorize.clone()))
            .set_token_uri(TokenUrl::from_url(endpoints.token.clone()))
            .set_redirect_uri(RedirectUrl::from_url(self.callback.clone()))
    }

    /// What an API of the provider tells the owner of an access token.
    ///
    /// # Errors
    /// `Unauthenticated`, when it does not believe the token; `Unavailable`, when it does not answer.
    pub(crate) async fn get(&self, url: &Url, access_token: &Secret) -> Result<serde_json::Value> {
        let mut headers = HeaderMap::new();
        let bearer = format!("Bearer {}", access_token.expose());
        let bearer = bearer.parse().map_err(|_| {
            Error::new(
                ErrorKind::Unauthenticated,
                "provider-token",
                "the provider gave a token that is none",
            )
        })?;
        headers.insert(http::header::AUTHORIZATION, bearer);
        headers.insert(
            http::header::ACCEPT,
            http::HeaderValue::from_static("application/json"),
        );
        let reply = self
            .partner
            .send(Method::GET, url, headers, Vec::new())
            .await?;
        match reply.status.as_u16() {
            200 => serde_json::from_slice(&reply.body).map_err(|_| {
                Error::unavailable(
                    "provider-answer",
                    format!("`{url}` did not answer with JSON"),
                )
            }),
            401 | 403 => {
                let message = format!("`{url}` refuses the access token");
                Err(
                    Error::new(ErrorKind::Unauthenticated, "provider-token", message)
                        .hint("sign in again"),
                )
            }
            status => Err(Error::unavailable(
                "provider-answer",
                format!("`{url}` answered `{status}`"),
            )),
        }
    }

    /// Ends a token at the provider.
    ///
    /// # Errors
    /// `Unavailable`, when it does not answer, or refuses.
    pub(crate) async fn revoke(&self, url: &Url, token: &str) -> Result<()> {
        let mut headers = HeaderMap::new();
        let kind = http::HeaderValue::from_static("application/x-www-form-urlencoded");
        headers.insert(http::header::CONTENT_TYPE, kind);
        let mut pairs = vec![("token", token), ("client_id", &self.client_id)];
        match self.auth {
            TokenAuth::Basic => {
                headers.insert(http::header::AUTHORIZATION, self.basic()?);
            }
            TokenAuth::Post => pairs.push(("client_secret", self.client_secret.expose())),
        }
        let form = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        let sent = self
            .partner
            .send(Method::POST, url, headers, form.into_bytes());
        match sent.await?.status {
            status if status.is_success() => Ok(()),
            status => {
                let message = format!("`{url}` answered `{status}` and ended no token");
                Err(Error::unavailable("provider-answer", message))
            }
        }
    }

    /// The id and the secret, each encoded as in a form, as OAuth 2 has it.
    fn basic(&self) -> Result<http::HeaderValue> {
        let encoded =
            |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let pair = format!(
            "{}:{}",
            encoded(&self.client_id),
            encoded(self.client_secret.expose())
        );
        let value = format!("Basic {}", STANDARD.encode(pair));
        value
            .parse()
            .map_err(|_| Error::internal("basic", "base64 is no header"))
    }
}

/// Sends what the protocol wants to be sent.
struct Sender(Partner);

impl<'c> AsyncHttpClient<'c> for Sender {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

impl Sender {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse> {
        let (parts, body) = request.into_parts();
        let wrong = || Error::internal("oauth-request", "the address of a token endpoint is none");
        let url: Url = parts.uri.to_string().parse().map_err(|_| wrong())?;
        let Reply { status, body } = self.0.send(parts.method, &url, parts.headers, body).await?;
        let mut response = http::Response::new(body);
        *response.status_mut() = status;
        Ok(response)
    }
}

/// What the page is told that people are sent to.
#[derive(Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) scope: &'a str,
    pub(crate) state: String,
    pub(crate) verifier: String,
    pub(crate) parameters: Vec<(String, String)>,
}

impl Tokens {
    fn of(reply: &TokenReply) -> Self {
        let scopes = reply
            .scopes()
            .map(|scopes| scopes.iter().map(|scope| scope.as_str()));
        let scope = scopes.map(|scopes| scopes.collect::<Vec<_>>().join(" "));
        Self {
            access: Secret::from(reply.access_token().secret().clone()),
            id: reply.extra_fields().id_token.clone(),
            refresh: reply
                .refresh_token()
                .map(|token| Secret::from(token.secret().clone())),
            scope: super::split_scopes(&scope.unwrap_or_default()).join(" "),
            expires_in_seconds: reply.expires_in().map(|lasts| lasts.as_secs()),
        }
    }
}

/// Why there are no tokens. What the provider sent may hold some, so only its error code is passed on.
fn refusal(refusal: Refusal) -> Error {
    match refusal {
        RequestTokenError::Request(error) => error,
        RequestTokenError::ServerResponse(response) => {
            let message = format!(
                "the provider refuses to give tokens: `{}`",
                response.error().as_ref()
            );
            Error::new(ErrorKind::Unauthenticated, "provider-refused", message)
                .hint("sign in again; if it stays so, check the client id, the secret and the callback address")
        }
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
            let message = "the provider did not answer with tokens";
            Error::new(ErrorKind::Unauthenticated, "provider-refused", message)
                .hint("sign in again; if it stays so, check the client id, the secret and the callback address")
        }
    }
}
