//! Sends requests: with bounds of time and size, and only to where they may go.

use std::error::Error as StdError;
use std::time::Duration;

use callboard_model::{Error, Result};
use reqwest::header::{
    ETAG, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED,
    LOCATION,
};
use reqwest::redirect::Policy;
use reqwest::{Response, StatusCode};
use url::{Host, Url};

use crate::allow::AllowList;
use crate::fetch::not_allowed;
use crate::host::{Answer, File, Validators};
use crate::resolver::{GuardedResolver, PrivateAddress, may_reach};

/// How many redirects are followed.
const MOST_REDIRECTS: usize = 5;
/// The longest `ETag` or `Last-Modified` that is kept.
const LONGEST_VALIDATOR: usize = 1_024;

/// Bounds of one request.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Until the server is connected to.
    pub connect: Duration,
    /// Until the whole answer has come, redirects included.
    pub total: Duration,
    /// The largest file, unpacked.
    pub bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            total: Duration::from_secs(30),
            bytes: 10 * 1024 * 1024,
        }
    }
}

/// The one client that requests to other machines go through; clones share its connections.
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) inner: reqwest::Client,
    allow: AllowList,
    pub(crate) limits: Limits,
}

impl Client {
    /// A client that reaches private networks only under the names that `allow` lists.
    ///
    /// # Errors
    /// When the system's certificates cannot be read.
    pub fn new(allow: AllowList, limits: Limits) -> Result<Self> {
        let inner = reqwest::Client::builder()
            .user_agent(concat!("callboard/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .referer(false)
            // A proxy would look names up by itself, past the guard; and the environment is not read here.
            .no_proxy()
            .connect_timeout(limits.connect)
            .dns_resolver(GuardedResolver(allow.clone()))
            .build()
            .map_err(|error| {
                Error::internal("http-client", "while preparing to read from other machines")
                    .source(error)
            })?;
        Ok(Self {
            inner,
            allow,
            limits,
        })
    }

    /// Reads the file at `url` unless it is as `known` says. `may` is asked about every address, those that
    /// redirects lead to included.
    ///
    /// # Errors
    /// When an address may not be read, when no file is there, and when the server does not answer within the
    /// bounds.
    pub async fn get(
        &self,
        url: &Url,
        known: &Validators,
        may: impl Fn(&Url) -> bool,
    ) -> Result<Answer> {
        let reading = self.follow(url, known, may);
        tokio::time::timeout(self.limits.total, reading)
            .await
            .unwrap_or_else(|_| {
                let message = format!(
                    "`{url}` did not give the whole file within {:?}",
                    self.limits.total
                );
                Err(Error::unavailable("url-timeout", message)
                    .hint("look at the server; it is asked again later"))
            })
    }

    async fn follow(
        &self,
        url: &Url,
        known: &Validators,
        may: impl Fn(&Url) -> bool,
    ) -> Result<Answer> {
        let mut next = url.clone();
        for _ in 0..=MOST_REDIRECTS {
            if !may(&next) {
                return Err(redirected(url, &next, not_allowed(&next)));
            }
            self.check_address(&next)
                .map_err(|error| redirected(url, &next, error))?;
            let response = self.send(&next, known).await?;
            let Some(target) = redirect_target(&response, &next)? else {
                return self.answer(&next, response).await;
            };
            next = target;
        }
        let message = format!("`{url}` leads to more than {MOST_REDIRECTS} redirects");
        Err(Error::unavailable("url-redirects", message).hint("use the address that they end at"))
    }

    async fn send(&self, url: &Url, known: &Validators) -> Result<Response> {
        let sent = self
            .inner
            .get(url.clone())
            .headers(conditions(known))
            .send();
        sent.await.map_err(|error| unreachable(url, &error))
    }

    /// An address that is written as a number is not looked up, so the resolver does not see it.
    pub(crate) fn check_address(&self, url: &Url) -> Result<()> {
        let address = match url.host() {
            Some(Host::Ipv4(address)) => address.into(),
            Some(Host::Ipv6(address)) => address.into(),
            Some(Host::Domain(_)) | None => return Ok(()),
        };
        let host = url.host_str().unwrap_or_default();
        if may_reach(address, &self.allow, host) {
            Ok(())
        } else {
            Err(private(host, false))
        }
    }

    async fn answer(&self, url: &Url, response: Response) -> Result<Answer> {
        match response.status() {
            StatusCode::NOT_MODIFIED => Ok(Answer::NotModified),
            status if status.is_success() => {
                let validators = Validators {
                    etag: text(response.headers(), &ETAG),
                    last_modified: text(response.headers(), &LAST_MODIFIED),
                };
                let content = self.body(url, response).await?;
                Ok(Answer::Found(File {
                    content,
                    validators,
                }))
            }
            StatusCode::NOT_FOUND | StatusCode::GONE => {
                let message = format!("`{url}` does not exist");
                Err(Error::not_found("url-not-found", message)
                    .hint("correct the address, or put the file there"))
            }
            status => {
                let message = format!("`{url}` answered `{status}`");
                let hint = if status.is_client_error() {
                    "the server must give the file to everybody who may reach it"
                } else {
                    "look at the server; it is asked again later"
                };
                Err(Error::unavailable("url-status", message).hint(hint))
            }
        }
    }

    /// The body, counted as it comes, unpacked: a length that a server tells is not to be relied on.
    pub(crate) async fn body(&self, url: &Url, mut response: Response) -> Result<Vec<u8>> {
        let most = self.limits.bytes;
        let told = response.content_length().unwrap_or(0);
        if told > most as u64 {
            return Err(too_large(url, most));
        }
        let mut body = Vec::with_capacity(usize::try_from(told).unwrap_or(0));
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| unreachable(url, &error))?
        {
            if body.len() + chunk.len() > most {
                return Err(too_large(url, most));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

fn conditions(known: &Validators) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let mut add = |name, value: &Option<String>| {
        if let Some(Ok(value)) = value.as_deref().map(HeaderValue::from_str) {
            headers.insert(name, value);
        }
    };
    add(IF_NONE_MATCH, &known.etag);
    add(IF_MODIFIED_SINCE, &known.last_modified);
    headers
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?;
    (!value.is_empty() && value.len() <= LONGEST_VALIDATOR).then(|| value.to_owned())
}

/// Where a redirect leads; nothing when the answer is none.
fn redirect_target(response: &Response, url: &Url) -> Result<Option<Url>> {
    let is_redirect = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    let Some(location) = response.headers().get(LOCATION).filter(|_| is_redirect) else {
        return Ok(None);
    };
    let target = location
        .to_str()
        .ok()
        .and_then(|location| url.join(location).ok());
    target.map(Some).ok_or_else(|| {
        Error::unavailable(
            "url-redirect",
            format!("`{url}` redirects to something that is no address"),
        )
    })
}

/// The error with the address that led there, when it is another one.
fn redirected(from: &Url, to: &Url, error: Error) -> Error {
    if from == to {
        return error;
    }
    let message = format!("`{from}` redirects: {}", error.message());
    let told = Error::new(error.kind(), error.code().to_owned(), message);
    match error.hint_text() {
        Some(hint) => told.hint(hint),
        None => told,
    }
}

fn too_large(url: &Url, most: usize) -> Error {
    let message = format!("`{url}` is larger than {} KiB", most / 1024);
    Error::invalid("url-too-large", message).hint("split it into several files")
}

fn private(host: &str, listed: bool) -> Error {
    let message = format!("`{host}` is an address inside a private network, or of this machine");
    let hint = if listed {
        "addresses of the link itself can only be listed as numbers in `backend.reading.allow`"
    } else {
        "if it is meant, list the host in `backend.reading.allow`"
    };
    Error::invalid("url-private", message).hint(hint)
}

/// What went wrong on the way. Its text is the same for the same cause, so that nothing seems to change.
pub(crate) fn unreachable(url: &Url, error: &reqwest::Error) -> Error {
    let mut cause: Option<&(dyn StdError + 'static)> = Some(error);
    let mut deepest = None;
    while let Some(next) = cause {
        if let Some(PrivateAddress { host, listed }) = next.downcast_ref() {
            return private(host, *listed);
        }
        deepest = Some(next.to_string());
        cause = next.source();
    }
    let message = if error.is_timeout() {
        format!("`{url}` cannot be reached: the server does not answer in time")
    } else {
        format!("`{url}` cannot be read: {}", deepest.unwrap_or_default())
    };
    Error::unavailable("url-unreachable", message)
        .hint("check the address and the network; it is tried again later")
}
