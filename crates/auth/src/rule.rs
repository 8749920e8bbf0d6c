//! The rules that conditions are made of.

use std::fmt;

use callboard_model::{Error, Result};
use serde_json::{Map, Value, json};

use crate::{Caller, Conditions, RuleUse};

/// The things of one type, as those know them who write policies about them.
pub trait ResourceRules: fmt::Debug + Send + Sync {
    /// The type, such as `catalog-entity`.
    fn resource_type(&self) -> &'static str;

    /// The rules that conditions on them may use.
    fn rules(&self) -> &'static [RuleInfo];

    /// For each of `refs`, whether `conditions` are true for it. They are false for what is not there, and for what
    /// `caller` may not see.
    ///
    /// # Errors
    /// `Invalid`, when the conditions use a rule that is not among [`ResourceRules::rules`], or tell it the wrong things.
    fn judge(&self, caller: &Caller, conditions: &Conditions, refs: &[&str]) -> Result<Vec<bool>>;

    /// The things that `conditions` are true for, or all of them, as far as `caller` may see them: how many there are,
    /// and the first `most` in their order. Nothing, when things of this type cannot be counted.
    ///
    /// # Errors
    /// As of [`ResourceRules::judge`].
    fn find(
        &self,
        caller: &Caller,
        conditions: Option<&Conditions>,
        most: usize,
    ) -> Result<Option<Found>> {
        let _ = (caller, conditions, most);
        Ok(None)
    }
}

/// Things that conditions are true for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// How many there are.
    pub total: usize,
    /// What the first of them are called.
    pub refs: Vec<String>,
}

/// A rule: a question about one thing of a type. The crate of the type answers it.
#[derive(Clone, Copy, Debug)]
pub struct RuleInfo {
    /// The name that conditions use, such as `IS_ENTITY_OWNER`.
    pub name: &'static str,
    /// What it is true for.
    pub description: &'static str,
    /// The type of thing it is about, such as `catalog-entity`.
    pub resource_type: &'static str,
    /// What it is told.
    pub params: &'static [ParamInfo],
}

/// A parameter of a rule.
#[derive(Clone, Copy, Debug)]
pub struct ParamInfo {
    /// Its name.
    pub name: &'static str,
    /// What it means.
    pub description: &'static str,
    /// What it looks like.
    pub kind: ParamKind,
    /// Whether it has to be there.
    pub required: bool,
}

/// What a parameter looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamKind {
    /// A text.
    Text,
    /// A list of texts.
    Texts,
}

impl RuleInfo {
    /// The parameters as JSON Schema, in the words in which Backstage publishes them.
    pub fn params_schema(&self) -> Value {
        let properties: Map<String, Value> = self
            .params
            .iter()
            .map(|param| (param.name.to_owned(), param.schema()))
            .collect();
        let required = self.params.iter().filter(|param| param.required);
        let required: Vec<&str> = required.map(|param| param.name).collect();
        json!({
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": false,
            "$schema": "http://json-schema.org/draft-07/schema#",
        })
    }

    /// Checks that a use of the rule tells it what it has to know.
    ///
    /// # Errors
    /// `Invalid`, with the parameter that is missing, unknown or of another type.
    pub fn check(&self, used: &RuleUse) -> Result<()> {
        let wrong = |message| Error::invalid("rule-params", message).hint(self.usage());
        for param in self.params {
            match used.params.get(param.name) {
                None if param.required => {
                    let message = format!("`{}` needs the parameter `{}`", self.name, param.name);
                    return Err(wrong(message));
                }
                Some(value) if !param.kind.fits(value) => {
                    let kind = param.kind.name();
                    let message = format!(
                        "the parameter `{}` of `{}` is not {kind}",
                        param.name, self.name
                    );
                    return Err(wrong(message));
                }
                _ => {}
            }
        }
        let known = |key: &String| self.params.iter().any(|param| param.name == key);
        match used.params.keys().find(|key| !known(key)) {
            None => Ok(()),
            Some(other) => Err(wrong(format!("`{}` has no parameter `{other}`", self.name))),
        }
    }
    /// The parameters in one line.
    fn usage(&self) -> String {
        let params = self.params.iter().map(|param| {
            let optional = if param.required { "" } else { ", or nothing" };
            format!("`{}` ({}{optional})", param.name, param.kind.name())
        });
        format!(
            "`{}` takes {}",
            self.name,
            params.collect::<Vec<_>>().join(" and ")
        )
    }
}

impl ParamInfo {
    fn schema(&self) -> Value {
        match self.kind {
            ParamKind::Text => json!({ "type": "string", "description": self.description }),
            ParamKind::Texts => json!({
                "type": "array",
                "items": { "type": "string" },
                "description": self.description,
            }),
        }
    }
}

impl ParamKind {
    fn fits(self, value: &Value) -> bool {
        match self {
            Self::Text => value.is_string(),
            Self::Texts => value
                .as_array()
                .is_some_and(|items| items.iter().all(Value::is_string)),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Texts => "a list of texts",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: RuleInfo = RuleInfo {
        name: "HAS",
        description: "Things that have it",
        resource_type: "thing",
        params: &[
            ParamInfo {
                name: "keys",
                description: "Any of these",
                kind: ParamKind::Texts,
                required: true,
            },
            ParamInfo {
                name: "value",
                description: "With this",
                kind: ParamKind::Text,
                required: false,
            },
        ],
    };

    #[test]
    fn parameters_are_published_as_a_schema() {
        assert_eq!(
            RULE.params_schema().to_string(),
            concat!(
                r#"{"type":"object","properties":{"keys":{"type":"array","items":{"type":"string"},"description":"Any of these"},"#,
                r#""value":{"type":"string","description":"With this"}},"required":["keys"],"additionalProperties":false,"#,
                r#""$schema":"http://json-schema.org/draft-07/schema#"}"#
            )
        );
    }

    #[test]
    fn a_use_is_checked() {
        let check = |params: Value| {
            let used = RuleUse {
                rule: "HAS".to_owned(),
                resource_type: "thing".to_owned(),
                params: params.as_object().unwrap().clone(),
            };
            RULE.check(&used)
                .map_err(|error| error.message().to_owned())
        };

        assert_eq!(check(json!({ "keys": ["a"], "value": "b" })), Ok(()));
        for (params, message) in [
            (json!({ "value": "b" }), "`HAS` needs the parameter `keys`"),
            (
                json!({ "keys": "a" }),
                "the parameter `keys` of `HAS` is not a list of texts",
            ),
            (
                json!({ "keys": [], "value": 7 }),
                "the parameter `value` of `HAS` is not a text",
            ),
            (
                json!({ "keys": [], "other": 7 }),
                "`HAS` has no parameter `other`",
            ),
        ] {
            assert_eq!(check(params), Err(message.to_owned()));
        }
    }
}
