//! What the program says about its configuration and its API.

use crate::folder::Folder;

#[test]
fn a_wrong_value_is_shown_in_its_file() {
    let folder = Folder::new();
    folder.configure("backend:\n  listen:\n    port: many\n");

    let output = folder.run(&["config", "check"]);

    assert_eq!(output.code, Some(1));
    assert!(
        output.stderr.contains("backend.listen.port"),
        "{}",
        output.stderr
    );
    assert!(
        output.stderr.contains("app-config.yaml:3:11"),
        "{}",
        output.stderr
    );
    assert_eq!(folder.run(&[]).code, Some(1));
}

#[test]
fn a_password_is_never_printed() {
    let folder = Folder::new();
    folder.configure(
        "backend: { database: { client: pg, connection: { host: db, password: hush-hush } } }",
    );

    for command in [["config", "print"], ["config", "check"]] {
        let output = folder.run(&command);
        assert_eq!(output.code, Some(0), "{}", output.stderr);
        assert!(!output.stdout.contains("hush-hush"), "{}", output.stdout);
    }
}

#[test]
fn the_configuration_has_a_schema() {
    let schema = Folder::new().run(&["config", "schema"]).json();

    assert!(schema["properties"]["catalog"].is_object(), "{schema}");
    assert!(jsonschema::meta::is_valid(&schema));
}

#[test]
fn the_description_of_the_api_needs_no_configuration() {
    let description = Folder::new().run(&["openapi"]).json();

    assert_eq!(description["openapi"], "3.1.0");
    assert!(description["paths"]["/api/catalog/entities"].is_object());
}
