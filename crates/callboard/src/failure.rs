//! Why a command failed, as people read it in the terminal.

use std::io::Write;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use callboard_config::{ConfigErrors, Diagnostic};
use callboard_model::Error;

/// Why a command failed.
#[derive(Debug)]
pub enum Failure {
    /// One thing went wrong.
    Error(Error),
    /// The configuration is wrong, perhaps in several places.
    Config(ConfigErrors),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl From<ConfigErrors> for Failure {
    fn from(errors: ConfigErrors) -> Self {
        Self::Config(errors)
    }
}

impl Failure {
    /// Prints what is wrong and what to do about it.
    pub(crate) fn print(&self) {
        match self {
            Self::Error(error) => print_error(error),
            Self::Config(errors) => {
                errors
                    .iter()
                    .for_each(|diagnostic| print_diagnostic(diagnostic, Level::ERROR));
            }
        }
    }
}

fn print_error(error: &Error) {
    let mut stderr = anstream::stderr();
    let _ = writeln!(stderr, "error: {}", error.message());
    if let Some(cause) = root_cause(error) {
        let _ = writeln!(stderr, "cause: {cause}");
    }
    if let Some(hint) = error.hint_text() {
        let _ = writeln!(stderr, "hint: {hint}");
    }
}

/// The innermost cause: those between only say it again.
fn root_cause(error: &Error) -> Option<&dyn std::error::Error> {
    let mut cause = std::error::Error::source(error)?;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    Some(cause)
}

/// Prints a fault of the configuration with the line it is in.
pub(crate) fn print_diagnostic(diagnostic: &Diagnostic, level: Level<'static>) {
    let _ = writeln!(anstream::stderr(), "{}\n", render(diagnostic, level));
}

fn render(diagnostic: &Diagnostic, level: Level<'static>) -> String {
    let title = match diagnostic.key.as_str() {
        "" => diagnostic.message.clone(),
        key => format!("{key}: {}", diagnostic.message),
    };
    let mut group = Group::with_title(level.primary_title(title));
    if let Some(place) = &diagnostic.place {
        group = match place.span {
            Some(span) => group.element(
                Snippet::source(place.line_text.as_str())
                    .line_start(span.line)
                    .path(place.source.as_str())
                    .annotation(AnnotationKind::Primary.span(place.underline())),
            ),
            None => group.element(Level::NOTE.message(format!("set by {}", place.source))),
        };
    }
    if let Some(hint) = &diagnostic.hint {
        group = group.element(Level::HELP.with_name("hint").message(hint.as_str()));
    }
    Renderer::styled().render(&[group])
}
