//! A wrong value is refused with its place, its key, what was expected and what was found.

#![expect(dead_code, reason = "serde fills the fields, `Debug` prints them")]

use callboard_config::{Config, ConfigErrors, Duration, Environment, Secret, Sources};
use insta::assert_snapshot;
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Catalog {
    #[serde(default)]
    locations: Vec<Location>,
    #[serde(default)]
    interval: Option<Duration>,
    #[serde(default)]
    port: Option<u16>,
    #[serde(default)]
    read_only: bool,
    #[serde(default)]
    password: Option<Secret>,
    #[serde(default)]
    shape: Option<Shape>,
    #[serde(default)]
    strict: Option<Strict>,
    #[serde(default)]
    allow: Vec<Allow>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Allow {
    Kind(String),
    Typed { kind: String },
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Location {
    #[serde(rename = "type")]
    kind: Kind,
    /// Where the entities are.
    target: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Kind {
    File,
    Url,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Shape {
    Circle { radius: u16 },
    Point,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Strict {
    level: Option<i8>,
}

fn read_with(text: &str, variables: &[(&str, &str)]) -> Result<Catalog, ConfigErrors> {
    let environment = Environment::from_pairs(variables.iter().copied());
    let config = Config::load(&Sources::text("app-config.yaml", text), &environment)?;
    config.read("catalog")
}

fn errors(text: &str) -> String {
    errors_with(text, &[])
}

fn errors_with(text: &str, variables: &[(&str, &str)]) -> String {
    read_with(text, variables).map_or_else(|errors| errors.to_string(), |read| format!("{read:?}"))
}

#[test]
fn every_wrong_value_is_named_at_once() {
    let text = "
catalog:
  locations:
    - type: fil
      target: a.yaml
    - { type: url, target: 5 }
    - type: url
  port: 70000
  readOnly: maybe
  interval: soon
";
    assert_snapshot!(errors(text), @"
    app-config.yaml:4:13: catalog.locations[0].type: expected one of `file`, `url`, found `fil`
    hint: did you mean `file`?
    app-config.yaml:6:28: catalog.locations[1].target: expected a string, found `5`
    hint: put it in quotes
    app-config.yaml:7:7: catalog.locations[2].target: a value is required, found nothing
    hint: add it: Where the entities are.
    app-config.yaml:8:9: catalog.port: expected a whole number from 0 to 65535, found `70000`
    app-config.yaml:9:13: catalog.readOnly: expected `true` or `false`, found `maybe`
    app-config.yaml:10:13: catalog.interval: `soon` is not a duration; expected such as `30s`, `1h30m`, `2 days` or `PT1H30M`
    ");
}

#[test]
fn a_section_of_another_type_is_refused() {
    assert_snapshot!(errors("catalog: [1]"), @"app-config.yaml:1:10: catalog: expected an object, found a list");
    assert_snapshot!(errors("catalog: { locations: { type: file } }"), @"app-config.yaml:1:23: catalog.locations: expected a list, found an object");
    assert_snapshot!(errors("catalog: { locations: [null, file] }"), @"
    app-config.yaml:1:24: catalog.locations[0]: expected an object, found nothing
    app-config.yaml:1:30: catalog.locations[1]: expected an object, found `file`
    ");
}

#[test]
fn numbers_and_flags_may_be_strings() {
    let text = "catalog: { port: '${PORT}', readOnly: '${FLAG}' }";
    let catalog = read_with(text, &[("PORT", " 8080 "), ("FLAG", "on")]).unwrap();
    assert_eq!((catalog.port, catalog.read_only), (Some(8080), true));

    assert_snapshot!(errors_with(text, &[("PORT", "none"), ("FLAG", "1")]), @"app-config.yaml:1:18: catalog.port: expected a whole number from 0 to 65535, found `none` from the environment variable `PORT`");
    assert_snapshot!(errors("catalog: { port: '' }"), @"app-config.yaml:1:18: catalog.port: expected a whole number from 0 to 65535, found an empty string");
    assert_snapshot!(errors("catalog: { port: 80.5 }"), @"app-config.yaml:1:18: catalog.port: expected a whole number from 0 to 65535, found `80.5`");
    assert_snapshot!(errors("catalog: { port: -1 }"), @"app-config.yaml:1:18: catalog.port: expected a whole number from 0 to 65535, found `-1`");
}

#[test]
fn a_required_value_that_a_variable_should_give_names_the_variable() {
    let text = "catalog: { locations: [{ type: file, target: '${TARGET}' }] }";

    assert_snapshot!(errors(text), @"
    app-config.yaml:1:24: catalog.locations[0].target: a value is required, found nothing
    hint: app-config.yaml:1:46 takes it from `TARGET`, which is not set
    ");
}

#[test]
fn a_secret_is_never_in_an_error() {
    assert_snapshot!(errors("catalog:\n  password: 123456"), @"
    app-config.yaml:2:13: catalog.password: expected a string, found a number, which is secret and not shown
    hint: put it in quotes
    ");
    assert_snapshot!(errors("catalog:\n  password: [hunter2]"), @"app-config.yaml:2:13: catalog.password: expected a string, found a list");
    let catalog = read_with("catalog: { password: hunter2 }", &[]).unwrap();
    assert!(!format!("{catalog:?}").contains("hunter2"));
    assert_eq!(catalog.password.unwrap().expose(), "hunter2");
}

#[test]
fn a_wrong_value_inside_an_enum_is_found_again() {
    assert_snapshot!(errors("catalog:\n  shape:\n    type: circle\n    radius: big"), @"app-config.yaml:4:13: catalog.shape.radius: expected a whole number from 0 to 65535, found `big`");
    assert_snapshot!(errors("catalog:\n  shape:\n    type: cirle"), @"
    app-config.yaml:3:11: catalog.shape.type: expected one of `circle`, `point`, found `cirle`
    hint: did you mean `circle`?
    ");
    assert_snapshot!(errors("catalog:\n  shape: {}"), @"app-config.yaml:2:10: catalog.shape.type: a value is required, found nothing");
    assert!(read_with("catalog: { shape: { type: point } }", &[]).is_ok());
}

#[test]
fn a_value_that_fits_none_of_several_shapes_names_the_shapes() {
    assert_snapshot!(errors("catalog: { allow: [API, 5, { knid: API }] }"), @"
    app-config.yaml:1:25: catalog.allow[1]: expected a string or an object with the right keys, found `5`
    app-config.yaml:1:28: catalog.allow[2]: expected a string or an object with the right keys, found an object
    ");
}

#[test]
fn a_key_that_a_strict_section_does_not_have_is_refused() {
    assert_snapshot!(errors("catalog: { strict: { levl: 1 } }"), @"
    app-config.yaml:1:22: catalog.strict.levl: there is no key `levl` here
    hint: did you mean `level`?
    ");
}

#[test]
fn an_error_knows_the_line_and_what_to_underline_in_it() {
    let text = "catalog:\n  locations:\n    - { type: é, target: x, token: abc } # ü";
    let error = read_with(text, &[])
        .unwrap_err()
        .into_iter()
        .next()
        .unwrap();
    let place = error.place.unwrap();

    assert_eq!(&place.line_text[place.underline()], "é");
    assert_snapshot!(place.line_text, @"    - { type: é, target: x, token: *** } # ü");
    assert_snapshot!(error.key, @"catalog.locations[0].type");
}

#[test]
fn an_override_is_named_by_its_variable() {
    assert_snapshot!(errors_with("", &[("APP_CONFIG_catalog_port", "high")]), @"environment variable `APP_CONFIG_catalog_port`: catalog.port: expected a whole number from 0 to 65535, found `high`");
    assert_snapshot!(errors_with("", &[("APP_CONFIG_catalog_locations", r#"[{"type":"file","target":7}]"#)]), @"
    environment variable `APP_CONFIG_catalog_locations`: catalog.locations[0].target: expected a string, found `7`
    hint: put it in quotes
    ");
}

#[test]
fn a_text_that_is_no_yaml_is_refused_at_its_place() {
    assert_snapshot!(errors("catalog:\n  a: 1\n  a: 2"), @"
    app-config.yaml:3:3: the key `a` is given twice in one mapping, first in line 2
    hint: keep one of them
    ");
    assert_snapshot!(errors("catalog:\n  password: 'hunter2"), @"
    app-config.yaml:2:13: a quoted text begins and never ends
    hint: add the closing quote
    ");
    assert_snapshot!(errors("a: 1\n---\nb: 2"), @"
    app-config.yaml:2:1: expected one document, found a second one after `---`
    hint: put it into a file of its own and name that file with `--config`
    ");
    assert_snapshot!(errors("- a"), @"
    app-config.yaml:1:1: expected an object at the top of the file, found a list
    hint: start with `key: value`
    ");
}

#[test]
fn a_missing_section_reads_like_an_empty_one() {
    assert!(read_with("other: 1", &[]).is_ok());
    let config = Config::load(&Sources::text("a.yaml", "x: 1"), &Environment::default()).unwrap();
    assert!(
        config
            .read_optional::<Location>("location")
            .unwrap()
            .is_none()
    );
    assert_snapshot!(config.read::<Location>("location").unwrap_err(), @"location.type: a value is required, found nothing");
}

#[test]
fn durations_come_in_three_notations() {
    let second = |text: &str| {
        let catalog = read_with(&format!("catalog: {{ interval: {text} }}"), &[]).unwrap();
        catalog.interval.unwrap().as_secs()
    };

    assert_eq!(
        [
            second("{ hours: 1 }"),
            second("PT1H"),
            second("1h"),
            second("30 seconds")
        ],
        [3600, 3600, 3600, 30]
    );
    assert_snapshot!(errors("catalog: { interval: 5 }"), @"app-config.yaml:1:22: catalog.interval: `5` is a number without a unit; write a unit after it, such as `5s` or `5m`");
    assert_snapshot!(errors("catalog: { interval: { hour: 5 } }"), @"app-config.yaml:1:22: catalog.interval: `hour` is not a unit of time; expected one or more of `years`, `months`, `weeks`, `days`, `hours`, `minutes`, `seconds`, `milliseconds`");
}
