//! `auth.providers`: in the order in which they are written.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::{
    AwsAlbSettings, GcpIapSettings, GithubSettings, GitlabSettings, GoogleSettings, GuestSettings,
    MicrosoftSettings, OAuth2ProxySettings, OAuth2Settings, OidcSettings,
};

/// The settings of one provider by the environments that it has.
pub type Environments<T> = BTreeMap<String, T>;

/// The providers, in the order in which they are written.
#[derive(Clone, Debug, Default)]
pub struct ProviderSettingsList {
    /// Those that exist here.
    pub known: Vec<ProviderSettings>,
    /// The names of those that do not.
    pub unknown: Vec<String>,
}

macro_rules! providers {
    ($($(#[$docs:meta])* $variant:ident, $field:ident, $id:literal, $settings:ty;)+) => {
        /// The settings of one provider.
        #[derive(Clone, Debug)]
        pub enum ProviderSettings {
            $($(#[$docs])* $variant($settings),)+
        }

        impl ProviderSettings {
            /// The names of all.
            pub(crate) const IDS: &[&str] = &[$($id),+];

            /// Its name, as in addresses.
            pub fn id(&self) -> &'static str {
                match self { $(Self::$variant(_) => $id,)+ }
            }

            /// Reads the settings of `id`: nothing, when they are null; the name, when there is none like it.
            fn read<'de, M: MapAccess<'de>>(id: &str, map: &mut M) -> Result<Option<Option<Self>>, M::Error> {
                match id {
                    $($id => Ok(Some(map.next_value::<Option<$settings>>()?.map(Self::$variant))),)+
                    _ => map.next_value::<IgnoredAny>().map(|_| None),
                }
            }
        }

        /// The same, for the description of the configuration.
        #[derive(JsonSchema)]
        #[expect(dead_code, reason = "only its description is used")]
        struct Described {
            $(#[schemars(rename = $id)] $(#[$docs])* $field: Option<$settings>,)+
        }
    };
}

providers! {
    /// Nobody in particular, for trying the portal out.
    Guest, guest, "guest", GuestSettings;
    /// GitHub.
    Github, github, "github", Environments<GithubSettings>;
    /// GitLab.
    Gitlab, gitlab, "gitlab", Environments<GitlabSettings>;
    /// Google.
    Google, google, "google", Environments<GoogleSettings>;
    /// Microsoft Entra ID.
    Microsoft, microsoft, "microsoft", Environments<MicrosoftSettings>;
    /// Any provider of OpenID Connect.
    Oidc, oidc, "oidc", Environments<OidcSettings>;
    /// Any server of OAuth 2.
    OAuth2, oauth2, "oauth2", Environments<OAuth2Settings>;
    /// A proxy that adds headers which say who somebody is.
    OAuth2Proxy, oauth2_proxy, "oauth2Proxy", OAuth2ProxySettings;
    /// Google Cloud's Identity-Aware Proxy.
    GcpIap, gcp_iap, "gcpIap", GcpIapSettings;
    /// Amazon's Application Load Balancer.
    AwsAlb, aws_alb, "awsalb", AwsAlbSettings;
}

impl<'de> Deserialize<'de> for ProviderSettingsList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(InOrder)
    }
}

struct InOrder;

impl<'de> Visitor<'de> for InOrder {
    type Value = ProviderSettingsList;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("providers by their names")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        let mut list = ProviderSettingsList::default();
        while let Some(id) = map.next_key::<String>()? {
            match ProviderSettings::read(&id, &mut map)? {
                Some(settings) => list.known.extend(settings),
                None => list.unknown.push(id),
            }
        }
        Ok(list)
    }
}

impl JsonSchema for ProviderSettingsList {
    fn schema_name() -> Cow<'static, str> {
        "Providers".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Described::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use callboard_config::{Config, Environment, Sources};

    use super::*;
    use crate::SignInSettings;

    fn read(text: &str) -> Result<SignInSettings, String> {
        let sources = Sources::text("app-config.yaml", text);
        let config =
            Config::load(&sources, &Environment::from_pairs([("SECRET", "hush")])).unwrap();
        config.read("auth").map_err(|error| error.to_string())
    }

    #[test]
    fn providers_keep_their_order_and_their_environments() {
        let settings = read(
            r"
auth:
  environment: production
  providers:
    oidc:
      production: { clientId: a, clientSecret: '${SECRET}', metadataUrl: https://id.example.com, additionalScopes: groups email }
    guest: {}
    okta: { production: { clientId: a } }
    github:
      development: { clientId: dev, clientSecret: '${SECRET}' }
      production: { clientId: prod, clientSecret: '${SECRET}', signIn: { resolvers: [{ resolver: x }] } }
    gitlab: null
",
        )
        .unwrap();

        let ids: Vec<_> = settings
            .providers
            .known
            .iter()
            .map(ProviderSettings::id)
            .collect();
        assert_eq!(ids, ["oidc", "guest", "github"]);
        assert_eq!(settings.providers.unknown, ["okta"]);
        let ProviderSettings::Github(environments) = &settings.providers.known[2] else {
            panic!("{settings:?}");
        };
        assert_eq!(environments["development"].client.client_id, "dev");
        assert_eq!(environments["production"].client.sign_in.resolvers.len(), 1);
        assert!(!format!("{settings:?}").contains("hush"));
    }

    #[test]
    fn what_is_missing_is_named() {
        let error =
            read("auth: { providers: { github: { production: { clientId: a } } } }").unwrap_err();

        assert!(error.contains("clientSecret"), "{error}");
    }
}
