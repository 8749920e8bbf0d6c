//! Reads `app-config.yaml` the way Backstage does, and remembers where every value is written.
//!
//! [`Sources`] name the files, [`Environment`] holds the variables; [`Config::load`] layers both into one
//! tree whose values know their file, line and column. A feature defines its own struct and asks for it
//! with [`Config::read`]; it announces that struct as a [`Section`], so that the [`Registry`] can check,
//! print and describe the whole configuration.
//!
//! Never here: the keys of any feature, the network, a default file other than Backstage's.
//! Adding a type that several features need in their sections: one file, like [`Duration`].
//! Start reading at [`Config::load`].
//!
//! ```
//! use callboard_config::{Config, Duration, Environment, Secret, Sources};
//! use schemars::JsonSchema;
//! use serde::Deserialize;
//!
//! /// Where the server listens.
//! #[derive(Deserialize, JsonSchema)]
//! #[serde(rename_all = "camelCase")]
//! struct Backend {
//!     /// The port that it listens on.
//!     port: u16,
//!     /// How long a request may take.
//!     request_timeout: Duration,
//!     /// What other services sign with.
//!     signing_key: Option<Secret>,
//! }
//!
//! let text = "backend: { port: '${PORT:-7007}', requestTimeout: 30s }";
//! let environment = Environment::from_pairs([("PORT", "8080")]);
//! let config = Config::load(&Sources::text("app-config.yaml", text), &environment)?;
//! let backend: Backend = config.read("backend")?;
//! assert_eq!(backend.port, 8080);
//! # Ok::<(), callboard_config::ConfigErrors>(())
//! ```

mod budget;
mod check;
mod config;
mod diagnostic;
mod document;
mod duration;
mod environment;
mod files;
mod key_path;
mod layers;
mod merge;
mod node;
mod overrides;
mod print;
mod read;
mod registry;
mod resolve;
mod schema_view;
mod secrecy;
mod secret;
mod sources;
mod substitute;
mod watch;

pub use config::Config;
pub use diagnostic::{ConfigErrors, Diagnostic, Place};
pub use duration::Duration;
pub use environment::Environment;
pub use print::Format;
pub use registry::{Registry, Report, Section};
pub use secret::Secret;
pub use sources::Sources;
pub use watch::Watch;
