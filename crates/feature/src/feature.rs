//! One feature.

use std::fmt;
use std::sync::Arc;

use callboard_auth::{PermissionInfo, ResourceRules};
use prometheus_client::registry::Registry;
use utoipa_axum::router::OpenApiRouter;

use crate::contributions::Contributions;
use crate::{Job, ReadinessCheck, UiContribution};

/// Registers a feature's metrics.
pub type RegisterMetrics = Box<dyn FnOnce(&mut Registry) + Send>;

/// What a feature hands to the binary.
pub struct Feature {
    pub(crate) parts: Parts,
    pub(crate) contributions: Contributions,
}

/// A feature, taken apart by the binary.
pub struct Parts {
    /// What it is called, such as `catalog`.
    pub name: &'static str,
    /// Its operations, under absolute paths such as `/api/catalog/entities`. Who calls them is known.
    pub routes: OpenApiRouter,
    /// Its operations that answer everybody, such as those by which somebody signs in.
    pub open_routes: OpenApiRouter,
    /// The permissions that its operations ask for.
    pub permissions: Vec<PermissionInfo>,
    /// The types of things that conditions can be about.
    pub resources: Vec<Arc<dyn ResourceRules>>,
    /// Its background work.
    pub jobs: Vec<Job>,
    /// What it adds to the pages.
    pub ui: UiContribution,
    /// Registers its metrics.
    pub metrics: Vec<RegisterMetrics>,
    /// Whether it can answer yet.
    pub readiness: Vec<ReadinessCheck>,
}

impl Feature {
    /// A feature that does nothing yet.
    pub fn new(name: &'static str) -> Self {
        Self {
            parts: Parts {
                name,
                routes: OpenApiRouter::new(),
                open_routes: OpenApiRouter::new(),
                permissions: Vec::new(),
                resources: Vec::new(),
                jobs: Vec::new(),
                ui: UiContribution::default(),
                metrics: Vec::new(),
                readiness: Vec::new(),
            },
            contributions: Contributions::default(),
        }
    }

    /// What it is called.
    pub fn name(&self) -> &'static str {
        self.parts.name
    }

    /// Adds operations, under absolute paths. Nobody reaches them who did not sign in, where that is asked for.
    #[must_use]
    pub fn routes(mut self, routes: OpenApiRouter) -> Self {
        self.parts.routes = self.parts.routes.merge(routes);
        self
    }

    /// Adds operations that answer everybody, also who did not sign in: each of them is a decision.
    #[must_use]
    pub fn open_routes(mut self, routes: OpenApiRouter) -> Self {
        self.parts.open_routes = self.parts.open_routes.merge(routes);
        self
    }

    /// Declares the permissions that its operations ask for.
    #[must_use]
    pub fn permissions(mut self, permissions: impl IntoIterator<Item = PermissionInfo>) -> Self {
        self.parts.permissions.extend(permissions);
        self
    }

    /// Declares a type of things that conditions can be about.
    #[must_use]
    pub fn resource(mut self, resource: Arc<dyn ResourceRules>) -> Self {
        self.parts.resources.push(resource);
        self
    }

    /// Adds background work.
    #[must_use]
    pub fn job(mut self, job: Job) -> Self {
        self.parts.jobs.push(job);
        self
    }

    /// Adds to the pages.
    #[must_use]
    pub fn ui(mut self, ui: UiContribution) -> Self {
        self.parts.ui.navigation.extend(ui.navigation);
        self
    }

    /// Registers metrics when the server starts.
    #[must_use]
    pub fn metrics(mut self, register: impl FnOnce(&mut Registry) + Send + 'static) -> Self {
        self.parts.metrics.push(Box::new(register));
        self
    }

    /// Holds the server back from being ready while `check` says so.
    #[must_use]
    pub fn readiness(mut self, check: ReadinessCheck) -> Self {
        self.parts.readiness.push(check);
        self
    }

    /// Gives `value` to whoever takes values of its type: the port of another crate, such as
    /// `Arc<dyn EntityProvider>`.
    #[must_use]
    pub fn contribute<P: Send + 'static>(mut self, value: P) -> Self {
        self.contributions.add(value);
        self
    }
}

impl fmt::Debug for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Feature")
            .field("parts", &self.parts)
            .field("contributions", &self.contributions)
            .finish()
    }
}

impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parts")
            .field("name", &self.name)
            .field("permissions", &self.permissions)
            .field("resources", &self.resources)
            .field("jobs", &self.jobs)
            .field("ui", &self.ui)
            .field("readiness", &self.readiness)
            .finish_non_exhaustive()
    }
}
