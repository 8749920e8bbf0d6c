//! What the claims of OpenID Connect say about somebody.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::account::Profile;
use crate::keys::Claims;

/// A claim that is a text with something in it.
pub(super) fn text(claims: &Claims, name: &str) -> Option<String> {
    let text = claims.get(name)?.as_str()?;
    (!text.is_empty()).then(|| text.to_owned())
}

/// The profile, with an address that the provider does not say it has not verified.
pub(super) fn profile(claims: &Claims) -> Profile {
    let is_denied = claims
        .get("email_verified")
        .is_some_and(|said| !is_true(said));
    profile_with(claims, !is_denied)
}

/// The profile, with an address that the provider says it has verified.
pub(super) fn verified_profile(claims: &Claims) -> Profile {
    let is_verified = claims.get("email_verified") == Some(&Value::Bool(true));
    profile_with(claims, is_verified)
}

fn profile_with(claims: &Claims, email: bool) -> Profile {
    Profile {
        email: text(claims, "email").filter(|_| email),
        picture: text(claims, "picture"),
        display_name: text(claims, "name"),
    }
}

/// Some providers write a truth as a text.
fn is_true(said: &Value) -> bool {
    said == &Value::Bool(true) || said.as_str() == Some("true")
}

/// What a token says of itself. It is to be believed only when whoever signed it is asked another way.
pub(super) fn unverified(token: &str) -> Option<Claims> {
    let payload = token.split('.').nth(1)?;
    let bytes = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
    serde_json::from_slice(&bytes).ok()
}
