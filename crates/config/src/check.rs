//! What looks like a mistake although it can be read.

use crate::Config;
use crate::diagnostic::{Diagnostic, Place};
use crate::key_path::{KeyPath, Step};
use crate::node::Node;
use crate::read::nearest;
use crate::registry::{Registry, Section};
use crate::schema_view::{Child, SchemaView};

/// Everything suspicious in `config`, except what is among `errors` already.
pub(crate) fn warnings(
    config: &Config,
    registry: &Registry,
    errors: &[Diagnostic],
) -> Vec<Diagnostic> {
    let schema = registry.schema();
    let walk = Walk {
        registry,
        schema: SchemaView::new(&schema),
    };
    let mut warnings = config.notes().to_vec();
    walk.unset_variables(config, &mut warnings);
    walk.slips(config, &mut warnings);
    for section in &registry.sections {
        let view = walk.view(&section.path);
        if let (Some(view), Some(node)) = (view, config.node(&section.path)) {
            walk.unknown_keys(node, &section.path, &view, &mut warnings);
        }
    }
    warnings.retain(|warning| !errors.iter().any(|error| error.key == warning.key));
    let mut seen = std::collections::HashSet::new();
    warnings.retain(|warning| seen.insert((warning.code, warning.key.clone())));
    warnings
}

struct Walk<'a> {
    registry: &'a Registry,
    schema: SchemaView<'a>,
}

impl<'a> Walk<'a> {
    fn view(&self, path: &KeyPath) -> Option<SchemaView<'a>> {
        let mut names = path.names();
        let first = names.next()?;
        names.try_fold(known(&self.schema, first)?, |view, name| known(&view, name))
    }

    /// Keys that the schema of their section does not name.
    fn unknown_keys(
        &self,
        node: &Node,
        path: &KeyPath,
        view: &SchemaView<'a>,
        warnings: &mut Vec<Diagnostic>,
    ) {
        for (step, child) in node.children() {
            let path = path.step(step.clone());
            let below = match &step {
                Step::Index(_) => view.item(),
                Step::Key(key) => match view.key(key) {
                    Child::Known(view) => Some(view),
                    Child::Open => None,
                    Child::Unknown if self.is_on_the_way(&path) => None,
                    Child::Unknown => {
                        self.unused_keys(
                            child,
                            &path,
                            &|| unknown(key, &path, child, view),
                            warnings,
                        );
                        None
                    }
                },
            };
            if let Some(below) = below {
                self.unknown_keys(child, &path, &below, warnings);
            }
        }
    }

    /// Looks below a key that no schema names: it may lead to keys that are known and not used.
    fn unused_keys(
        &self,
        node: &Node,
        path: &KeyPath,
        warning: &dyn Fn() -> Diagnostic,
        warnings: &mut Vec<Diagnostic>,
    ) {
        if self.is_unused(path, Extent::Whole) {
            return;
        }
        if !self.is_unused(path, Extent::Part) {
            warnings.push(warning());
            return;
        }
        for (step, child) in node.children() {
            let path = path.step(step);
            self.unused_keys(child, &path, &|| no_such_key(&path, child), warnings);
        }
    }

    /// Whether a section says that the key, or something in it, is known and not used.
    fn is_unused(&self, path: &KeyPath, extent: Extent) -> bool {
        self.registry.sections.iter().any(|section| {
            let names = below(section, path);
            let says =
                |names: &Vec<_>| section.unused.iter().any(|key| matches(key, names, extent));
            names.as_ref().is_some_and(says)
        })
    }

    /// Whether a section lies deeper on this path.
    fn is_on_the_way(&self, path: &KeyPath) -> bool {
        let starts = |section: &Section| section.path.0.starts_with(&path.0);
        self.registry.sections.iter().any(starts)
    }

    fn is_owned(&self, path: &KeyPath) -> bool {
        self.registry
            .sections
            .iter()
            .any(|section| path.0.starts_with(&section.path.0))
    }

    /// Values of our sections that are absent because a variable is not set.
    fn unset_variables(&self, config: &Config, warnings: &mut Vec<Diagnostic>) {
        for unset in config.unset() {
            let matters = self.is_owned(&unset.key) && !self.is_unused(&unset.key, Extent::Whole);
            if matters && config.node(&unset.key).is_none() {
                let variable = &unset.variable;
                let message = format!("absent, because the variable `{variable}` is not set");
                let warning = Diagnostic::new("config-unset-variable", message)
                    .key(&unset.key)
                    .place(unset.place.clone())
                    .hint(format!(
                        "set `{variable}`, or give a fallback: `${{{variable}:-…}}`"
                    ));
                warnings.push(warning);
            }
        }
    }

    /// Sections of nobody whose name is nearly that of one of ours.
    fn slips(&self, config: &Config, warnings: &mut Vec<Diagnostic>) {
        let owned = || {
            self.registry
                .sections
                .iter()
                .filter_map(|section| section.path.names().next())
        };
        for (step, node) in config.root().children() {
            let Step::Key(key) = step else { continue };
            if owned().any(|name| name == key) {
                continue;
            }
            if let Some(name) =
                nearest(&key, owned()).filter(|name| config.node(&KeyPath::dotted(name)).is_none())
            {
                let warning = Diagnostic::new(
                    "config-unknown-key",
                    "no feature has a section of this name",
                )
                .key(&key)
                .place(Place::of_key(&node.origin))
                .hint(format!("did you mean `{name}`?"));
                warnings.push(warning);
            }
        }
    }
}

fn known<'a>(view: &SchemaView<'a>, name: &str) -> Option<SchemaView<'a>> {
    match view.key(name) {
        Child::Known(view) => Some(view),
        Child::Open | Child::Unknown => None,
    }
}

/// The names of `path` below a section.
fn below<'p>(section: &Section, path: &'p KeyPath) -> Option<Vec<&'p str>> {
    let inside = path.0.starts_with(&section.path.0);
    inside.then(|| path.names().skip(section.path.names().count()).collect())
}

/// How much of a key a pattern must name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    Whole,
    Part,
}

/// Whether `pattern` names the key, or something it is in (`Whole`), or something in it (`Part`).
fn matches(pattern: &KeyPath, names: &[&str], extent: Extent) -> bool {
    let agrees = |(part, name): (&str, &str)| part == "*" || part == name;
    let is_deeper = pattern.names().count() > names.len();
    pattern.names().zip(names.iter().copied()).all(agrees) && (extent == Extent::Part || !is_deeper)
}

fn unknown(key: &str, path: &KeyPath, node: &Node, view: &SchemaView<'_>) -> Diagnostic {
    let warning = Diagnostic::new(
        "config-unknown-key",
        "there is no such key, so it has no effect",
    )
    .key(path)
    .place(Place::of_key(&node.origin));
    match nearest(key, view.names()) {
        Some(name) => warning.hint(format!("did you mean `{name}`?")),
        None => warning,
    }
}

fn no_such_key(path: &KeyPath, node: &Node) -> Diagnostic {
    Diagnostic::new(
        "config-unknown-key",
        "there is no such key, so it has no effect",
    )
    .key(path)
    .place(Place::of_key(&node.origin))
}
