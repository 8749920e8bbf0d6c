//! From the parser's events to one document's value and the places of its parts.

use granit_parser::{Event, ScalarStyle, Span as ParserSpan, StructureStyle};
use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

use super::budget::{Budget, Weight};
use super::open::{Key, Open};
use super::scalar::Scalar;
use super::spans::{self, Node, Spans};
use super::{Document, Options, complaint, keys};
use crate::problem::Problems;
use crate::{Problem, Span};

/// How many values a document has room for at first: as many as most entities have.
const USUAL_NODES: usize = 48;

/// Why composing ends before its document does.
pub(super) enum Stop {
    /// Only this document is lost.
    Document(Problem),
    /// The text is refused from here on.
    Text(Problem),
}

/// Builds one document.
pub(super) struct Composer<'o> {
    options: &'o Options,
    budget: &'o mut Budget,
    stack: Vec<Open>,
    anchors: FxHashMap<usize, Anchored>,
    nodes: Vec<Node>,
    root: Option<Value>,
    problems: Problems,
}

/// A value that aliases repeat.
struct Anchored {
    value: Value,
    /// How the value is spelled where an alias makes it a mapping's key.
    key: String,
    weight: Weight,
}

impl<'o> Composer<'o> {
    pub(super) fn new(options: &'o Options, budget: &'o mut Budget) -> Self {
        Self {
            options,
            budget,
            stack: Vec::new(),
            anchors: FxHashMap::default(),
            nodes: Vec::with_capacity(USUAL_NODES),
            root: None,
            problems: Problems::default(),
        }
    }

    /// The document, or everything that is wrong with it.
    pub(super) fn finish(self, span: Span) -> Result<Document, Vec<Problem>> {
        if !self.problems.is_empty() {
            return Err(self.problems.into_vec());
        }
        let value = self.root.unwrap_or_default();
        Ok(Document {
            value,
            span,
            spans: Spans::new(self.nodes),
        })
    }

    /// What was found wrong before composing stopped.
    pub(super) fn into_problems(self) -> Vec<Problem> {
        self.problems.into_vec()
    }

    pub(super) fn event(&mut self, event: &Event<'_>, span: &ParserSpan) -> Result<(), Stop> {
        let at = place(span);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.spend(text.len(), at)?;
                let scalar = Scalar::read(text, *style, tag.as_deref());
                let merge = self.options.merge_keys && *style == ScalarStyle::Plain && text == "<<";
                self.scalar(&scalar, at, *anchor, merge)
            }
            Event::SequenceStart(style, anchor, _) => {
                self.open(Open::sequence(), *style, at, *anchor)
            }
            Event::MappingStart(style, anchor, _) => {
                self.open(Open::mapping(), *style, at, *anchor)
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(at),
            Event::Alias(id) => self.alias(*id, at),
            Event::UnresolvedAlias(name) => self.dead_alias(complaint::unresolved_alias(name), at),
            _ => Ok(()),
        }
    }

    fn scalar(
        &mut self,
        scalar: &Scalar<'_>,
        at: Span,
        anchor: usize,
        merge: bool,
    ) -> Result<(), Stop> {
        let value = scalar.value();
        if anchor != 0 {
            let weight = Weight::of_scalar(&value);
            self.keep(
                anchor,
                Anchored {
                    value: value.clone(),
                    key: scalar.key(),
                    weight,
                },
                at,
            )?;
        }
        if self.expects_key() {
            self.take_key(scalar.key(), at, merge);
            return Ok(());
        }
        self.push_node(at, false);
        self.attach(value, at);
        Ok(())
    }

    fn open(
        &mut self,
        mut open: Open,
        style: StructureStyle,
        at: Span,
        anchor: usize,
    ) -> Result<(), Stop> {
        if self.stack.len() >= self.options.max_depth {
            return Err(Stop::Document(
                complaint::too_deep(self.options.max_depth).span(at),
            ));
        }
        self.spend(0, at)?;
        open.is_key = self.expects_key();
        open.node = self.nodes.len();
        open.anchor = anchor;
        open.flow = style == StructureStyle::Flow;
        open.weight_before = self.budget.spent();
        self.push_node(at, false);
        self.stack.push(open);
        Ok(())
    }

    fn close(&mut self, at: Span) -> Result<(), Stop> {
        let Some(open) = self.stack.pop() else {
            return Ok(());
        };
        let next = self.nodes.len();
        let Some(node) = self.nodes.get_mut(open.node) else {
            return Ok(());
        };
        node.close(if open.flow { at.end } else { open.last_end }, next);
        let span = node.value();
        let weight = self.budget.spent() - open.weight_before;
        let (is_key, anchor, node) = (open.is_key, open.anchor, open.node);
        let value = open.into_value();
        if anchor != 0 {
            let key = keys::spell(&value);
            self.keep(
                anchor,
                Anchored {
                    value: value.clone(),
                    key,
                    weight,
                },
                span,
            )?;
        }
        if is_key {
            self.nodes.truncate(node);
            self.take_key(keys::spell(&value), span, false);
        } else {
            self.attach(value, span);
        }
        Ok(())
    }

    fn alias(&mut self, id: usize, at: Span) -> Result<(), Stop> {
        let Some(anchored) = self.anchors.get(&id) else {
            return self.dead_alias(complaint::recursive_alias(), at);
        };
        self.budget
            .repeat(anchored.weight)
            .map_err(|problem| Stop::Text(problem.span(at)))?;
        if self.expects_key() {
            let key = anchored.key.clone();
            self.take_key(key, at, false);
            return Ok(());
        }
        let value = anchored.value.clone();
        self.push_node(at, true);
        self.attach(value, at);
        Ok(())
    }

    /// An alias that stands for nothing: null in its place, so that what follows is checked too.
    fn dead_alias(&mut self, problem: Problem, at: Span) -> Result<(), Stop> {
        self.problems.push(problem.span(at));
        self.spend(0, at)?;
        self.scalar(&Scalar::Null, at, 0, false)
    }

    /// Counts one more value, with `bytes` of text.
    fn spend(&mut self, bytes: usize, at: Span) -> Result<(), Stop> {
        self.budget
            .spend(bytes)
            .map_err(|problem| Stop::Text(problem.span(at)))
    }

    fn keep(&mut self, anchor: usize, anchored: Anchored, at: Span) -> Result<(), Stop> {
        self.budget
            .keep(anchored.weight)
            .map_err(|problem| Stop::Text(problem.span(at)))?;
        self.anchors.insert(anchor, anchored);
        Ok(())
    }

    fn expects_key(&self) -> bool {
        self.stack.last().is_some_and(Open::expects_key)
    }

    fn take_key(&mut self, name: String, span: Span, merge: bool) {
        let Some(open) = self.stack.last_mut() else {
            return;
        };
        if !merge && open.has_own(&name) {
            self.problems.push_with(|| {
                let first = spans::first_key(&self.nodes, open.node, &name);
                complaint::duplicate_key(&name, first).span(span)
            });
        }
        open.expect_value(Key { name, span, merge });
    }

    fn push_node(&mut self, span: Span, alias: bool) {
        let key = self
            .stack
            .last()
            .and_then(Open::key)
            .map(|key| (key.name.as_str(), key.span));
        self.nodes
            .push(Node::new(key, span, self.nodes.len(), alias));
    }

    fn attach(&mut self, value: Value, at: Span) {
        match self.stack.last_mut() {
            Some(open) => {
                open.last_end = at.end;
                if let Err(problem) = open.add(value) {
                    self.problems.push(problem.span(at));
                }
            }
            None => self.root = Some(value),
        }
    }
}

/// The place that the parser names, in the model's terms.
pub(super) fn place(span: &ParserSpan) -> Span {
    let start = span.start.byte_offset().unwrap_or_default();
    Span {
        start,
        end: span.end.byte_offset().unwrap_or(start).max(start),
        line: span.start.line(),
        column: span.start.col() + 1,
    }
}

/// An object without its type, for the parts that build one.
pub(super) type Object = Map<String, Value>;
