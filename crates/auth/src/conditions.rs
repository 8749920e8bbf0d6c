//! Which things a decision is about: a tree of rules, in Backstage's JSON (PERM-03).

use std::fmt;

use callboard_model::{Error, Result};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

/// How deep a tree may be.
const DEEPEST: usize = 20;
/// How many rules a tree may have.
const MOST_RULES: usize = 1_000;

/// What a thing has to be like.
///
/// Written `{"allOf": […]}`, `{"anyOf": […]}`, `{"not": …}` or `{"rule": "HAS_LABEL", "resourceType":
/// "catalog-entity", "params": {…}}`. Lists have at least one member.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Conditions {
    /// Every one of them is true.
    AllOf(Vec<Conditions>),
    /// At least one of them is true.
    AnyOf(Vec<Conditions>),
    /// It is not true.
    Not(Box<Conditions>),
    /// A rule is true.
    Rule(RuleUse),
}

/// A rule, as it is used in conditions.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RuleUse {
    /// Its name, such as `IS_ENTITY_OWNER`.
    pub rule: String,
    /// The type of thing it is about, such as `catalog-entity`.
    pub resource_type: String,
    /// What it is told.
    pub params: Map<String, Value>,
}

impl Conditions {
    /// Reads the JSON form. Whether the rules exist is not asked here.
    ///
    /// # Errors
    /// `Invalid`, with the place in the tree that is wrong, such as `conditions.anyOf[1].rule`.
    pub fn parse(json: &Value) -> Result<Self> {
        let mut left = MOST_RULES;
        parse(json, "conditions", DEEPEST, &mut left)
    }

    fn to_json(&self) -> Value {
        match self {
            Self::AllOf(all) => json!({ "allOf": all }),
            Self::AnyOf(any) => json!({ "anyOf": any }),
            Self::Not(not) => json!({ "not": not }),
            Self::Rule(used) => json!({
                "rule": used.rule,
                "resourceType": used.resource_type,
                "params": used.params,
            }),
        }
    }
}

impl Serialize for Conditions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

impl fmt::Display for Conditions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_json().fmt(f)
    }
}

fn parse(json: &Value, place: &str, depth: usize, left: &mut usize) -> Result<Conditions> {
    let wrong = |message: String| {
        Error::invalid("conditions", message).hint(
            "write one of `allOf`, `anyOf`, `not`, or `rule` with `resourceType` and `params`",
        )
    };
    if depth == 0 {
        return Err(wrong(format!(
            "`{place}` is more than {DEEPEST} levels deep"
        )));
    }
    let Value::Object(members) = json else {
        return Err(wrong(format!("`{place}` is not an object")));
    };
    let mut list = |key: &str, value: &Value| {
        let place = format!("{place}.{key}");
        let Some(items) = value.as_array().filter(|items| !items.is_empty()) else {
            return Err(wrong(format!(
                "`{place}` is not a list with at least one member"
            )));
        };
        let items = items.iter().enumerate();
        let parsed =
            items.map(|(at, item)| parse(item, &format!("{place}[{at}]"), depth - 1, left));
        parsed.collect::<Result<Vec<_>>>()
    };
    match single(members) {
        Some(("allOf", value)) => list("allOf", value).map(Conditions::AllOf),
        Some(("anyOf", value)) => list("anyOf", value).map(Conditions::AnyOf),
        Some(("not", value)) => {
            let not = parse(value, &format!("{place}.not"), depth - 1, left)?;
            Ok(Conditions::Not(Box::new(not)))
        }
        _ => {
            *left = left
                .checked_sub(1)
                .ok_or_else(|| wrong(format!("there are more than {MOST_RULES} rules")))?;
            rule(members, place).map(Conditions::Rule)
        }
    }
}

/// The only member of an object that has one.
fn single(members: &Map<String, Value>) -> Option<(&str, &Value)> {
    let mut all = members.iter();
    match (all.next(), all.next()) {
        (Some((key, value)), None) => Some((key, value)),
        _ => None,
    }
}

fn rule(members: &Map<String, Value>, place: &str) -> Result<RuleUse> {
    let wrong = |message| Error::invalid("conditions", message);
    let known = ["rule", "resourceType", "params"];
    if let Some(other) = members.keys().find(|key| !known.contains(&key.as_str())) {
        return Err(wrong(format!("`{place}.{other}` is not known")).hint(
            "write one of `allOf`, `anyOf`, `not`, or `rule` with `resourceType` and `params`",
        ));
    }
    let text = |key: &str| match members.get(key).and_then(Value::as_str) {
        Some(text) if !text.is_empty() => Ok(text.to_owned()),
        _ => Err(wrong(format!("`{place}.{key}` is not a text"))),
    };
    let params = match members.get("params") {
        None => Map::new(),
        Some(Value::Object(params)) => params.clone(),
        Some(_) => return Err(wrong(format!("`{place}.params` is not an object"))),
    };
    Ok(RuleUse {
        rule: text("rule")?,
        resource_type: text("resourceType")?,
        params,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(json: Value) -> String {
        Conditions::parse(&json).unwrap_err().message().to_owned()
    }

    #[test]
    fn the_json_form_is_read_and_written() {
        let json = json!({ "anyOf": [
            { "rule": "IS_ENTITY_OWNER", "resourceType": "catalog-entity", "params": { "claims": ["user:default/ada"] } },
            { "not": { "allOf": [
                { "rule": "IS_ENTITY_KIND", "resourceType": "catalog-entity", "params": { "kinds": ["API"] } },
            ] } },
        ] });

        let conditions = Conditions::parse(&json).unwrap();

        assert_eq!(serde_json::to_value(&conditions).unwrap(), json);
    }

    #[test]
    fn params_may_be_left_out() {
        let conditions = Conditions::parse(&json!({ "rule": "R", "resourceType": "t" })).unwrap();

        assert_eq!(
            conditions.to_string(),
            r#"{"rule":"R","resourceType":"t","params":{}}"#
        );
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let rule = json!({ "rule": "R", "resourceType": "t" });
        for (json, expected) in [
            (json!(7), "`conditions` is not an object"),
            (json!({}), "`conditions.rule` is not a text"),
            (
                json!({ "allOf": [] }),
                "`conditions.allOf` is not a list with at least one member",
            ),
            (
                json!({ "anyOf": [rule, { "not": 7 }] }),
                "`conditions.anyOf[1].not` is not an object",
            ),
            (
                json!({ "anyOf": [rule], "allOf": [rule] }),
                "`conditions.anyOf` is not known",
            ),
            (
                json!({ "rule": "R" }),
                "`conditions.resourceType` is not a text",
            ),
            (
                json!({ "rule": "R", "resourceType": "t", "params": [] }),
                "`conditions.params` is not an object",
            ),
        ] {
            assert_eq!(message(json), expected);
        }
    }

    #[test]
    fn a_tree_is_bounded() {
        let rule = json!({ "rule": "R", "resourceType": "t" });
        let deep = (0..DEEPEST).fold(rule.clone(), |inner, _| json!({ "not": inner }));
        assert!(message(deep).ends_with("is more than 20 levels deep"));
        let wide = json!({ "anyOf": vec![rule; MOST_RULES + 1] });
        assert_eq!(message(wide), "there are more than 1000 rules");
    }
}
