//! Talks to partners: servers that the operator's configuration names, such as those that people sign in at.

use callboard_model::{Error, Result};
use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};
use url::Url;

use crate::allow::{AllowConfig, AllowList, HostPattern, ReadingConfig};
use crate::client::{Client, Limits, unreachable};

/// Sends requests to servers that the operator named, wherever they are, and to others on the public internet. It
/// follows no redirects: where one leads was named by nobody. Clones share its connections.
#[derive(Clone, Debug)]
pub struct Partner(Client);

/// What a partner answered.
#[derive(Clone)]
pub struct Reply {
    /// How it went.
    pub status: StatusCode,
    /// What it said, which may be a secret.
    pub body: Vec<u8>,
}

impl Partner {
    /// One that reaches the hosts of `named` also in private networks.
    ///
    /// # Errors
    /// `Invalid`, when one of them has no host; `Internal`, when the system's certificates cannot be read.
    pub fn new<'a>(named: impl IntoIterator<Item = &'a Url>, limits: Limits) -> Result<Self> {
        let allow = named.into_iter().map(host).collect::<Result<_>>()?;
        let allow = AllowList::new(&ReadingConfig { allow });
        Client::new(allow, limits).map(Self)
    }

    /// Sends one request. The answer may have any status.
    ///
    /// # Errors
    /// `Unavailable`, when the server does not answer within the bounds; `Invalid`, when the answer is too large or
    /// the address is inside a private network that nobody named.
    pub async fn send(
        &self,
        method: Method,
        url: &Url,
        headers: HeaderMap,
        body: Vec<u8>,
    ) -> Result<Reply> {
        self.0.check_address(url)?;
        let total = self.0.limits.total;
        let exchange = self.exchange(method, url, headers, body);
        tokio::time::timeout(total, exchange)
            .await
            .unwrap_or_else(|_| {
                let message = format!("`{url}` did not answer within {total:?}");
                Err(Error::unavailable("url-timeout", message).hint("look at the server"))
            })
    }

    async fn exchange(
        &self,
        method: Method,
        url: &Url,
        headers: HeaderMap,
        body: Vec<u8>,
    ) -> Result<Reply> {
        let request = self.0.inner.request(method, url.clone());
        let sent = request.headers(headers).body(body).send();
        let response = sent.await.map_err(|error| unreachable(url, &error))?;
        let status = response.status();
        let body = self.0.body(url, response).await?;
        Ok(Reply { status, body })
    }
}

fn host(url: &Url) -> Result<AllowConfig> {
    let wrong = |text: String| Error::invalid("url-invalid", text);
    let host = url
        .host_str()
        .ok_or_else(|| wrong(format!("`{url}` has no host")))?;
    Ok(AllowConfig {
        host: HostPattern::try_from(host.to_owned()).map_err(wrong)?,
        paths: None,
    })
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::response::Redirect;
    use axum::routing::{get, post};
    use callboard_model::ErrorKind;

    use super::*;

    async fn server() -> Url {
        let router = Router::new()
            .route(
                "/echo",
                post(|body: String| async move { (StatusCode::IM_A_TEAPOT, body) }),
            )
            .route("/away", get(|| async { Redirect::temporary("/large") }))
            .route("/large", get(|| async { "x".repeat(2_000) }));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        #[expect(clippy::disallowed_methods, reason = "the server of a test")]
        tokio::spawn(async move { axum::serve(listener, router).await });
        format!("http://{address}/").parse().unwrap()
    }

    fn partner(named: &[&Url]) -> Partner {
        let limits = Limits {
            bytes: 1_000,
            ..Limits::default()
        };
        Partner::new(named.iter().copied(), limits).unwrap()
    }

    #[tokio::test]
    async fn a_partner_is_reached_where_it_was_named_and_nowhere_else() {
        let base = server().await;
        let echo = base.join("echo").unwrap();
        let send = |partner: Partner| {
            let echo = echo.clone();
            async move {
                partner
                    .send(Method::POST, &echo, HeaderMap::new(), b"a=b".to_vec())
                    .await
            }
        };

        let reply = send(partner(&[&echo])).await.unwrap();
        assert_eq!(
            (reply.status.as_u16(), reply.body.as_slice()),
            (418, &b"a=b"[..])
        );
        let error = send(partner(&[])).await.map(|_| ()).unwrap_err();
        assert_eq!(error.code(), "url-private");
    }

    #[tokio::test]
    async fn redirects_are_not_followed_and_large_answers_are_refused() {
        let base = server().await;
        let partner = partner(&[&base]);
        let get = |path: &str| {
            let (partner, url) = (partner.clone(), base.join(path).unwrap());
            async move {
                partner
                    .send(Method::GET, &url, HeaderMap::new(), Vec::new())
                    .await
            }
        };

        assert_eq!(get("away").await.unwrap().status.as_u16(), 307);
        let error = get("large").await.map(|_| ()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
    }
}
