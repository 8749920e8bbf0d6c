//! The rules for `metadata` (CAT-02, CAT-03, CAT-06 … CAT-10).

use serde_json::{Map, Value};

use super::rule::Rule;
use super::{missing, required, wrong_type};
use crate::Problem;
use crate::problem::Problems;

/// The texts that an entity may have, and how they are spelled.
const OPTIONAL: [(&str, &str, Rule); 5] = [
    ("namespace", "metadata.namespace", Rule::Namespace),
    ("title", "metadata.title", Rule::Filled),
    ("description", "metadata.description", Rule::Text),
    ("uid", "metadata.uid", Rule::Filled),
    ("etag", "metadata.etag", Rule::Filled),
];

pub(super) fn check(metadata: &Map<String, Value>, problems: &mut Problems) {
    problems.extend(required(metadata, "name", "metadata.name", Rule::Name));
    for (name, path, rule) in OPTIONAL {
        problems.extend(metadata.get(name).and_then(|value| rule.check(path, value)));
    }
    pairs(metadata, "labels", Rule::LabelValue, problems);
    pairs(metadata, "annotations", Rule::Text, problems);
    tags(metadata, problems);
    links(metadata, problems);
}

/// A mapping with rules for its keys and its values.
fn pairs(metadata: &Map<String, Value>, name: &str, rule: Rule, problems: &mut Problems) {
    match metadata.get(name) {
        None => {}
        Some(Value::Object(pairs)) => {
            for (key, value) in pairs {
                if rule.fits(value) && Rule::Key.fits_text(key) {
                    continue;
                }
                let path = format!("metadata.{name}.{key}");
                problems.extend(invalid_key(name, key, &path));
                problems.extend(rule.check(&path, value));
            }
        }
        Some(other) => problems.push(wrong_type(&format!("metadata.{name}"), "a mapping", other)),
    }
}

fn invalid_key(name: &str, key: &str, path: &str) -> Option<Problem> {
    let parent = format!("metadata.{name}");
    let problem = Rule::Key.check_text(&parent, key)?;
    let what = name.trim_end_matches('s');
    let message = match key {
        "" => problem.message.replacen("is empty", "has an empty key", 1),
        _ => problem.message.replacen(
            &format!("valid `{parent}`"),
            &format!("valid {what} key"),
            1,
        ),
    };
    Some(Problem { message, ..problem }.path(path))
}

fn tags(metadata: &Map<String, Value>, problems: &mut Problems) {
    match metadata.get("tags") {
        None => {}
        Some(Value::Array(tags)) => {
            for (index, tag) in tags
                .iter()
                .enumerate()
                .filter(|(_, tag)| !Rule::Tag.fits(tag))
            {
                problems.extend(Rule::Tag.check(&format!("metadata.tags[{index}]"), tag));
            }
        }
        Some(other) => problems.push(wrong_list("metadata.tags", other)),
    }
}

fn links(metadata: &Map<String, Value>, problems: &mut Problems) {
    match metadata.get("links") {
        None => {}
        Some(Value::Array(links)) => {
            for (index, link) in links.iter().enumerate() {
                check_link(&format!("metadata.links[{index}]"), link, problems);
            }
        }
        Some(other) => problems.push(wrong_list("metadata.links", other)),
    }
}

fn check_link(path: &str, link: &Value, problems: &mut Problems) {
    let Value::Object(link) = link else {
        problems.push(wrong_type(path, "a mapping with a `url`", link));
        return;
    };
    match link.get("url") {
        Some(url) => problems.extend(Rule::Url.check(&format!("{path}.url"), url)),
        None => {
            let mut problem = missing(
                &format!("{path}.url"),
                "add the address that the link leads to",
            );
            problem.message = format!("`{path}.url` is missing, and every link needs one");
            problems.push(problem);
        }
    }
    for (name, rule) in [
        ("title", Rule::Visible),
        ("icon", Rule::Visible),
        ("type", Rule::Filled),
    ] {
        problems.extend(
            link.get(name)
                .and_then(|value| rule.check(&format!("{path}.{name}"), value)),
        );
    }
}

fn wrong_list(path: &str, found: &Value) -> Problem {
    let problem = wrong_type(path, "a list", found);
    match found {
        Value::String(text) => problem.hint(format!("write it as a list: `[{text}]`")),
        _ => problem,
    }
}
