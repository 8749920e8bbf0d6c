//! Unknown keys, the printed configuration and its schema.

use std::collections::BTreeMap;

use callboard_config::{Config, Duration, Environment, Format, Registry, Secret, Section, Sources};
use insta::assert_snapshot;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What the catalog reads.
#[derive(Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
struct Catalog {
    /// Where entities come from.
    locations: Vec<Location>,
    /// Whatever providers need.
    providers: BTreeMap<String, serde_json::Value>,
    /// How often to look.
    interval: Option<Duration>,
}

#[derive(Deserialize, Serialize, JsonSchema)]
struct Location {
    target: String,
    #[serde(default)]
    token: Option<Secret>,
}

#[derive(Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
struct Backend {
    base_url: Option<String>,
    /// Shown although its name looks secret.
    #[schemars(extend("x-visibility" = "backend"))]
    public_key: Option<String>,
}

#[derive(Default, Deserialize, Serialize, JsonSchema)]
#[serde(default)]
struct Database {
    client: Option<String>,
}

fn registry() -> Registry {
    Registry::new([
        Section::of::<Catalog>("catalog").not_used(&["stitchingStrategy", "processors.*.limit"]),
        Section::of::<Backend>("backend"),
        Section::of::<Database>("backend.database"),
    ])
}

fn config(text: &str, variables: &[(&str, &str)]) -> Config {
    let environment = Environment::from_pairs(variables.iter().copied());
    Config::load(&Sources::text("app-config.yaml", text), &environment).expect("a readable text")
}

fn report(text: &str) -> String {
    let report = registry().check(&config(text, &[]));
    let lines = report.errors.iter().map(|error| format!("error: {error}"));
    let warnings = report.warnings.iter().map(|warning| {
        let hint = warning.hint.as_deref().unwrap_or("-");
        format!("warning: {warning} ({hint})")
    });
    lines.chain(warnings).collect::<Vec<_>>().join("\n")
}

#[test]
fn unknown_keys_of_ours_are_warnings_at_any_depth() {
    let text = "
catalog:
  location: []
  locations:
    - target: a
      tokn: b
  intervall: 1h
backend:
  databse: {}
  database: { clint: x }
";
    assert_snapshot!(report(text), @"
    warning: app-config.yaml:3:3: catalog.location: there is no such key, so it has no effect (did you mean `locations`?)
    warning: app-config.yaml:6:7: catalog.locations[0].tokn: there is no such key, so it has no effect (did you mean `token`?)
    warning: app-config.yaml:7:3: catalog.intervall: there is no such key, so it has no effect (did you mean `interval`?)
    warning: app-config.yaml:9:3: backend.databse: there is no such key, so it has no effect (did you mean `database`?)
    warning: app-config.yaml:10:15: backend.database.clint: there is no such key, so it has no effect (did you mean `client`?)
    ");
}

#[test]
fn what_belongs_to_others_is_left_alone() {
    let text = "
techdocs: { builder: local }
integrations: { github: [{ host: github.com, token: '${GITHUB_TOKEN}' }] }
catalog:
  stitchingStrategy: { mode: deferred }
  processors: { anything: { limit: 1 }, other: { limt: 1 } }
  providers: { github: { any: { thing: 1 } } }
backend: { database: { client: sqlite } }
";
    assert_snapshot!(report(text), @"warning: app-config.yaml:6:50: catalog.processors.other.limt: there is no such key, so it has no effect (-)");
}

#[test]
fn a_section_that_is_nearly_ours_is_taken_for_a_slip() {
    assert_snapshot!(report("catalogue: { locations: [] }"), @"warning: app-config.yaml:1:1: catalogue: no feature has a section of this name (did you mean `catalog`?)");
    assert_snapshot!(report("catalog: {}\ncatalogue: {}"), @"");
}

#[test]
fn a_variable_that_is_not_set_is_a_warning_once() {
    assert_snapshot!(report("catalog: { interval: '${INTERVAL}' }"), @"warning: app-config.yaml:1:22: catalog.interval: absent, because the variable `INTERVAL` is not set (set `INTERVAL`, or give a fallback: `${INTERVAL:-…}`)");
    assert_snapshot!(report("catalog: { locations: [{ target: '${TARGET}' }] }"), @"error: app-config.yaml:1:24: catalog.locations[0].target: a value is required, found nothing");
}

#[test]
fn printing_hides_secrets() {
    let text = "
catalog:
  locations: [{ target: 'a: b', token: abc }]
  providers: { github: { token: x, org: acme, secretFlag: true, fromEnv: '${A}' } }
backend:
  baseUrl: ${A}
  publicKey: shown
  database: { client: pg, connection: { host: db, password: x } }
integrations: { url: 'postgres://me:pw@db/x', plain: '${A}', written: 'yes', empty: [] }
";
    let config = config(text, &[("A", "http://a")]);

    assert_snapshot!(registry().print(&config, Format::Yaml), @r#"
    catalog:
      locations:
        - target: "a: b"
          token: <redacted>
      providers:
        github:
          token: <redacted>
          org: acme
          secretFlag: true
          fromEnv: <redacted>
    backend:
      baseUrl: http://a
      publicKey: shown
      database:
        client: pg
        connection:
          host: db
          password: <redacted>
    integrations:
      url: "postgres://me:<redacted>@db/x"
      plain: <redacted>
      written: "yes"
      empty: []
    "#);
    assert!(!registry().print(&config, Format::Json).contains("abc"));
}

#[test]
fn printing_can_say_where_each_value_is_written() {
    let config = config(
        "catalog:\n  interval: 1h\n",
        &[("APP_CONFIG_backend_baseUrl", "http://x")],
    );

    assert_snapshot!(registry().print(&config, Format::YamlWithOrigins), @"
    backend:
      baseUrl: http://x  # environment variable `APP_CONFIG_backend_baseUrl`
    catalog:
      interval: 1h  # app-config.yaml:2:13
    ");
}

#[test]
fn the_schema_has_every_section_with_documentation_and_defaults() {
    let schema = registry().schema();

    assert_snapshot!(schema["properties"]["catalog"]["$ref"], @r##""#/$defs/Catalog""##);
    assert_snapshot!(schema["$defs"]["Catalog"]["properties"]["locations"], @r##"{"type":"array","items":{"$ref":"#/$defs/Location"},"description":"Where entities come from.","default":[]}"##);
    assert_snapshot!(schema["properties"]["backend"], @r##"{"$ref":"#/$defs/Backend","properties":{"database":{"$ref":"#/$defs/Database"}}}"##);
    let validator = jsonschema::validator_for(&schema).expect("a valid schema");
    assert!(validator.is_valid(&json!({ "catalog": { "locations": [] }, "techdocs": 1 })));
    assert!(!validator.is_valid(&json!({ "catalog": { "locations": 1 } })));
    assert!(!validator.is_valid(&json!({ "backend": { "database": { "client": 1 } } })));
}
