//! Every feature, each by name in this one place.

use std::sync::Arc;

use callboard_accounts::{Accounts, Administrators, FirstInvitation, LocalAccountSettings};
use callboard_audit::{AuditConfig, AuditTrail};
use callboard_auth::{Audit, Gate, SignInMethod, Strangers};
use callboard_catalog::{Catalog, CatalogConfig};
use callboard_config::{Config, Section, Watch};
use callboard_feature::Features;
use callboard_identity::{AuthSettings, BackendAuthSettings, Identity, Urls};
use callboard_model::Error;
use callboard_oauth_server::{
    ClientDocumentSettings, OAuthServer, OAuthSettings, RefreshTokenSettings, StaticClient,
};
use callboard_roles::{PermissionSettings, Roles};
use callboard_sign_in::{Entrance, ProviderSettingsList, SignInSettings};
use callboard_source::{AllowList, Client, FetchHost, Host, Limits, ReadingConfig, Source};
use callboard_user_settings::UserSettings;

use crate::settings::{AppSettings, BackendSettings, BaseUrl};
use crate::{Failure, Foundations, memory, reload};

/// The parts of the configuration that this program knows.
pub fn sections() -> Vec<Section> {
    vec![
        Section::of::<AppSettings>("app").not_used(&AppSettings::NOT_USED),
        Section::of::<BackendSettings>("backend").not_used(&BackendSettings::NOT_USED),
        Section::of::<AuditConfig>("audit"),
        Section::of::<AuthSettings>("auth").not_used(&AuthSettings::NOT_USED),
        Section::of::<LocalAccountSettings>("auth.local"),
        Section::of::<ProviderSettingsList>("auth.providers"),
        Section::of::<ClientDocumentSettings>(CLIENT_DOCUMENTS),
        Section::of::<ClientDocumentSettings>(CLIENT_DOCUMENTS_BEFORE),
        Section::of::<Vec<StaticClient>>(STATIC_CLIENTS).optional(),
        Section::of::<RefreshTokenSettings>(REFRESH_TOKENS),
        Section::of::<PermissionSettings>("permission"),
        Section::of::<BackendAuthSettings>("backend.auth").not_used(&BackendAuthSettings::NOT_USED),
        Section::of::<CatalogConfig>("catalog").not_used(&CatalogConfig::NOT_USED),
    ]
}

/// Clients that describe themselves.
const CLIENT_DOCUMENTS: &str = "auth.clientIdMetadataDocuments";
/// The same, as older Backstages call it.
const CLIENT_DOCUMENTS_BEFORE: &str = "auth.experimentalClientIdMetadataDocuments";
/// Clients that are listed.
const STATIC_CLIENTS: &str = "auth.staticClients";
/// How long clients stay.
const REFRESH_TOKENS: &str = "auth.experimentalRefreshToken";

/// All features, and the gate before them.
pub struct Collected {
    /// What they hand over.
    pub features: Features,
    /// What stands between them and their callers.
    pub gate: Gate,
    /// What becomes of those who show nothing.
    pub strangers: Strangers,
    /// The link for the first administrator, when accounts are wanted and there is none.
    pub first_invitation: Option<FirstInvitation>,
}

/// What becomes of those who show nothing: where nobody can sign in, they are guests.
pub fn strangers(config: &Config) -> Result<Strangers, Failure> {
    let backend: BackendAuthSettings = config.read("backend.auth")?;
    let local: LocalAccountSettings = config.read("auth.local")?;
    let can_sign_in = config.has("auth.providers") || local.enabled;
    Ok(
        if can_sign_in && !backend.dangerously_disable_default_auth_policy {
            Strangers::HaveToSignIn
        } else {
            Strangers::AreGuests
        },
    )
}

/// Opens what features hold and collects what they hand over.
///
/// # Errors
/// When a section of the configuration is wrong, or the database refuses.
pub async fn collect(
    config: &Config,
    foundations: &Foundations,
    watch: Option<Watch>,
) -> Result<Collected, Failure> {
    let settings: CatalogConfig = config.read("catalog")?;
    let backend: BackendSettings = config.read("backend")?;
    let source = hosts(&backend.reading)?;
    let catalog = Catalog::open(foundations.for_catalog(source), settings).await?;
    let identity = identity(config, foundations, &catalog).await?;
    let strangers = strangers(config)?;
    let trail = trail(config, foundations).await?;
    let audit = trail.log();
    let oauth_server = oauth_server(config, foundations, &identity, &audit).await?;
    let roles = roles(config, foundations, &catalog).await?;
    let user_settings = UserSettings::open(foundations.database.clone()).await?;
    let mut policy = roles.policy();
    let mut features = Features::collect([
        callboard_oauth_server::feature(&oauth_server),
        callboard_catalog::feature(&catalog),
        callboard_audit::feature(&trail),
        callboard_user_settings::feature(&user_settings),
    ]);
    let providers: SignInSettings = config.read("auth")?;
    let entrance = Entrance::open(&providers, identity.clone(), audit.clone())?;
    features.add(callboard_sign_in::feature(&entrance));
    let mut first_invitation = None;
    if let Some(accounts) = accounts(config, foundations, &identity, &audit).await? {
        features.add(callboard_accounts::feature(&accounts));
        first_invitation = accounts.first_invitation().await?;
        policy = Arc::new(Administrators::new(accounts, policy));
    }
    let gate = Gate::with(policy, identity.authenticator(), strangers, audit);
    let methods = features.take::<SignInMethod>();
    features.add(callboard_identity::feature(
        &identity,
        strangers,
        methods,
        oauth_server.offer(),
    ));
    // After all others: it takes the ports that they contributed.
    let pipeline = callboard_catalog::pipeline(&catalog, &mut features)?;
    features.add(pipeline);
    let permissions = callboard_roles::feature(&roles, &features);
    features.add(permissions);
    features.add(memory::feature());
    if let Some(watch) = watch {
        features.add(reload::feature(watch, &catalog));
    }
    Ok(Collected {
        features,
        gate,
        strangers,
        first_invitation,
    })
}

async fn roles(
    config: &Config,
    foundations: &Foundations,
    catalog: &Catalog,
) -> Result<Roles, Failure> {
    let settings: PermissionSettings = config.read("permission")?;
    let foundations = callboard_roles::Foundations {
        database: foundations.database.clone(),
        clock: foundations.clock.clone(),
        working_directory: foundations.working_directory.clone(),
    };
    Ok(Roles::open(foundations, settings, catalog.directory()).await?)
}

async fn trail(config: &Config, foundations: &Foundations) -> Result<AuditTrail, Failure> {
    let settings: AuditConfig = config.read("audit")?;
    let foundations = callboard_audit::Foundations {
        database: foundations.database.clone(),
        clock: foundations.clock.clone(),
        ids: foundations.ids.clone(),
    };
    Ok(AuditTrail::open(foundations, settings).await?)
}

async fn accounts(
    config: &Config,
    foundations: &Foundations,
    identity: &Identity,
    audit: &Audit,
) -> Result<Option<Accounts>, Failure> {
    let settings: LocalAccountSettings = config.read("auth.local")?;
    if !settings.enabled {
        return Ok(None);
    }
    let database = foundations.database.clone();
    let accounts = Accounts::open(database, identity.clone(), &settings, audit.clone()).await?;
    Ok(Some(accounts))
}

async fn identity(
    config: &Config,
    foundations: &Foundations,
    catalog: &Catalog,
) -> Result<Identity, Failure> {
    let settings: AuthSettings = config.read("auth")?;
    let backend: BackendAuthSettings = config.read("backend.auth")?;
    let foundations = callboard_identity::Foundations {
        database: foundations.database.clone(),
        clock: foundations.clock.clone(),
        ids: foundations.ids.clone(),
        urls: urls(config, &settings)?,
        directory: catalog.directory(),
    };
    Ok(Identity::open(foundations, &settings, &backend).await?)
}

async fn oauth_server(
    config: &Config,
    foundations: &Foundations,
    identity: &Identity,
    audit: &Audit,
) -> Result<OAuthServer, Failure> {
    let documents = if config.has(CLIENT_DOCUMENTS) {
        CLIENT_DOCUMENTS
    } else {
        CLIENT_DOCUMENTS_BEFORE
    };
    let settings = OAuthSettings {
        client_documents: config.read(documents)?,
        static_clients: if config.has(STATIC_CLIENTS) {
            config.read(STATIC_CLIENTS)?
        } else {
            Vec::new()
        },
        refresh_tokens: config.read(REFRESH_TOKENS)?,
    };
    let foundations = callboard_oauth_server::Foundations {
        database: foundations.database.clone(),
        ids: foundations.ids.clone(),
        identity: identity.clone(),
        audit: audit.clone(),
    };
    Ok(OAuthServer::open(foundations, &settings).await?)
}

/// Where the portal is found: as it is written, or at the port that it listens on.
fn urls(config: &Config, settings: &AuthSettings) -> Result<Urls, Failure> {
    let app: AppSettings = config.read("app")?;
    let backend: BackendSettings = config.read("backend")?;
    let (_, port) = backend.listen.host_and_port();
    let here = BaseUrl::try_from(format!("http://localhost:{port}"));
    let here = here.map_err(|error| Error::internal("base-url", error))?;
    let app_base = app.base_url.clone();
    let backend_base = backend
        .base_url
        .or_else(|| app_base.clone())
        .unwrap_or(here);
    let app_base = app_base.unwrap_or_else(|| backend_base.clone());
    let extra = &settings.experimental_extra_allowed_origins;
    Ok(Urls::new(
        backend_base.url().clone(),
        app_base.url().clone(),
        extra,
    )?)
}

/// Every host that files are read from; the first that knows an address reads it.
fn hosts(reading: &ReadingConfig) -> Result<Source, Failure> {
    let allow = AllowList::new(reading);
    let client = Client::new(allow.clone(), Limits::default())?;
    let any_server: Arc<dyn Host> = Arc::new(FetchHost::new(client, allow));
    Ok(Source::new([any_server]))
}
