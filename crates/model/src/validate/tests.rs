use serde_json::json;

use super::*;

/// The problems of a component with `metadata` set in, one a line.
fn problems_of(metadata: Value) -> String {
    problems(
        json!({ "apiVersion": "backstage.io/v1alpha1", "kind": "Component", "metadata": metadata }),
    )
}

fn problems(entity: Value) -> String {
    let entity: Entity = serde_json::from_value(entity).unwrap();
    let lines = envelope(&entity).into_iter().map(|problem| {
        let hint = problem
            .hint
            .map(|hint| format!(" ({hint})"))
            .unwrap_or_default();
        format!(
            "{} {}: {}{hint}",
            problem.code,
            problem.path.unwrap_or_default(),
            problem.message
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}
