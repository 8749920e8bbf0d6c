//! Which names the server answers to.
//!
//! A page on the internet can make a browser on this machine ask `127.0.0.1` under the page's own
//! name, and read the answer (DNS rebinding). A server that trusts whoever reaches it therefore
//! answers only to names that mean this machine, and to those in its configuration.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::HOST;
use axum::http::uri::Authority;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use callboard_model::{Error, ErrorKind};

use crate::ApiError;

/// The names besides those of this machine; `None` answers to all.
pub(super) type Names = Option<Arc<[String]>>;

pub(super) async fn check(State(names): State<Names>, request: Request, next: Next) -> Response {
    let Some(names) = names else {
        return next.run(request).await;
    };
    match host(&request) {
        Some(host) if !is_ours(&host, &names) => refuse(&host).into_response(),
        _ => next.run(request).await,
    }
}

/// The name that the client asked for, without the port.
fn host(request: &Request) -> Option<String> {
    let authority = match request.uri().authority() {
        Some(authority) => authority.clone(),
        None => {
            let header = request.headers().get(HOST)?.to_str().ok().unwrap_or("?");
            header
                .parse::<Authority>()
                .ok()
                .unwrap_or(Authority::from_static("invalid"))
        }
    };
    Some(authority.host().to_ascii_lowercase())
}

fn is_ours(host: &str, names: &[String]) -> bool {
    let address = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<IpAddr>();
    // An address is no name that somebody else could point at this machine.
    address.is_ok()
        || host == "localhost"
        || host.ends_with(".localhost")
        || names.iter().any(|name| name == host)
}

fn refuse(host: &str) -> ApiError {
    Error::new(
        ErrorKind::Forbidden,
        "unknown-host",
        format!("this server does not answer to the name `{host}`"),
    )
    .hint("open it as `localhost`, or set `app.baseUrl` to the address that people use")
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_and_of_the_configuration_are_ours() {
        let names = ["portal.example.com".to_owned()];
        for host in [
            "localhost",
            "callboard.localhost",
            "127.0.0.1",
            "[::1]",
            "portal.example.com",
        ] {
            assert!(is_ours(host, &names), "{host}");
        }
        for host in ["evil.example", "localhost.evil.example", "invalid", ""] {
            assert!(!is_ours(host, &names), "{host}");
        }
    }
}
