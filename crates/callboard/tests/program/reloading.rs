//! The configuration and the model: what is read, and what changes while the program runs.

use std::time::{Duration, Instant};

use crate::folder::Folder;
use crate::process::Running;

const GADGET: &str = "kind: Gadget
plural: gadgets
description: A thing.
forms:
  - apiVersions: [example.com/v1]
    spec: { type: object, required: [size], properties: { size: { type: integer } } }
";

#[test]
fn locations_change_while_it_runs_and_a_broken_configuration_changes_nothing() {
    let folder = Folder::new();
    let running = Running::start(&folder, &[]);
    folder.configure("{ backend: { listen: ':0' }, catalog: { locations: [{ type: file, target: system.yaml }] } }");
    running.wait_for_log("catalog.locations changed");

    folder.configure("{ backend: { listen: ':0' }, catalog: { locations: 7 } }");
    running.wait_for_log("the changed configuration is not used");
    let begun = Instant::now();
    while !running
        .get("/api/catalog/entities?filter=kind=location")
        .contains("system.yaml")
    {
        assert!(
            begun.elapsed() < Duration::from_secs(30),
            "the location does not come"
        );
    }
    assert_eq!(running.terminate().code, Some(0));
}

#[test]
fn kinds_of_the_configuration_are_validated() {
    let folder = Folder::new();
    folder.configure("catalog: { model: { files: [kinds/*.yaml] } }");
    folder.write("kinds/gadget.yaml", GADGET);
    let gadget =
        "apiVersion: example.com/v1\nkind: Gadget\nmetadata: { name: a }\nspec: { size: big }\n";
    folder.write("catalog-info.yaml", gadget);

    let output = folder.run(&["validate", "catalog-info.yaml", "--format", "json"]);
    assert_eq!(output.code, Some(1), "{}", output.stderr);
    assert!(
        output.stdout.contains("`spec.size` must be a whole number"),
        "{}",
        output.stdout
    );

    folder.write("catalog-info.yaml", gadget.replace("big", "3"));
    let output = folder.run(&["validate", "catalog-info.yaml"]);
    assert_eq!(output.code, Some(0), "{}", output.stdout);
}

#[test]
fn a_model_that_is_wrong_stops_the_start_with_its_place() {
    let folder = Folder::new();
    folder.configure("{ backend: { listen: ':0' }, catalog: { model: { files: [gadget.yaml] } } }");
    folder.write(
        "gadget.yaml",
        GADGET.replace("kind: Gadget", "kind: Component"),
    );

    for command in ["serve", "validate"] {
        let arguments = if command == "serve" {
            vec!["serve"]
        } else {
            vec!["validate", "."]
        };
        let output = folder.run(&arguments);
        assert_ne!(output.code, Some(0));
        let expected = "gadget.yaml:1:7: the kind `Component` exists already";
        assert!(
            output.stderr.contains(expected),
            "{command}: {}",
            output.stderr
        );
    }
}
