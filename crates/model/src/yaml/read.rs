//! From a text to its documents, past those that are broken.

use granit_parser::{Event, Options as ParserOptions, Parser, ScanError, StrInput};

use super::budget::Budget;
use super::compose::{Composer, Stop, place};
use super::{Document, Options, Stream, complaint, explain, spans};
use crate::problem::Problems;
use crate::{Problem, Span};

/// How a document ended.
enum End {
    /// As it should, or with a problem that the parser has got past.
    Document,
    /// The parser stands inside a broken document.
    Broken,
    /// Nothing follows.
    Text,
}

pub(super) fn stream(text: &str, options: &Options) -> Stream {
    if text.len() > options.max_bytes.min(spans::MAX_BYTES) {
        let problem = complaint::too_large(text.len(), options).span(whole(text));
        return Stream {
            problems: vec![problem],
            ..Stream::default()
        };
    }
    let mut reader = Reader {
        parser: Parser::new_from_str_with_options(text, parser_options(options)),
        text,
        options,
        budget: Budget::new(options),
        documents: Vec::new(),
        problems: Problems::default(),
    };
    reader.run();
    Stream {
        documents: reader.documents,
        problems: reader.problems.into_vec(),
    }
}

struct Reader<'t> {
    parser: Parser<'t, StrInput<'t>>,
    text: &'t str,
    options: &'t Options,
    budget: Budget,
    documents: Vec<Document>,
    problems: Problems,
}

impl Reader<'_> {
    fn run(&mut self) {
        loop {
            match self.document() {
                End::Document => {}
                End::Broken if matches!(self.parser.proceed_next_document(), Ok(true)) => {}
                End::Broken | End::Text => return,
            }
        }
    }

    fn document(&mut self) -> End {
        let mut composer = Composer::new(self.options, &mut self.budget);
        let mut start = None;
        let (problem, end) = loop {
            let (event, span) = match self.parser.next_event() {
                Some(Ok(next)) => next,
                Some(Err(error)) => break (syntax(&error, self.text, self.options), End::Broken),
                None => return End::Text,
            };
            match &event {
                Event::StreamEnd => return End::Text,
                Event::DocumentStart(..) => start = Some(place(&span)),
                Event::DocumentEnd => {
                    let at = place(&span);
                    let start = start.unwrap_or(at);
                    match composer.finish(Span {
                        end: at.end.max(start.end),
                        ..start
                    }) {
                        Ok(document) => self.documents.push(document),
                        Err(problems) => self.problems.extend(problems),
                    }
                    return End::Document;
                }
                event => match composer.event(event, &span) {
                    Ok(()) => {}
                    Err(Stop::Document(problem)) => break (problem, End::Broken),
                    Err(Stop::Text(problem)) => break (problem, End::Text),
                },
            }
        };
        self.problems.extend(composer.into_problems());
        self.problems.push(problem);
        end
    }
}

fn parser_options(options: &Options) -> ParserOptions {
    let mut parser_options = ParserOptions::default();
    parser_options.emit_unresolved_aliases = true;
    parser_options.emit_comments = false;
    // The composer refuses the depth first, with the place of the value that is too deep.
    parser_options.flow_nesting_limit = options.max_depth.saturating_add(1);
    parser_options.block_nesting_limit = options.max_depth.saturating_add(1);
    parser_options
}

fn syntax(error: &ScanError, text: &str, options: &Options) -> Problem {
    let problem = explain::syntax(error, options);
    let marker = error.marker();
    let start = marker.byte_offset().unwrap_or_default().min(text.len());
    let line = marker.line();
    if let Some((start, column)) = explain::is_about_tab(error)
        .then(|| indenting_tab(text, start))
        .flatten()
    {
        return problem.span(Span {
            start,
            end: start + 1,
            line,
            column,
        });
    }
    let rest = text.get(start..).unwrap_or_default();
    let length = rest
        .chars()
        .next()
        .filter(|c| *c != '\n')
        .map_or(0, char::len_utf8);
    problem.span(Span {
        start,
        end: start + length,
        line,
        column: marker.col() + 1,
    })
}

/// The first tab in the indentation before `at`, and its column. The parser stops behind it, and what
/// people look for is the tab.
fn indenting_tab(text: &str, at: usize) -> Option<(usize, usize)> {
    let before = text.get(..at)?;
    let line = before.rfind('\n').map_or(0, |end| end + 1);
    let indentation = &before[line..];
    let tab = indentation.find('\t')?;
    indentation
        .trim_start_matches([' ', '\t'])
        .is_empty()
        .then_some((line + tab, tab + 1))
}

fn whole(text: &str) -> Span {
    Span {
        start: 0,
        end: text.len(),
        line: 1,
        column: 1,
    }
}
