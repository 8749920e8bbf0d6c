//! The predicate language of `query` in request bodies (FEATURES 1.6).
//!
//! `{"kind": "component", "$not": …}` is refused and `{"$all": [{"kind": "component"}, {"$not": …}]}` is right: a logic
//! operator stands alone. What is read here means on the index what Backstage's SQL means on its search table.

use callboard_model::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::expression::{Expression, MOST_SEARCHES};
use crate::index::number_text;

/// A predicate with more conditions is refused: nothing sensible is that long.
const MOST_CONDITIONS: usize = 1_000;
/// A predicate that is nested deeper is refused.
const DEEPEST: usize = 50;
/// A predicate whose JSON has more bytes is refused: cursors carry it, and have to be short enough to come back.
const LONGEST: usize = 64 * 1024;

/// What entities have to match. As JSON it is what was asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Value", into = "Value")]
pub(crate) struct Predicate {
    source: Value,
    expression: Expression,
    searches: usize,
}

impl Predicate {
    /// Reads a predicate.
    pub(crate) fn parse(source: Value) -> Result<Self> {
        let mut reader = Reader::default();
        let expression = reader.predicate(&source, "query", 0)?;
        let length = source.to_string().len();
        if length > LONGEST {
            let message = format!("it has {length} bytes, and at most {LONGEST} are read");
            return Err(refused("query", message).hint("ask in several requests"));
        }
        Ok(Self {
            source,
            expression,
            searches: reader.searches,
        })
    }

    /// How many conditions look into the texts of a field.
    pub(super) fn searches(&self) -> usize {
        self.searches
    }

    /// The same as an expression.
    pub(crate) fn expression(&self) -> Expression {
        self.expression.clone()
    }
}

impl TryFrom<Value> for Predicate {
    type Error = Error;

    fn try_from(source: Value) -> Result<Self> {
        Self::parse(source)
    }
}

impl From<Predicate> for Value {
    fn from(predicate: Predicate) -> Self {
        predicate.source
    }
}

/// Reads a predicate, and counts what is in it.
#[derive(Default)]
struct Reader {
    /// Fields, values and logic operators.
    conditions: usize,
    /// Conditions that look into the texts of a field.
    searches: usize,
}

impl Reader {
    fn predicate(&mut self, value: &Value, place: &str, depth: usize) -> Result<Expression> {
        let Value::Object(object) = value else {
            return Err(refused(
                place,
                format!("expected an object such as {{\"kind\": \"component\"}}, found {value}"),
            ));
        };
        if depth > DEEPEST {
            return Err(refused(
                place,
                format!("it is nested more than {DEEPEST} deep"),
            ));
        }
        match object.iter().find(|(key, _)| key.starts_with('$')) {
            None => self.fields(object, place),
            Some((operator, _)) if object.len() > 1 => Err(refused(
                place,
                format!("`{operator}` has to stand alone; put it and the others into one `$all`"),
            )),
            Some((operator, value)) => {
                self.logic(operator, value, &format!("{place}.{operator}"), depth)
            }
        }
    }

    fn logic(
        &mut self,
        operator: &str,
        value: &Value,
        place: &str,
        depth: usize,
    ) -> Result<Expression> {
        self.count(1, place)?;
        match (operator, value) {
            ("$not", not) => {
                let not = self.predicate(not, place, depth + 1)?;
                Ok(Expression::Not(Box::new(not)))
            }
            ("$all", Value::Array(all)) => self.each(all, place, depth).map(Expression::All),
            ("$any", Value::Array(any)) => self.each(any, place, depth).map(Expression::Any),
            ("$all" | "$any", other) => Err(refused(
                place,
                format!("expected a list of predicates, found {other}"),
            )),
            _ => Err(refused(
                place,
                "there is no such operator; a predicate is made of fields, `$all`, `$any` and `$not`",
            )),
        }
    }

    fn each(&mut self, values: &[Value], place: &str, depth: usize) -> Result<Vec<Expression>> {
        values
            .iter()
            .enumerate()
            .map(|(number, value)| self.predicate(value, &format!("{place}[{number}]"), depth + 1))
            .collect()
    }

    fn fields(&mut self, object: &Map<String, Value>, place: &str) -> Result<Expression> {
        if object.is_empty() {
            // It is true for everybody, and work all the same.
            self.count(1, place)?;
        }
        let fields = object
            .iter()
            .map(|(key, value)| self.field(key, value, &format!("{place}.{key}")));
        fields.collect::<Result<_>>().map(Expression::All)
    }

    fn field(&mut self, key: &str, value: &Value, place: &str) -> Result<Expression> {
        self.count(1, place)?;
        let key = key.to_lowercase();
        if let Some(text) = primitive(value) {
            return Ok(Expression::Is(key, text));
        }
        let operator = value.as_object().filter(|object| object.len() == 1);
        match operator.and_then(|object| object.iter().next()) {
            Some((operator, value)) => {
                self.operator(key, operator, value, &format!("{place}.{operator}"))
            }
            None => Err(unlike_a_value(place, value)),
        }
    }

    fn operator(
        &mut self,
        key: String,
        operator: &str,
        value: &Value,
        place: &str,
    ) -> Result<Expression> {
        match (operator, value) {
            ("$exists", Value::Bool(true)) => Ok(Expression::Has(key)),
            ("$exists", Value::Bool(false)) => Ok(Expression::Not(Box::new(Expression::Has(key)))),
            ("$in", Value::Array(values)) => {
                self.count(values.len(), place)?;
                let texts = values.iter().map(|value| {
                    primitive(value)
                        .ok_or_else(|| refused(place, format!("{value} cannot be compared with")))
                });
                Ok(Expression::In(key, texts.collect::<Result<_>>()?))
            }
            ("$hasPrefix", Value::String(prefix)) => {
                self.count_search(place)?;
                Ok(Expression::Prefix(key, prefix.to_lowercase()))
            }
            ("$contains", Value::Object(relation)) if key == "relations" => {
                self.relation(relation, place)
            }
            ("$contains", value) => match primitive(value) {
                Some(text) => Ok(Expression::Is(key, text)),
                None => Err(refused(
                    place,
                    "only `relations` can be searched for objects, as in {\"type\": \"ownedBy\"}",
                )),
            },
            ("$exists", other) => Err(refused(
                place,
                format!("expected true or false, found {other}"),
            )),
            ("$in", other) => Err(refused(
                place,
                format!("expected a list of values, found {other}"),
            )),
            ("$hasPrefix", other) => Err(refused(place, format!("expected a text, found {other}"))),
            _ => Err(refused(
                place,
                "there is no such operator; a field has a value, `$exists`, `$in`, `$hasPrefix` or `$contains`",
            )),
        }
    }

    fn relation(&mut self, relation: &Map<String, Value>, place: &str) -> Result<Expression> {
        let (mut kind, mut targets) = (None, None);
        for (key, value) in relation {
            let place = format!("{place}.{key}");
            let taken = match key.to_lowercase().as_str() {
                "type" => kind.replace(relation_type(value, &place)?).is_some(),
                "targetref" => targets.replace(self.targets(value, &place)?).is_some(),
                _ => {
                    return Err(refused(
                        &place,
                        "a relation is described by `type` and `targetRef` only",
                    ));
                }
            };
            if taken {
                return Err(refused(&place, "it is there twice"));
            }
        }
        let kind = kind.ok_or_else(|| refused(place, "a relation needs its `type`"))?;
        let key = format!("relations.{kind}");
        Ok(match targets {
            None => Expression::Has(key),
            Some(targets) => Expression::In(key, targets),
        })
    }

    fn targets(&mut self, value: &Value, place: &str) -> Result<Vec<String>> {
        let lower = |value: &Value| Some(value.as_str()?.to_lowercase());
        let many = || match value.as_object()?.iter().next()? {
            (operator, Value::Array(values)) if operator == "$in" && !values.is_empty() => {
                values.iter().map(lower).collect()
            }
            _ => None,
        };
        let targets: Vec<String> =
            lower(value)
                .map(|one| vec![one])
                .or_else(many)
                .ok_or_else(|| {
                    refused(
                        place,
                        "expected a reference, or `$in` with a list of references",
                    )
                })?;
        self.count(targets.len(), place)?;
        Ok(targets)
    }

    fn count_search(&mut self, place: &str) -> Result<()> {
        self.searches += 1;
        if self.searches > MOST_SEARCHES {
            let message = format!("the query has more than {MOST_SEARCHES} `$hasPrefix` here");
            return Err(refused(place, message).hint("ask in several requests"));
        }
        Ok(())
    }

    fn count(&mut self, more: usize, place: &str) -> Result<()> {
        self.conditions += more;
        if self.conditions > MOST_CONDITIONS {
            let message = format!("the query has more than {MOST_CONDITIONS} conditions here");
            return Err(refused(place, message));
        }
        Ok(())
    }
}

fn relation_type(value: &Value, place: &str) -> Result<String> {
    let text = value.as_str().filter(|text| !text.is_empty());
    text.map(str::to_lowercase).ok_or_else(|| {
        refused(
            place,
            "expected the type of a relation, such as \"ownedBy\"",
        )
    })
}

/// A text, number or truth value as it is searched for.
pub(super) fn primitive(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.to_lowercase()),
        Value::Number(number) => Some(number_text(number)),
        Value::Bool(bool) => Some(bool.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn unlike_a_value(place: &str, value: &Value) -> Error {
    let message = format!(
        "expected a value, or one of `$exists`, `$in`, `$hasPrefix` and `$contains`, found {value}"
    );
    refused(place, message)
}

/// What was found in a message: short, whatever a hostile client sends.
fn refused(place: &str, why: impl Into<String>) -> Error {
    let shorten = |text: &str| match text.char_indices().nth(300) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    };
    let message = format!(
        "Invalid query at `{}`: {}",
        shorten(place),
        shorten(&why.into())
    );
    Error::invalid("invalid-query", message)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refusal(source: Value) -> String {
        Predicate::parse(source).unwrap_err().message().to_owned()
    }

    #[test]
    fn a_refusal_says_where_and_what() {
        for (source, message) in [
            (
                json!("component"),
                "Invalid query at `query`: expected an object such as {\"kind\": \"component\"}, found \"component\"",
            ),
            (
                json!({ "$all": [{ "kind": "a" }, 1] }),
                "Invalid query at `query.$all[1]`: expected an object such as {\"kind\": \"component\"}, found 1",
            ),
            (
                json!({ "kind": "a", "$not": {} }),
                "Invalid query at `query`: `$not` has to stand alone; put it and the others into one `$all`",
            ),
            (
                json!({ "$nor": [] }),
                "Invalid query at `query.$nor`: there is no such operator; a predicate is made of fields, `$all`, `$any` and `$not`",
            ),
            (
                json!({ "kind": { "$matches": "a" } }),
                "Invalid query at `query.kind.$matches`: there is no such operator; a field has a value, `$exists`, `$in`, `$hasPrefix` or `$contains`",
            ),
            (
                json!({ "kind": { "$in": ["a", null] } }),
                "Invalid query at `query.kind.$in`: null cannot be compared with",
            ),
            (
                json!({ "kind": null }),
                "Invalid query at `query.kind`: expected a value, or one of `$exists`, `$in`, `$hasPrefix` and `$contains`, found null",
            ),
            (
                json!({ "relations": { "$contains": { "targetRef": "a" } } }),
                "Invalid query at `query.relations.$contains`: a relation needs its `type`",
            ),
            (
                json!({ "relations": { "$contains": { "type": "a", "targetRef": { "$in": [] } } } }),
                "Invalid query at `query.relations.$contains.targetRef`: expected a reference, or `$in` with a list of references",
            ),
            (
                json!({ "spec": { "$contains": { "a": 1 } } }),
                "Invalid query at `query.spec.$contains`: only `relations` can be searched for objects, as in {\"type\": \"ownedBy\"}",
            ),
        ] {
            assert_eq!(refusal(source), message);
        }
    }

    #[test]
    fn a_predicate_has_bounds() {
        let deep = (0..100).fold(json!({}), |inner, _| json!({ "$not": inner }));
        assert!(refusal(deep).contains("nested more than 50 deep"));
        let long: Vec<String> = (0..1_001).map(|number| number.to_string()).collect();
        assert!(refusal(json!({ "kind": { "$in": long } })).contains("more than 1000 conditions"));
        let hostile = json!({ "kind": ["x".repeat(100_000)] });
        assert!(refusal(hostile).len() < 1_000);
    }
}
