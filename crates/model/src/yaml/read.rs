//! From a text to its documents, past those that are broken.

use granit_parser::{Event, Options as ParserOptions, Parser, ScanError, StrInput};

use super::budget::Budget;
use super::compose::{Composer, Stop, place};
use super::{Options, Stream, complaint, spans};
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
    let mut stream = Stream::default();
    if text.len() > options.max_bytes.min(spans::MAX_BYTES) {
        stream
            .problems
            .push(complaint::too_large(text.len(), options).span(whole(text)));
        return stream;
    }
    let mut parser = Parser::new_from_str_with_options(text, parser_options(options));
    let mut budget = Budget::new(options);
    loop {
        match document(&mut parser, text, options, &mut budget, &mut stream) {
            End::Document => {}
            End::Broken if matches!(parser.proceed_next_document(), Ok(true)) => {}
            End::Broken | End::Text => return stream,
        }
    }
}

fn document<'t>(
    parser: &mut Parser<'t, StrInput<'t>>,
    text: &str,
    options: &Options,
    budget: &mut Budget,
    stream: &mut Stream,
) -> End {
    let mut composer = Composer::new(options, budget);
    let mut start = None;
    loop {
        let (event, span) = match parser.next_event() {
            Some(Ok(next)) => next,
            Some(Err(error)) => {
                stream.problems.extend(composer.into_problems());
                stream.problems.push(syntax(&error, text, options));
                return End::Broken;
            }
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
                    Ok(document) => stream.documents.push(document),
                    Err(problems) => stream.problems.extend(problems),
                }
                return End::Document;
            }
            event => match composer.event(event, &span) {
                Ok(()) => {}
                Err(stop) => {
                    stream.problems.extend(composer.into_problems());
                    let (problem, end) = match stop {
                        Stop::Document(problem) => (problem, End::Broken),
                        Stop::Text(problem) => (problem, End::Text),
                    };
                    stream.problems.push(problem);
                    return end;
                }
            },
        }
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
    let problem = complaint::syntax(error, options);
    let marker = error.marker();
    let (start, line, column) = (
        marker.byte_offset().unwrap_or_default().min(text.len()),
        marker.line(),
        marker.col(),
    );
    let before = text.get(..start).unwrap_or_default();
    let indentation = before.len() - before.rfind('\n').map_or(0, |end| end + 1);
    // The parser stops behind a tab that indents; what people look for is the tab.
    if complaint::is_about_tab(error) && indentation == column && before.ends_with('\t') {
        return problem.span(Span {
            start: start - 1,
            end: start,
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
        column: column + 1,
    })
}

fn whole(text: &str) -> Span {
    Span {
        start: 0,
        end: text.len(),
        line: 1,
        column: 1,
    }
}
