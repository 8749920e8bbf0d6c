//! Findings for programs.

use serde_json::{Value, json};

use super::check::Outcome;
use super::finding::Finding;

pub(super) fn render(outcome: &Outcome) -> String {
    let report = json!({
        "files": outcome.files,
        "entities": outcome.entities,
        "skeletons": outcome.skeletons,
        "problems": outcome.findings.iter().map(problem).collect::<Vec<_>>(),
    });
    format!("{report:#}\n")
}

fn problem(finding: &Finding) -> Value {
    let problem = &finding.problem;
    let mut value = json!({
        "file": finding.file,
        "code": problem.code,
        "message": problem.message,
    });
    let places = problem.span.map(|_| (finding.start(), finding.end));
    if let Some(((line, column), (end_line, end_column))) = places {
        value["line"] = line.into();
        value["column"] = column.into();
        value["endLine"] = end_line.into();
        value["endColumn"] = end_column.into();
    }
    let texts = [
        ("entityRef", &finding.entity),
        ("path", &problem.path),
        ("hint", &problem.hint),
    ];
    for (key, text) in texts {
        if let Some(text) = text {
            value[key] = text.as_str().into();
        }
    }
    value
}
