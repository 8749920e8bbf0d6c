//! `callboard validate`: what it checks, what it prints, how it ends.

use insta::assert_snapshot;

use crate::folder::Folder;

const SYSTEM: &str = "
apiVersion: backstage.io/v1alpha1
kind: System
metadata:
  name: podium
spec: { owner: crew }
";

#[test]
fn files_that_are_right_pass() {
    let folder = Folder::new();
    folder.write("catalog-info.yaml", SYSTEM);

    let output = folder.run(&["validate", "."]);

    assert_eq!(output.code, Some(0), "{}", output.stdout);
    assert_snapshot!(output.stdout, @"1 entity in 1 file: nothing is wrong.");
}

#[test]
fn what_is_wrong_is_underlined_where_it_is() {
    let folder = Folder::new();
    folder.write("catalog-info.yaml", SYSTEM.replace("podium", "main podium"));

    let output = folder.run(&["validate", "catalog-info.yaml"]);

    assert_eq!(output.code, Some(1));
    assert_snapshot!(output.stdout, @r"
    error[invalid-name]: `main podium` is not a valid `metadata.name`: it must be letters, digits, `-`, `_` and `.` that begin and end with a letter or digit, at most 63
     --> catalog-info.yaml:5:9
      |
    5 |   name: main podium
      |         ^^^^^^^^^^^ metadata.name
      |
      = hint: write `main-podium`

    1 entity in 1 file: 1 problem.
    ");
}

#[test]
fn in_a_tree_only_entity_files_are_checked() {
    let folder = Folder::new();
    folder.write("mkdocs.yml", "site_name: x\n");
    folder.write("deploy.yaml", "apiVersion: apps/v1\nkind: Deployment\n");
    folder.write("node_modules/x/catalog-info.yaml", "broken: [");
    folder.write(".gitignore", "/build/\n");
    folder.write("build/catalog-info.yaml", "broken: [");
    folder.write(
        "skeleton/catalog-info.yaml",
        SYSTEM.replace("podium", "${{ values.name }}"),
    );
    folder.write("systems/all.yml", SYSTEM);
    folder.write("broken.yaml", "apiVersion: backstage.io/v1alpha1\nkind: [");

    let output = folder.run(&["validate", ".", "--format", "json"]);

    let report = output.json();
    assert_eq!(output.code, Some(1));
    assert_eq!(report["files"], 2);
    assert_eq!(report["skeletons"], 1);
    assert_eq!(report["problems"][0]["file"], "broken.yaml");
    assert_eq!(report["problems"].as_array().unwrap().len(), 1);
}

#[test]
fn the_same_entity_in_two_files_is_reported_in_the_second() {
    let folder = Folder::new();
    folder.write("a.yaml", SYSTEM);
    folder.write("b.yaml", SYSTEM.replace("podium", "Podium"));

    let report = folder.run(&["validate", ".", "--format", "json"]).json();

    let problem = &report["problems"][0];
    assert_eq!(problem["code"], "duplicate-entity");
    assert_eq!(problem["file"], "b.yaml");
    assert_eq!(
        problem["message"],
        "`system:default/podium` is already defined in a.yaml:2"
    );
    assert_eq!(problem["line"], 2);
}

#[test]
fn code_scanners_get_sarif() {
    let folder = Folder::new();
    folder.write("a.yaml", SYSTEM.replace("crew", "5"));

    let log = folder
        .run(&["validate", "a.yaml", "--format", "sarif"])
        .json();

    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let result = &run["results"][0];
    let rule = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
    assert_eq!(run["tool"]["driver"]["rules"][rule]["id"], result["ruleId"]);
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "a.yaml");
    assert_eq!(place["region"]["startLine"], 6);
    assert_eq!(place["region"]["startColumn"], 16);
    assert_eq!(place["region"]["endColumn"], 17);
}

#[test]
fn a_wrong_call_is_told_from_a_wrong_file() {
    let folder = Folder::new();

    assert_eq!(folder.run(&["validate"]).code, Some(2));
    assert_eq!(folder.run(&["validate", "nothing-here"]).code, Some(2));
    let empty = folder.run(&["validate", "."]);
    assert_eq!(empty.code, Some(2));
    assert!(empty.stderr.contains("hint: "), "{}", empty.stderr);
}

#[test]
fn bytes_that_are_no_text_are_a_problem_and_no_panic() {
    let folder = Folder::new();
    folder.write("catalog-info.yaml", b"kind: \xff\xfe\x00 \r\n\t- [");

    let output = folder.run(&["validate", "catalog-info.yaml"]);

    assert_eq!(output.code, Some(1), "{}", output.stderr);
    assert!(
        output.stdout.contains("catalog-info.yaml"),
        "{}",
        output.stdout
    );
}
