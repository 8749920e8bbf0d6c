//! The section `backend`.

use callboard_source::ReadingConfig;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{BaseUrl, DatabaseSettings, Listen};

/// Where the server listens and where it keeps its data.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct BackendSettings {
    /// Where clients find the API.
    pub base_url: Option<BaseUrl>,
    /// The address to listen on; `127.0.0.1:7007` unless told.
    pub listen: Listen,
    /// Where everything is kept; the file `data/callboard.sqlite` unless told.
    pub database: DatabaseSettings,
    /// What may be read from other machines.
    pub reading: ReadingConfig,
}

impl BackendSettings {
    /// The keys of Backstage's section that are not used here.
    pub(crate) const NOT_USED: [&str; 20] = [
        "actions",
        "authorization",
        "cache",
        "cors",
        "csp",
        "database.ensureExists",
        "database.ensureSchemaExists",
        "database.knexConfig",
        "database.pluginDivisionMode",
        "database.plugin",
        "database.prefix",
        "database.role",
        "health",
        "https",
        "lifecycle",
        "logger",
        "packages",
        "rateLimit",
        "trustProxy",
        "workingDirectory",
    ];
}
