//! The `catalog` section of the configuration.

use std::collections::BTreeMap;
use std::path::Path;

use callboard_model::{Error, LocationRef, Result, shortened};
use schemars::JsonSchema;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::ProcessingInterval;
use crate::engine::{AllowedKind, LocationMatch, Rule, Rules, TargetMatch};
use crate::history::HistoryConfig;

mod parts;

pub use parts::{ModelConfig, ProcessorOptions, ProviderOptions, Strategy};
pub(crate) use parts::{Names, warn_of_unknown};

/// What the catalog reads, and what it lets in.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct CatalogConfig {
    /// Where entities are read from.
    pub locations: Vec<LocationConfig>,
    /// Which kinds may come in, from every location. Component, API and Location when left out.
    pub rules: Option<Vec<RuleConfig>>,
    /// Whether `<<` in YAML merges mappings instead of being a plain key.
    pub enable_yaml_merge: bool,
    /// How often addresses of the web are looked at again, or `false` when this process only answers reads.
    pub processing_interval: Option<ProcessingInterval>,
    /// How long changes of entities are remembered; `false` to remember none.
    pub history: HistoryConfig,
    /// Which kinds there are besides the built-in ones, and what else entities may say.
    pub model: ModelConfig,
    /// Whether the readers of files and addresses are left out, as in Backstage; the kinds stay.
    pub disable_default_processors: bool,
    /// What is decided about single processors and readers, by their names.
    pub processor_options: BTreeMap<String, ProcessorOptions>,
    /// What is decided about single providers, by their names.
    pub provider_options: BTreeMap<String, ProviderOptions>,
    /// What becomes of an entity that its location names no longer. One that is kept is marked as an orphan.
    pub orphan_strategy: Strategy,
    /// What becomes of the entities of a provider that is not installed any more.
    pub orphan_provider_strategy: Strategy,
    /// Whether registering, changing and ending registrations of locations is refused.
    pub readonly: bool,
    /// What happens when somebody registers a location that is registered already.
    pub default_location_conflict_strategy: ConflictStrategy,
}

/// What happens when somebody registers a location that is registered already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ConflictStrategy {
    /// It is refused.
    #[default]
    Reject,
    /// The registered one is read again.
    Refresh,
}

/// One place to read entities from.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LocationConfig {
    /// What reads it: `file` or `url`.
    #[serde(rename = "type")]
    pub location_type: String,
    /// A path or a pattern such as `teams/**/catalog-info.yaml`, relative to the working directory; or an address.
    pub target: String,
    /// Kinds that may come in from here, besides those of `catalog.rules`.
    #[serde(default)]
    pub rules: Vec<LocationRuleConfig>,
}

/// Kinds that may come in from one location.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct LocationRuleConfig {
    /// The kinds.
    pub allow: Vec<KindConfig>,
}

/// Kinds that may come in, perhaps from some locations only.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct RuleConfig {
    /// The kinds.
    pub allow: Vec<KindConfig>,
    /// Only from these locations; from everywhere when left out.
    pub locations: Option<Vec<RuleLocationConfig>>,
}

/// A kind, or a kind and a type.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum KindConfig {
    /// Every entity of the kind.
    Kind(String),
    /// Only entities with this `spec.type`.
    Typed {
        /// The kind.
        kind: String,
        /// The type.
        #[serde(rename = "spec.type")]
        spec_type: Option<String>,
    },
}

/// A location that a rule is about.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct RuleLocationConfig {
    /// The type of the location.
    #[serde(rename = "type")]
    pub location_type: String,
    /// Its target, word for word.
    pub exact: Option<String>,
    /// A pattern for its target.
    pub pattern: Option<String>,
}

const DEFAULT_KINDS: [&str; 3] = ["Component", "API", "Location"];

impl CatalogConfig {
    /// The keys of Backstage's section that are not used here.
    pub const NOT_USED: [&'static str; 10] = [
        "enableRelationsCompatibility",
        "experimentalAlwaysUseUrlReadersSearch",
        "experimentalPagination",
        "import",
        "locations.presence",
        "processors",
        "providers",
        "scmEvents",
        "stitchingStrategy",
        "useUrlReadersSearch",
    ];

    /// The locations, with their paths made absolute.
    pub(crate) fn location_refs(&self, working_directory: &Path) -> Vec<LocationRef> {
        let refs = self.locations.iter().map(|location| {
            LocationRef::new(
                &location.location_type,
                location.resolved_target(working_directory),
            )
        });
        refs.collect()
    }

    /// The rules, those of the single locations included.
    pub(crate) fn rules(&self, working_directory: &Path) -> Result<Rules> {
        let mut rules = match &self.rules {
            None => vec![Rule {
                allow: DEFAULT_KINDS.iter().map(|kind| any_of(kind)).collect(),
                locations: None,
            }],
            Some(rules) => rules.iter().map(rule).collect::<Result<_>>()?,
        };
        for location in &self.locations {
            let target = location.resolved_target(working_directory);
            rules.extend(location.rules.iter().map(|own| Rule {
                allow: own.allow.iter().map(allowed).collect(),
                locations: Some(vec![LocationMatch {
                    location_type: location.location_type.clone(),
                    target: TargetMatch::Exact(target.clone()),
                }]),
            }));
        }
        Ok(Rules(rules))
    }
}

impl LocationConfig {
    /// The target with a path made absolute.
    pub(crate) fn resolved_target(&self, working_directory: &Path) -> String {
        if self.location_type == "file" {
            resolve(&self.target, working_directory)
        } else {
            self.target.clone()
        }
    }
}

fn resolve(target: &str, working_directory: &Path) -> String {
    let mut path = std::path::PathBuf::new();
    for component in working_directory.join(target).components() {
        match component {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => {
                path.pop();
            }
            other => path.push(other),
        }
    }
    path.display().to_string()
}

fn any_of(kind: &str) -> AllowedKind {
    AllowedKind {
        kind: kind.to_owned(),
        spec_type: None,
    }
}

fn allowed(config: &KindConfig) -> AllowedKind {
    match config {
        KindConfig::Kind(kind) => any_of(kind),
        KindConfig::Typed { kind, spec_type } => AllowedKind {
            kind: kind.clone(),
            spec_type: spec_type.clone(),
        },
    }
}

fn rule(config: &RuleConfig) -> Result<Rule> {
    let locations = config
        .locations
        .as_ref()
        .map(|locations| locations.iter().map(rule_location).collect())
        .transpose()?;
    Ok(Rule {
        allow: config.allow.iter().map(allowed).collect(),
        locations,
    })
}

fn rule_location(config: &RuleLocationConfig) -> Result<LocationMatch> {
    let target = match (&config.exact, &config.pattern) {
        (Some(_), Some(_)) => {
            return Err(Error::invalid(
                "catalog-rule",
                "a location in `catalog.rules` has both `exact` and `pattern`",
            )
            .hint("keep one of them"));
        }
        (Some(exact), None) => TargetMatch::Exact(exact.clone()),
        (None, Some(pattern)) => TargetMatch::pattern(pattern).map_err(|error| {
            let why = error.kind().to_string();
            let (pattern, why) = (shortened(pattern, 200), shortened(&why, 200));
            let message = format!("`{pattern}` in `catalog.rules` is not a pattern: {why}");
            Error::invalid("catalog-rule", message)
        })?,
        (None, None) => TargetMatch::Any,
    };
    Ok(LocationMatch {
        location_type: config.location_type.clone(),
        target,
    })
}
