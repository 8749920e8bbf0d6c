//! Configuration files mean what they mean to Backstage.

use std::fs;
use std::path::Path;

use callboard_config::{Config, Environment, Sources};
use serde_json::Value;

#[derive(Default)]
struct Case<'a> {
    name: &'a str,
    variables: Vec<(&'a str, &'a str)>,
    arguments: Vec<&'a str>,
    files: Vec<(&'a str, String)>,
    expected: &'a str,
}

fn cases(text: &str) -> Vec<Case<'_>> {
    text.split("\n=== ").skip(1).map(case).collect()
}

fn case(text: &str) -> Case<'_> {
    let mut lines = text.lines();
    let mut case = Case {
        name: lines.next().unwrap_or_default(),
        ..Case::default()
    };
    for line in lines {
        if let Some(name) = line.strip_prefix("--- ") {
            case.files.push((name, String::new()));
        } else if let Some(expected) = line.strip_prefix(">>> ") {
            case.expected = expected;
        } else if let Some((_, text)) = case.files.last_mut() {
            text.push_str(line);
            text.push('\n');
        } else if let Some(variable) = line.strip_prefix("env ") {
            case.variables
                .push(variable.split_once('=').expect("`env NAME=value`"));
        } else if let Some(arguments) = line.strip_prefix("args ") {
            case.arguments.extend(arguments.split(' '));
        }
    }
    case
}

fn outcome(case: &Case<'_>, directory: &Path) -> String {
    for (name, text) in &case.files {
        let path = directory.join(name);
        fs::create_dir_all(path.parent().expect("a file of the case")).expect("a file of the case");
        fs::write(path, text.strip_suffix('\n').unwrap_or(text)).expect("a file of the case");
    }
    let sources = if case.arguments.is_empty() {
        Sources::defaults_in(directory)
    } else {
        Sources::files(case.arguments.iter().map(|name| directory.join(name)))
    };
    let environment = Environment::from_pairs(case.variables.iter().copied());
    match Config::load(&sources, &environment) {
        Ok(config) => sorted(config.value("").expect("a file of the case")).to_string(),
        Err(_) => "error".to_owned(),
    }
}

/// Objects by key and numbers as JavaScript has them, so that equal values print alike.
fn sorted(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(sorted).collect(),
        Value::Object(entries) => {
            let mut entries: Vec<_> = entries.into_iter().collect();
            entries.sort_by(|(left, _), (right, _)| left.cmp(right));
            entries
                .into_iter()
                .map(|(key, value)| (key, sorted(value)))
                .collect()
        }
        Value::Number(number) => number.as_f64().into(),
        other => other,
    }
}

#[test]
fn every_recorded_case_loads_as_backstage_loads_it() {
    let cases = cases(include_str!("backstage.txt"));
    assert!(cases.len() > 30, "the cases are missing");
    for case in cases {
        let directory = tempfile::tempdir().unwrap();
        let expected = match case.expected {
            "error" => "error".to_owned(),
            json => sorted(serde_json::from_str(json).expect("recorded JSON")).to_string(),
        };

        assert_eq!(outcome(&case, directory.path()), expected, "{}", case.name);
    }
}
