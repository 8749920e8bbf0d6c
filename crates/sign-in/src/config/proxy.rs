//! Providers that stand before the portal, and the one for guests.

use schemars::JsonSchema;
use serde::Deserialize;

use super::SignInOptions;

/// Nobody in particular, for trying the portal out.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct GuestSettings {
    /// Who guests are; `user:development/guest` unless told.
    pub user_entity_ref: Option<String>,
    /// What guests own things as, when the catalog does not know them; themselves unless told.
    pub ownership_entity_refs: Option<Vec<String>>,
    /// Whether guests are let in where `auth.environment` is not `development`.
    pub dangerously_allow_outside_development: bool,
}

/// A proxy that adds headers which say who somebody is.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct OAuth2ProxySettings {
    /// How an account there becomes a user here.
    pub sign_in: SignInOptions,
}

/// Google Cloud's Identity-Aware Proxy.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct GcpIapSettings {
    /// Whom the proxy's tokens are for, such as `/projects/1/global/backendServices/2`.
    pub audience: String,
    /// The header that they come in; `x-goog-iap-jwt-assertion` unless told.
    pub jwt_header: Option<String>,
    /// How an account there becomes a user here.
    #[serde(default)]
    pub sign_in: SignInOptions,
}

/// Amazon's Application Load Balancer.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AwsAlbSettings {
    /// Who made the tokens that the balancer passes on.
    pub issuer: String,
    /// The ARN of the balancer. Without it any balancer of the region that uses the same issuer is believed.
    pub signer: Option<String>,
    /// The region whose keys count.
    pub region: String,
    /// How an account there becomes a user here.
    #[serde(default)]
    pub sign_in: SignInOptions,
}
