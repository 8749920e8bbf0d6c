//! Findings for code scanners, in the Static Analysis Results Interchange Format 2.1.0.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};
use url::Url;

use super::check::Outcome;
use super::finding::Finding;
use crate::VERSION;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

pub(super) fn render(outcome: &Outcome) -> String {
    let codes: BTreeSet<_> = outcome
        .findings
        .iter()
        .map(|finding| finding.problem.code.as_str())
        .collect();
    let rules: Vec<_> = codes.iter().map(|code| json!({ "id": code })).collect();
    let rule_index = |code: &str| codes.iter().position(|known| *known == code);
    let results: Vec<_> = outcome
        .findings
        .iter()
        .map(|finding| result(finding, rule_index(&finding.problem.code)))
        .collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "callboard", "version": VERSION, "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

fn result(finding: &Finding, rule_index: Option<usize>) -> Value {
    let problem = &finding.problem;
    let text = match &problem.hint {
        Some(hint) => format!("{}\n{hint}", problem.message),
        None => problem.message.clone(),
    };
    json!({
        "ruleId": problem.code,
        "ruleIndex": rule_index,
        "level": "error",
        "message": { "text": text },
        "locations": [{ "physicalLocation": location(finding) }],
    })
}

fn location(finding: &Finding) -> Value {
    let mut location = json!({ "artifactLocation": { "uri": uri(&finding.file) } });
    if finding.problem.span.is_some() {
        let ((line, column), (end_line, end_column)) = (finding.start(), finding.end);
        location["region"] = json!({
            "startLine": line,
            "startColumn": column,
            "endLine": end_line,
            "endColumn": end_column,
        });
    }
    location
}

/// A relative reference for a relative path, a `file` URL for an absolute one.
fn uri(file: &str) -> String {
    if Path::new(file).is_absolute() {
        return Url::from_file_path(file)
            .map(String::from)
            .unwrap_or_default();
    }
    let root = "file:///";
    let resolved = Url::parse(root).map(|mut url| {
        url.set_path(&file.replace('\\', "/"));
        url
    });
    resolved
        .map(|url| url.as_str().trim_start_matches(root).to_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_becomes_a_reference() {
        assert_eq!(
            uri("teams/pay ments/catalog-info.yaml"),
            "teams/pay%20ments/catalog-info.yaml"
        );
        assert_eq!(uri("/srv/a#b.yaml"), "file:///srv/a%23b.yaml");
    }
}
