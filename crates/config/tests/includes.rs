//! What includes and files may not do, and what is said about it.

use std::fs;
use std::path::Path;

use callboard_config::{Config, Environment, Sources};
use insta::assert_snapshot;

/// What is wrong with `files`, without the name of their folder.
fn errors(files: &[(&str, &str)]) -> String {
    let directory = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        fs::write(directory.path().join(name), text).expect("a file");
    }
    let config = Config::load(
        &Sources::defaults_in(directory.path()),
        &Environment::default(),
    );
    let text = config.map_or_else(
        |errors| errors.to_string(),
        |config| format!("{:?}", config.value("")),
    );
    shorten(&text, directory.path())
}

fn shorten(text: &str, directory: &Path) -> String {
    text.replace(&format!("{}/", directory.display()), "")
}

#[test]
fn a_circle_of_includes_is_refused() {
    assert_snapshot!(errors(&[("app-config.yaml", "a: { $include: app-config.yaml }")]), @"
    app-config.yaml:1:4: a.a: `app-config.yaml` includes itself
    hint: include a part that does not lead back here
    ");
    assert_snapshot!(errors(&[
        ("app-config.yaml", "a: { $include: b.yaml }"),
        ("b.yaml", "x: { $include: c.yaml }"),
        ("c.yaml", "y: { $include: 'b.yaml#x' }"),
    ]), @"
    b.yaml:1:4: a.x.y: `c.yaml` includes itself
    hint: include a part that does not lead back here
    ");
}

#[test]
fn a_part_of_the_same_file_may_be_included() {
    let files = [(
        "app-config.yaml",
        "a: 1\nb: { $include: 'app-config.yaml#a' }",
    )];

    assert_snapshot!(errors(&files), @r#"Some(Object {"a": Number(1), "b": Number(1)})"#);
}

#[test]
fn an_included_value_that_names_a_file_itself_is_followed() {
    let files = [
        ("app-config.yaml", "a: { $include: 'b.yaml#key' }"),
        ("b.yaml", "key: { $file: c.txt }"),
        ("c.txt", "text\n"),
    ];

    assert_snapshot!(errors(&files), @r#"Some(Object {"a": String("text")})"#);
}

#[test]
fn includes_that_multiply_are_stopped() {
    let mut files = vec![(
        "app-config.yaml".to_owned(),
        "a: { $include: f0.yaml }".to_owned(),
    )];
    for level in 0..8 {
        let entries = (0..10).map(|n| format!("k{n}: {{ $include: f{}.yaml }}\n", level + 1));
        files.push((format!("f{level}.yaml"), entries.collect()));
    }
    files.push(("f8.yaml".to_owned(), "x: 1".to_owned()));
    let files: Vec<_> = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();

    let errors = errors(&files);
    assert_snapshot!(errors.lines().next().unwrap(), @"f7.yaml:4:5: a.k0.k0.k0.k0.k0.k8.k9.k3: the file `f8.yaml` cannot be read: more than 1000 files are included");
}

#[test]
fn a_missing_file_is_named_where_it_is_asked_for() {
    assert_snapshot!(errors(&[("app-config.yaml", "a:\n  - $file: secret.txt")]), @"
    app-config.yaml:2:5: a[0]: the file `secret.txt` does not exist
    hint: paths start in the folder of the file that names them
    ");
    assert_snapshot!(errors(&[("app-config.yaml", "a: { $include: part.toml }")]), @"
    app-config.yaml:1:4: a: expected a name in `.json`, `.yaml` or `.yml`, found `part.toml`
    hint: use `$file` to take a text as it is
    ");
    assert_snapshot!(errors(&[("app-config.yaml", "a: { $file: '${NAME}' }")]), @"
    app-config.yaml:1:4: a: `$file` needs the variable `NAME`, which is not set
    hint: set `NAME`, or give a fallback: `${NAME:-…}`
    ");
    assert_snapshot!(errors(&[("app-config.yaml", "a: { $env: X, b: 1 }\nc: { $env: [1] }")]), @"
    app-config.yaml:1:4: a: `$env` stands for the whole object, found other keys beside it
    hint: move the other keys elsewhere
    app-config.yaml:2:4: c: expected a string after `$env`, found a list
    hint: write one string, in quotes when in doubt
    ");
}

#[test]
fn broken_included_files_are_named_themselves() {
    assert_snapshot!(errors(&[("app-config.yaml", "a: { $include: b.yaml }"), ("b.yaml", "x: [")]), @"
    b.yaml:1:4: a bracket opens and never closes
    hint: add the closing `]` or `}`
    ");
    assert_snapshot!(errors(&[("app-config.yaml", "a: { $include: b.json }"), ("b.json", "{ x: 1 }")]), @"
    b.json:1:3: this is not JSON: key must be a string
    hint: correct the file, or name it `.yaml` if that is what it is
    ");
}

#[test]
fn explicit_files_must_exist_and_be_files() {
    let directory = tempfile::tempdir().unwrap();
    let load = |path: &str| {
        let sources = Sources::files([directory.path().join(path)]);
        let errors = Config::load(&sources, &Environment::default()).unwrap_err();
        shorten(&errors.to_string(), directory.path())
    };
    fs::write(directory.path().join("binary"), [0xff, 0xfe]).unwrap();

    assert_snapshot!(load("missing.yaml"), @"
    missing.yaml: the file does not exist
    hint: correct the path after `--config`
    ");
    assert_snapshot!(load("binary"), @"
    binary: the file cannot be read: it is not UTF-8 text
    hint: correct the path or the file
    ");
    let url = Sources::files(["https://example.com/app-config.yaml"]);
    assert_snapshot!(Config::load(&url, &Environment::default()).unwrap_err(), @"
    https://example.com/app-config.yaml: configuration is read from files only
    hint: download it and name the file
    ");
}

#[test]
fn a_file_that_is_too_large_is_refused() {
    let text = format!("a: {}", "x".repeat(9 * 1024 * 1024));

    assert_snapshot!(errors(&[("app-config.yaml", &text)]), @"
    app-config.yaml: the file cannot be read: a file may have 8 MiB at most
    hint: correct the path or the file
    ");
}

#[test]
fn every_file_that_was_read_is_listed_once() {
    let directory = tempfile::tempdir().unwrap();
    let files = [
        (
            "app-config.yaml",
            "a: { $include: part.yaml }\nb: { $file: text.txt }\nc: { $file: text.txt }",
        ),
        ("app-config.local.yaml", "d: 1"),
        ("part.yaml", "x: 1"),
        ("text.txt", "t"),
    ];
    for (name, text) in files {
        fs::write(directory.path().join(name), text).unwrap();
    }
    let config = Config::load(
        &Sources::defaults_in(directory.path()),
        &Environment::default(),
    )
    .unwrap();

    let names: Vec<_> = config
        .files()
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    assert_snapshot!(shorten(&names.join("\n"), directory.path()), @"
    app-config.yaml
    app-config.local.yaml
    part.yaml
    text.txt
    ");
}
