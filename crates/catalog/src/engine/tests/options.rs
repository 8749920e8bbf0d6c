//! What the configuration says about single processors and readers.

use std::sync::Arc;

use callboard_model::kinds::Kinds;
use callboard_model::{Entity, Problem};
use serde_json::{Value, json};

use crate::config::CatalogConfig;
use crate::engine::{Ports, Rules};
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

/// The names of the processors that `options` leave, in their order.
fn chosen(options: Value) -> Vec<String> {
    let config: CatalogConfig =
        serde_json::from_value(json!({ "processorOptions": options })).unwrap();
    let ports = Ports::new(
        vec![
            Arc::new(Late),
            Arc::new(BuiltInKinds(Arc::clone(Kinds::built_in()))),
            Arc::new(LocationTargets),
        ],
        Vec::new(),
        Rules::default(),
    )
    .choose(&config.processor_options);
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
