//! All providers of a portal.

use std::collections::BTreeMap;
use std::sync::Arc;

use callboard_identity::Urls;
use callboard_model::{Clock, Error, Result};

use super::aws_alb::AwsAlb;
use super::gcp_iap::GcpIap;
use super::oauth2_proxy::OAuth2Proxy;
use super::{Guest, Proxied, github, gitlab, google, microsoft, oauth2, oidc};
use crate::SignInSettings;
use crate::config::{ClientSettings, Environments, ProviderSettings};
use crate::oauth::{OAuth, Setting};

/// The environment that counts when nothing says which.
const ENVIRONMENT: &str = "development";

/// The providers, in the order in which they are offered.
#[derive(Clone, Debug)]
pub(crate) struct Providers {
    all: Vec<Provider>,
    /// The environment that counts when a request names none.
    pub(crate) environment: String,
}

/// One provider.
#[derive(Clone, Debug)]
pub(crate) struct Provider {
    /// Its name in addresses.
    pub(crate) id: &'static str,
    /// What people know it as.
    pub(crate) title: &'static str,
    pub(crate) kind: Kind,
}

/// How people sign in at it.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// By being sent there, in one of its environments.
    OAuth(BTreeMap<String, OAuth>),
    /// By coming through it.
    Proxy(Proxied),
    /// As nobody in particular.
    Guest(Guest),
}

impl Providers {
    /// Reads the configuration.
    ///
    /// # Errors
    /// `Invalid`, when what it says cannot be.
    pub(crate) fn new(settings: &SignInSettings, urls: &Urls, clock: &Clock) -> Result<Self> {
        for name in &settings.providers.unknown {
            tracing::warn!(
                provider = name,
                known = ?ProviderSettings::IDS,
                "`auth.providers` names a provider that does not exist here; nobody can sign in with it"
            );
        }
        let environment = settings.environment.as_deref();
        let known = settings.providers.known.iter();
        let all = known.map(|settings| Provider::new(settings, environment, urls, clock));
        Ok(Self {
            all: all.collect::<Result<_>>()?,
            environment: environment.unwrap_or(ENVIRONMENT).to_owned(),
        })
    }

    /// Those that people can sign in with.
    pub(crate) fn offered(&self) -> impl Iterator<Item = &Provider> {
        self.all.iter().filter(|provider| match &provider.kind {
            Kind::OAuth(environments) => {
                let chosen = environments.get(&self.environment);
                chosen.is_some_and(|chosen| !chosen.resolvers.is_empty())
            }
            Kind::Proxy(_) => true,
            Kind::Guest(guest) => guest.is_let_in(),
        })
    }

    /// The provider of this name.
    ///
    /// # Errors
    /// `NotFound`, in Backstage's words.
    pub(crate) fn get(&self, id: &str) -> Result<&Provider> {
        let found = self.all.iter().find(|provider| provider.id == id);
        found.ok_or_else(|| {
            let message = format!("No auth provider registered for '{id}'");
            Error::not_found("unknown-provider", message).hint("list it under `auth.providers`")
        })
    }
}

impl Provider {
    fn new(
        settings: &ProviderSettings,
        environment: Option<&str>,
        urls: &Urls,
        clock: &Clock,
    ) -> Result<Self> {
        let id = settings.id();
        let places = Places { provider: id, urls };
        let (title, kind) = match settings {
            ProviderSettings::Guest(settings) => {
                ("Guest", Kind::Guest(Guest::new(settings, environment)?))
            }
            ProviderSettings::Github(all) => (
                "GitHub",
                places.all(all, |one| &one.client, github::github)?,
            ),
            ProviderSettings::Gitlab(all) => (
                "GitLab",
                places.all(all, |one| &one.client, gitlab::gitlab)?,
            ),
            ProviderSettings::Google(all) => (
                "Google",
                places.all(
                    all,
                    |one| &one.client,
                    |setting, _| google::google(setting, clock),
                )?,
            ),
            ProviderSettings::Microsoft(all) => {
                let build =
                    |setting: &Setting<'_>, one: &_| microsoft::microsoft(setting, one, clock);
                ("Microsoft", places.all(all, |one| &one.client, build)?)
            }
            ProviderSettings::Oidc(all) => {
                let build = |setting: &Setting<'_>, one: &_| oidc::oidc(setting, one, clock);
                ("OpenID Connect", places.all(all, |one| &one.client, build)?)
            }
            ProviderSettings::OAuth2(all) => {
                let build = |setting: &Setting<'_>, one: &_| oauth2::oauth2(setting, one, clock);
                ("OAuth 2", places.all(all, |one| &one.client, build)?)
            }
            ProviderSettings::OAuth2Proxy(settings) => {
                let proxied = Proxied::new(id, Arc::new(OAuth2Proxy), &settings.sign_in)?;
                ("OAuth2 Proxy", Kind::Proxy(proxied))
            }
            ProviderSettings::GcpIap(settings) => {
                let proxy = Arc::new(GcpIap::new(settings, clock)?);
                (
                    "Google IAP",
                    Kind::Proxy(Proxied::new(id, proxy, &settings.sign_in)?),
                )
            }
            ProviderSettings::AwsAlb(settings) => {
                let proxy = Arc::new(AwsAlb::new(settings, clock)?);
                (
                    "AWS",
                    Kind::Proxy(Proxied::new(id, proxy, &settings.sign_in)?),
                )
            }
        };
        Ok(Self { id, title, kind })
    }
}

/// Where the environments of a provider are built.
struct Places<'a> {
    provider: &'static str,
    urls: &'a Urls,
}

impl Places<'_> {
    fn all<T>(
        &self,
        all: &Environments<T>,
        client: impl Fn(&T) -> &ClientSettings,
        build: impl Fn(&Setting<'_>, &T) -> Result<OAuth>,
    ) -> Result<Kind> {
        let environments = all.iter().map(|(environment, settings)| {
            let setting = Setting {
                provider: self.provider,
                environment,
                urls: self.urls,
                settings: client(settings),
            };
            Ok((environment.clone(), build(&setting, settings)?))
        });
        environments.collect::<Result<_>>().map(Kind::OAuth)
    }
}
