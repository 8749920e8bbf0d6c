//! A proxy that adds headers which say who somebody is. Nothing is signed: the proxy has to be the only way in.

use async_trait::async_trait;
use axum::http::HeaderMap;
use callboard_model::Result;
use serde_json::json;

use super::proxy::{Proxy, Vouched, single, unproven};
use crate::account::{Account, Profile};

const USER: &str = "x-forwarded-user";
const PREFERRED: &str = "x-forwarded-preferred-username";
const EMAIL: &str = "x-forwarded-email";
const TOKEN: &str = "x-oauth2-proxy-id-token";

#[derive(Debug)]
pub(super) struct OAuth2Proxy;

#[async_trait]
impl Proxy for OAuth2Proxy {
    async fn vouched(&self, headers: &HeaderMap) -> Result<Vouched> {
        let header = |name| single(headers, name).map(|value| value.map(str::to_owned));
        let (user, preferred, email) = (header(USER)?, header(PREFERRED)?, header(EMAIL)?);
        if user.is_none() && preferred.is_none() && email.is_none() {
            return Err(unproven(
                "the request came without the headers of the proxy",
            ));
        }
        let token = single(headers, TOKEN)?.and_then(|value| value.split_once(' '));
        let token = token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let token = token.map_or("", |(_, token)| token.trim());
        Ok(Vouched {
            account: Account {
                profile: Profile {
                    email,
                    picture: None,
                    display_name: preferred.clone().or_else(|| user.clone()),
                },
                username: user,
                preferred_username: preferred,
                ..Account::default()
            },
            provider_info: json!({ "accessToken": token }),
        })
    }
}
