//! What the configuration says about single processors and readers.

use std::sync::Arc;

use callboard_model::kinds::Kinds;
use callboard_model::{Entity, Problem};
use callboard_source::Source;
use serde_json::{Value, json};

use crate::config::CatalogConfig;
use crate::engine::{Ports, Rules};
use crate::placeholder::PlaceholderResolver;
use crate::placeholders::Text;
use crate::processor::{EntityProcessor, ProcessContext};
use crate::processors::{BuiltInKinds, LocationTargets};

struct Late;

impl EntityProcessor for Late {
    fn name(&self) -> &'static str {
        "late"
    }

    fn priority(&self) -> i32 {
        30
    }

    fn pre_process(&self, _: &mut Entity, _: &ProcessContext<'_>) -> Result<(), Problem> {
        Ok(())
    }
}

/// What `options` leave of the parts.
fn ports(options: Value) -> Ports {
    let config: CatalogConfig =
        serde_json::from_value(json!({ "processorOptions": options })).unwrap();
    let resolvers: Vec<Arc<dyn PlaceholderResolver>> = vec![Arc::new(Text)];
    Ports::new(
        vec![
            Arc::new(Late),
            Arc::new(BuiltInKinds(Arc::clone(Kinds::built_in()))),
            Arc::new(LocationTargets),
        ],
        Vec::new(),
        Rules::default(),
    )
    .placeholders(resolvers, Source::default())
    .choose(&config.processor_options)
}

/// The names of the processors that `options` leave, in their order.
fn chosen(options: Value) -> Vec<String> {
    let ports = ports(options);
    let names = ports.processors.iter().map(|processor| processor.name());
    names.map(str::to_owned).collect()
}

#[test]
fn processors_run_in_the_order_of_their_priorities() {
    assert_eq!(
        chosen(json!({})),
        ["built-in-kinds", "location-targets", "late"]
    );
    assert_eq!(
        chosen(json!({ "late": { "priority": 1 }, "built-in-kinds": { "priority": 21 } })),
        ["late", "location-targets", "built-in-kinds"]
    );
}

#[test]
fn a_disabled_processor_is_left_out_whichever_of_its_names_is_used() {
    for name in ["built-in-kinds", "BuiltinKindsEntityProcessor"] {
        assert_eq!(
            chosen(json!({ name: { "disabled": true }, "nothing": { "disabled": true } })),
            ["location-targets", "late"]
        );
    }
}

#[test]
fn placeholders_stay_as_they_are_when_they_are_disabled() {
    let fills = |options: Value| ports(options).placeholders.contains_key("text");
    assert!(fills(json!({})));
    for name in ["placeholders", "PlaceholderProcessor"] {
        assert!(!fills(json!({ name: { "disabled": true } })));
    }
}
