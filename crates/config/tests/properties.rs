//! What holds for every configuration.

use callboard_config::{Config, Duration, Environment, Format, Registry, Secret, Section, Sources};
use proptest::prelude::*;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

/// JSON whose objects share few names, so that layers meet.
fn json_value() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-3i64..3).prop_map(Value::from),
        "[a-c :#-]{0,4}".prop_map(Value::from),
        any::<String>().prop_map(|text| Value::from(text.replace('$', ""))),
        prop_oneof![
            Just("1e3"),
            Just("0x1"),
            Just("yes"),
            Just("1h"),
            Just("~"),
            Just("<<"),
            Just("2020-01-01")
        ]
        .prop_map(Value::from),
    ];
    scalar.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            object(inner),
        ]
    })
}

fn object(inner: impl Strategy<Value = Value> + 'static) -> impl Strategy<Value = Value> {
    prop::collection::btree_map("[a-d]{1,2}", inner, 0..4).prop_map(|map| json!(map))
}

/// The merged value of `layers`, lowest first.
fn merged(layers: &[&Value]) -> Value {
    let directory = tempfile::tempdir().expect("a readable layer");
    let paths: Vec<_> = layers
        .iter()
        .enumerate()
        .map(|(index, layer)| {
            let path = directory.path().join(format!("{index}.yaml"));
            std::fs::write(&path, layer.to_string()).expect("a readable layer");
            path
        })
        .collect();
    let config =
        Config::load(&Sources::files(paths), &Environment::default()).expect("a readable layer");
    config.value("").expect("a readable layer")
}

/// Equal however the entries are ordered, as `serde_json` compares objects.
fn same(left: &Value, right: &Value) -> Result<(), TestCaseError> {
    prop_assert_eq!(left, right);
    Ok(())
}

#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only reading matters")]
struct Anything {
    a: Option<u8>,
    b: Option<Vec<String>>,
    c: Option<Box<Anything>>,
    d: Option<Duration>,
    #[serde(default)]
    aa: Vec<Choice>,
    bb: Option<Secret>,
    cc: Option<bool>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "a")]
#[expect(dead_code, reason = "only reading matters")]
enum Choice {
    One { b: u8 },
    Two,
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_layer_over_itself_changes_nothing(layer in object(json_value())) {
        same(&merged(&[&layer]), &merged(&[&layer, &layer]))?;
    }

    #[test]
    fn what_was_merged_is_free_of_nulls_and_stays_as_it_is(
        lower in object(json_value()),
        upper in object(json_value()),
    ) {
        let once = merged(&[&lower, &upper]);

        same(&merged(&[&once]), &once)?;
        same(&merged(&[&json!({}), &once]), &once)?;
        same(&merged(&[&once, &json!({})]), &once)?;
    }

    #[test]
    fn layers_may_be_merged_from_below_in_steps(
        first in object(json_value()),
        second in object(json_value()),
        third in object(json_value()),
    ) {
        let below = merged(&[&first, &second]);

        same(&merged(&[&below, &third]), &merged(&[&first, &second, &third]))?;
    }

    #[test]
    fn the_printed_configuration_reads_back(layer in object(json_value())) {
        let config = Config::load(&Sources::text("a.yaml", layer.to_string()), &Environment::default()).unwrap();
        let registry = Registry::default();
        for format in [Format::Yaml, Format::YamlWithOrigins, Format::Json] {
            let printed = registry.print(&config, format);
            let again = Config::load(&Sources::text("b.yaml", printed.as_str()), &Environment::default());
            let again = again.unwrap_or_else(|error| panic!("{error}\n{printed}"));
            same(&again.value("").unwrap(), &json!(serde_json::from_str::<Value>(&registry.print(&config, Format::Json)).unwrap()))?;
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[a-d:{}\\[\\]$\n \"'#&*!|>-]{0,60}", variable in any::<String>()) {
        let environment = Environment::from_pairs([("A", variable.as_str()), ("APP_CONFIG_a_b", variable.as_str())]);
        if let Ok(config) = Config::load(&Sources::text("app-config.yaml", text), &environment) {
            let registry = Registry::new([Section::of::<Anything>("a")]);
            registry.check(&config);
            registry.print(&config, Format::YamlWithOrigins);
        }
    }

    #[test]
    fn any_value_is_read_or_refused_with_an_error(value in object(json_value())) {
        let text = json!({ "a": value }).to_string();
        let config = Config::load(&Sources::text("app-config.yaml", text), &Environment::default()).unwrap();
        if let Err(errors) = config.read::<Anything>("a") {
            prop_assert!(errors.iter().all(|error| error.to_string().starts_with("app-config.yaml:1:")));
            for error in errors {
                let place = error.place.expect("a place");
                prop_assert!(place.line_text.get(place.underline()).is_some());
            }
        }
    }
}
