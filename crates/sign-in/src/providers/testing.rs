//! Proxies whose keys are on this machine.

use callboard_model::Clock;
use serde_json::json;
use url::Url;

use super::aws_alb::AwsAlb;
use super::gcp_iap::GcpIap;
pub(crate) use super::proxy::Proxy;

pub(crate) fn iap(keys: Url, clock: &Clock) -> GcpIap {
    let settings = serde_json::from_value(json!({ "audience": "/projects/1/apps/a" })).unwrap();
    GcpIap::with_keys(&settings, keys, clock).unwrap()
}

pub(crate) fn alb(keys: Url, clock: &Clock) -> AwsAlb {
    let settings = json!({ "issuer": "https://id.example.com", "signer": "arn:balancer", "region": "eu-central-1" });
    AwsAlb::with_keys(&serde_json::from_value(settings).unwrap(), keys, clock).unwrap()
}
