//! Findings for people.

use std::fmt::Write;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::check::Outcome;
use super::finding::Finding;

pub(super) fn render(outcome: &Outcome) -> String {
    let renderer = Renderer::styled();
    let mut text = String::new();
    for finding in &outcome.findings {
        let _ = writeln!(text, "{}\n", renderer.render(&[group(finding)]));
    }
    let _ = writeln!(text, "{}", summary(outcome));
    text
}

fn group(finding: &Finding) -> Group<'_> {
    let problem = &finding.problem;
    let title = Level::ERROR
        .primary_title(problem.message.as_str())
        .id(problem.code.as_str());
    let mut group = Group::with_title(title);
    group = match &finding.excerpt {
        Some(excerpt) => {
            let label = problem.path.as_deref().unwrap_or_default();
            let mut annotation = AnnotationKind::Primary.span(excerpt.underline.clone());
            if !label.is_empty() {
                annotation = annotation.label(label);
            }
            group.element(
                Snippet::source(excerpt.text.as_str())
                    .line_start(excerpt.first_line)
                    .path(finding.file.as_str())
                    .annotation(annotation),
            )
        }
        None => group.element(Level::NOTE.message(format!("in {}", finding.file))),
    };
    match &problem.hint {
        Some(hint) => group.element(Level::HELP.with_name("hint").message(hint.as_str())),
        None => group,
    }
}

fn summary(outcome: &Outcome) -> String {
    let mut text = format!(
        "{} in {}: ",
        count(outcome.entities, "entity", "entities"),
        count(outcome.files, "file", "files")
    );
    match outcome.findings.len() {
        0 => text.push_str("nothing is wrong."),
        wrong => {
            let _ = write!(text, "{}.", count(wrong, "problem", "problems"));
        }
    }
    if outcome.skeletons > 0 {
        let skeletons = count(outcome.skeletons, "template skeleton", "template skeletons");
        let _ = write!(text, " Left out: {skeletons}.");
    }
    text
}

fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
