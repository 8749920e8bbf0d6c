//! Everything that features hand over, as one portal.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::middleware::from_fn_with_state;
use callboard_accounts::FirstInvitation;
use callboard_audit::{Observer, observe};
use callboard_auth::{Gate, Strangers, admit, recognise};
use callboard_config::{Config, Watch};
use callboard_db::Database;
use callboard_feature::{Features, Job, NavItem, ReadinessCheck};
use callboard_http::{Edge, method_not_allowed};
use callboard_model::{Clock, Ids};
use callboard_source::Source;
use callboard_telemetry::{SpanCounts, continue_trace};
use callboard_ui::{PageSettings, Pages};
use prometheus_client::registry::Registry;
use tokio_util::sync::CancellationToken;
use utoipa_axum::router::OpenApiRouter;

use crate::features::{self, Collected};
use crate::settings::{AppSettings, BackendSettings, BaseUrl};
use crate::{Failure, VERSION, system};

/// What a portal stands on.
#[derive(Clone)]
pub struct Foundations {
    /// Where everything is kept.
    pub database: Database,
    /// What time it is.
    pub clock: Clock,
    /// Where new ids come from.
    pub ids: Ids,
    /// Where relative paths in the configuration begin.
    pub working_directory: PathBuf,
    /// Who is meant to reach it.
    pub access: Access,
    /// What becomes of spans, when somebody traces the portal.
    pub spans: Option<SpanCounts>,
}

/// Who may reach the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Programs on this machine, and whom a proxy on it lets through.
    ThisMachine,
    /// Everybody who can reach the machine: they sign in, or the operator wants them all.
    Network,
}

impl Foundations {
    pub(crate) fn for_catalog(&self, source: Source) -> callboard_catalog::Foundations {
        callboard_catalog::Foundations {
            database: self.database.clone(),
            clock: self.clock.clone(),
            ids: self.ids.clone(),
            working_directory: self.working_directory.clone(),
            source,
        }
    }
}

/// A portal that is ready to be served.
pub struct Portal {
    router: Router,
    jobs: Vec<Job>,
    lifecycle: system::Lifecycle,
    stop: CancellationToken,
    description: Arc<str>,
    first_invitation: Option<FirstInvitation>,
}

impl Portal {
    /// Opens every feature on `foundations` and puts their parts together.
    ///
    /// # Errors
    /// When the configuration is wrong, or the database refuses.
    pub async fn open(config: &Config, foundations: Foundations) -> Result<Self, Failure> {
        Self::open_watched(config, foundations, None).await
    }

    /// The same; what `watch` finds changed in the configuration later counts then, as far as it can.
    ///
    /// # Errors
    /// When the configuration is wrong, or the database refuses.
    pub async fn open_watched(
        config: &Config,
        foundations: Foundations,
        watch: Option<Watch>,
    ) -> Result<Self, Failure> {
        let app: AppSettings = config.read("app")?;
        let backend: BackendSettings = config.read("backend")?;
        let collected = features::collect(config, &foundations, watch).await?;
        let mut registry = Registry::default();
        if let Some(spans) = &foundations.spans {
            spans.register(&mut registry);
        }
        let mut edge = Edge::new(foundations.ids, &mut registry).continue_traces(continue_trace);
        if foundations.access == Access::ThisMachine {
            let urls = app.base_url.iter().chain(&backend.base_url);
            edge = edge.only_for(urls.filter_map(BaseUrl::host).map(str::to_owned));
        }
        Self::assemble(&app, edge, registry, collected)
    }

    fn assemble(
        app: &AppSettings,
        edge: Edge,
        mut registry: Registry,
        collected: Collected,
    ) -> Result<Self, Failure> {
        let gate = collected.gate;
        let stop = CancellationToken::new();
        let edge = edge.stop(stop.clone());
        let parts = Parts::of(collected.features, &mut registry);
        let lifecycle = system::Lifecycle::new(parts.readiness);
        let open = system::open_routes(lifecycle.clone())
            .merge(parts.open_routes)
            .layer(from_fn_with_state(gate.clone(), recognise));
        let closed = system::routes(registry, parts.permissions)
            .merge(parts.routes)
            .layer(from_fn_with_state(gate.clone(), admit))
            // Outside of the gate, or it would not see what the gate itself refuses.
            .layer(from_fn_with_state(observer(&gate), observe));
        let (operations, description) = system::with_security(open, closed).split_for_parts();
        let description = system::describe(description)?;
        let base_path = app.base_path();
        let pages = Pages::new(&PageSettings {
            title: app.title.clone(),
            base_path: base_path.clone(),
            version: VERSION.to_owned(),
            navigation: parts.navigation,
            sign_in_required: collected.strangers == Strangers::HaveToSignIn,
        })?;
        let inner = operations
            .merge(system::description_route(Arc::clone(&description)))
            .method_not_allowed_fallback(method_not_allowed)
            .fallback(move |request: Request| async move { pages.answer(request).await });
        let router = system::mount(edge.wrap(inner), &base_path);
        Ok(Self {
            router,
            jobs: parts.jobs,
            lifecycle,
            stop,
            description,
            first_invitation: collected.first_invitation,
        })
    }

    /// The routes of all features, with everything around them.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// The background work of all features.
    pub fn jobs(&self) -> &[Job] {
        &self.jobs
    }

    /// The link by which the first administrator comes in, when accounts are wanted and there is none.
    pub fn first_invitation(&self) -> Option<&FirstInvitation> {
        self.first_invitation.as_ref()
    }

    /// The description of the API, as JSON.
    pub fn description(&self) -> Arc<str> {
        Arc::clone(&self.description)
    }

    /// Says that every job has been started.
    pub fn started(&self) {
        self.lifecycle.up();
    }

    /// Says that the portal takes no more requests, and ends what would otherwise never end.
    pub fn stopping(&self) {
        self.lifecycle.down();
        self.stop.cancel();
    }
}

/// Writes down what is done and refused, except for questions that are too long for an address, and for what people keep
/// for themselves.
fn observer(gate: &Gate) -> Observer {
    let unnoticed = [
        "/api/catalog/locations/by-query",
        "/api/catalog/entities/by-refs",
        "/api/catalog/entities/by-query",
        "/api/catalog/entity-facets",
        "/api/permission/authorize",
        "/api/{plugin}/.well-known/backstage/permissions/apply-conditions",
        "/api/user-settings/multiget",
        "/api/user-settings/buckets/{bucket}/keys/{*key}",
    ];
    Observer::new(gate.audit().clone(), unnoticed)
}

/// What features hand over, each kind in one place.
struct Parts {
    routes: OpenApiRouter,
    open_routes: OpenApiRouter,
    jobs: Vec<Job>,
    readiness: Vec<ReadinessCheck>,
    permissions: system::Permissions,
    navigation: Vec<NavItem>,
}

impl Parts {
    fn of(features: Features, registry: &mut Registry) -> Self {
        let mut all = Self {
            routes: OpenApiRouter::new(),
            open_routes: OpenApiRouter::new(),
            jobs: Vec::new(),
            readiness: Vec::new(),
            permissions: system::Permissions::default(),
            navigation: Vec::new(),
        };
        let mut permissions = Vec::new();
        for feature in features.into_parts() {
            all.routes = all.routes.merge(feature.routes);
            all.open_routes = all.open_routes.merge(feature.open_routes);
            all.jobs.extend(feature.jobs);
            all.readiness.extend(feature.readiness);
            let declared = system::Declared {
                permissions: feature.permissions,
                resources: feature.resources,
            };
            permissions.push((feature.name, declared));
            all.navigation.extend(feature.ui.navigation);
            for register in feature.metrics {
                register(registry);
            }
        }
        all.permissions = permissions.into_iter().collect();
        all
    }
}
