//! The grammar of `filter` parameters (FEATURES 1.6).
//!
//! `kind=component,spec.type=service,spec.type=library` reads: the kind is component AND the type is
//! service OR library. Several parameters: any of them.

use callboard_model::{Error, Result, shortened};
use serde::{Deserialize, Serialize};

use super::expression::Expression;

/// A request with more conditions is refused: nothing sensible is that long.
const MOST_CONDITIONS: usize = 1_000;

/// One condition on one key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Condition {
    key: String,
    /// Any of these; without it, the key only has to be there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    values: Option<Vec<String>>,
}

/// What entities have to match. As JSON it has the shape that Backstage's cursors use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Filter {
    /// One condition.
    Condition(Condition),
    /// Any of them.
    Any {
        /// Which.
        #[serde(rename = "anyOf")]
        any: Vec<Filter>,
    },
    /// All of them.
    All {
        /// Which.
        #[serde(rename = "allOf")]
        all: Vec<Filter>,
    },
    /// Not that one.
    Not {
        /// Which.
        #[serde(rename = "not")]
        not: Box<Filter>,
    },
}

impl Filter {
    /// Reads the values of all `filter` parameters; `None` when they hold no condition.
    pub(crate) fn parse<'a>(parameters: impl IntoIterator<Item = &'a str>) -> Result<Option<Self>> {
        let mut any = Vec::new();
        let mut statements = 0;
        for parameter in parameters {
            let conditions = conditions(parameter, &mut statements)?;
            if !conditions.is_empty() {
                any.push(one_or(conditions, |all| Self::All { all }));
            }
        }
        if any.is_empty() {
            return Ok(None);
        }
        let filter = one_or(any, |any| Self::Any { any });
        filter.check()?;
        Ok(Some(filter))
    }

    /// The same as an expression.
    pub(crate) fn expression(&self) -> Expression {
        match self {
            Self::Condition(Condition { key, values }) => {
                let key = key.to_lowercase();
                match values.as_deref() {
                    None => Expression::Has(key),
                    Some([value]) => Expression::Is(key, value.to_lowercase()),
                    Some(values) => Expression::In(
                        key,
                        values.iter().map(|value| value.to_lowercase()).collect(),
                    ),
                }
            }
            Self::Any { any } => Expression::Any(any.iter().map(Self::expression).collect()),
            Self::All { all } => Expression::All(all.iter().map(Self::expression).collect()),
            Self::Not { not } => Expression::Not(Box::new(not.expression())),
        }
    }

    /// Refuses a filter that is larger than any that makes sense.
    pub(crate) fn check(&self) -> Result<()> {
        if self.size() > MOST_CONDITIONS {
            return Err(too_long());
        }
        Ok(())
    }

    fn size(&self) -> usize {
        match self {
            Self::Condition(condition) => condition
                .values
                .as_ref()
                .map_or(1, |values| values.len().max(1)),
            Self::Any { any: filters } | Self::All { all: filters } => {
                filters.iter().map(Self::size).sum::<usize>() + 1
            }
            Self::Not { not } => not.size() + 1,
        }
    }
}

fn one_or(mut filters: Vec<Filter>, many: impl FnOnce(Vec<Filter>) -> Filter) -> Filter {
    if filters.len() == 1
        && let Some(only) = filters.pop()
    {
        return only;
    }
    many(filters)
}

fn too_long() -> Error {
    let message = format!("the filter has more than {MOST_CONDITIONS} conditions");
    Error::invalid("filter-too-long", message).hint("ask in several requests")
}

/// The conditions of one parameter; values of a repeated key are alternatives. `statements` counts those of all
/// parameters, because each is compared with the keys before it.
fn conditions(parameter: &str, statements: &mut usize) -> Result<Vec<Filter>> {
    let mut conditions: Vec<Condition> = Vec::new();
    for statement in parameter
        .split(',')
        .map(str::trim)
        .filter(|statement| !statement.is_empty())
    {
        *statements += 1;
        if *statements > MOST_CONDITIONS {
            return Err(too_long());
        }
        let (key, value) = match statement.split_once('=') {
            Some((key, value)) => (key.trim(), Some(value.trim())),
            None => (statement, None),
        };
        if key.is_empty() {
            let statement = shortened(statement, 80);
            let message = format!(
                "invalid filter: `{statement}` has no key; expected `key`, `key=` or `key=value`, separated by commas"
            );
            return Err(Error::invalid("invalid-filter", message));
        }
        let place = conditions.iter().position(|condition| condition.key == key);
        let condition = match place {
            Some(place) => &mut conditions[place],
            None => conditions.push_mut(Condition {
                key: key.to_owned(),
                values: None,
            }),
        };
        if let Some(value) = value {
            condition
                .values
                .get_or_insert_default()
                .push(value.to_owned());
        }
    }
    Ok(conditions.into_iter().map(Filter::Condition).collect())
}
