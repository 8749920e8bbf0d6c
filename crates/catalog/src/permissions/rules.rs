//! The rules that conditions on entities are made of: Backstage's, under the same names (PERM-04).
//!
//! A rule is a question to the index. What is true for one entity and what a list is narrowed to cannot differ: both
//! are the same [`Expression`].

use callboard_auth::{Conditions, ParamInfo, ParamKind, RuleInfo, RuleUse};
use callboard_model::{EntityRef, Error, Result};
use serde_json::Value;

use crate::index::SharedIndex;
use crate::query::Expression;

/// The type of thing that an entity is.
pub(crate) const ENTITY: &str = "catalog-entity";

const fn text(name: &'static str, description: &'static str, required: bool) -> ParamInfo {
    ParamInfo {
        name,
        description,
        kind: ParamKind::Text,
        required,
    }
}

const fn texts(name: &'static str, description: &'static str) -> ParamInfo {
    ParamInfo {
        name,
        description,
        kind: ParamKind::Texts,
        required: true,
    }
}

const fn rule(
    name: &'static str,
    description: &'static str,
    params: &'static [ParamInfo],
) -> RuleInfo {
    RuleInfo {
        name,
        description,
        resource_type: ENTITY,
        params,
    }
}

/// Every rule, in the order in which Backstage lists them.
pub(crate) const RULES: [RuleInfo; 6] = [
    rule(
        "HAS_ANNOTATION",
        "Allow entities with the specified annotation",
        &[
            text("annotation", "Name of the annotation to match on", true),
            text("value", "Value of the annotation to match on", false),
        ],
    ),
    rule(
        "HAS_LABEL",
        "Allow entities with the specified label",
        &[
            text("label", "Name of the label to match on", true),
            text("value", "Value of the label to match on", false),
        ],
    ),
    rule(
        "HAS_METADATA",
        "Allow entities with the specified metadata subfield",
        &[
            text(
                "key",
                "Property within the entities metadata to match on",
                true,
            ),
            text("value", "Value of the given property to match on", false),
        ],
    ),
    rule(
        "HAS_SPEC",
        "Allow entities with the specified spec subfield",
        &[
            text("key", "Property within the entities spec to match on", true),
            text("value", "Value of the given property to match on", false),
        ],
    ),
    rule(
        "IS_ENTITY_KIND",
        "Allow entities matching a specified kind",
        &[texts("kinds", "List of kinds to match at least one of")],
    ),
    rule(
        "IS_ENTITY_OWNER",
        "Allow entities owned by a specified claim",
        &[texts(
            "claims",
            "List of claims to match at least one on within ownedBy",
        )],
    ),
];

/// The entities for which `conditions` are true.
///
/// # Errors
/// `Invalid`, when they use a rule that there is not, or tell it the wrong things.
pub(crate) fn compile(conditions: &Conditions) -> Result<Expression> {
    let all = |conditions: &[Conditions]| conditions.iter().map(compile).collect::<Result<_>>();
    Ok(match conditions {
        Conditions::AllOf(several) => Expression::All(all(several)?),
        Conditions::AnyOf(several) => Expression::Any(all(several)?),
        Conditions::Not(not) => Expression::Not(Box::new(compile(not)?)),
        Conditions::Rule(used) => compile_rule(used)?,
    })
}

fn compile_rule(used: &RuleUse) -> Result<Expression> {
    if used.resource_type != ENTITY {
        let message = format!(
            "`{}` is about `{}`, not about entities",
            used.rule, used.resource_type
        );
        return Err(
            Error::invalid("rule-type", message).hint(format!("write `resourceType: {ENTITY}`"))
        );
    }
    let known = RULES.iter().find(|rule| rule.name == used.rule);
    let Some(rule) = known else {
        let names: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
        let message = format!("there is no rule `{}` about entities", used.rule);
        return Err(Error::invalid("no-such-rule", message)
            .hint(format!("use one of {}", names.join(", "))));
    };
    rule.check(used)?;
    let param = |name: &str| {
        used.params
            .get(name)
            .and_then(Value::as_str)
            .map(str::to_lowercase)
    };
    let list = |name: &str| {
        let items = used
            .params
            .get(name)
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        items
            .filter_map(Value::as_str)
            .map(str::to_lowercase)
            .collect()
    };
    let member = |of: &str, key: &str| {
        let key = format!("{of}.{}", param(key).unwrap_or_default());
        match param("value") {
            None => Expression::Has(key),
            Some(value) => Expression::Is(key, value),
        }
    };
    Ok(match rule.name {
        "HAS_ANNOTATION" => member("metadata.annotations", "annotation"),
        "HAS_LABEL" => member("metadata.labels", "label"),
        "HAS_METADATA" => member("metadata", "key"),
        "HAS_SPEC" => member("spec", "key"),
        "IS_ENTITY_KIND" => Expression::In("kind".to_owned(), list("kinds")),
        _ => Expression::In("relations.ownedby".to_owned(), list("claims")),
    })
}

/// Whether there is an entity `entity_ref` for which `conditions` are true.
///
/// # Errors
/// As [`compile`].
pub(crate) fn is_like(
    index: &SharedIndex,
    entity_ref: &EntityRef,
    conditions: &Conditions,
) -> Result<bool> {
    let expression = compile(conditions)?;
    let index = index.read();
    let id = index.id_of(entity_ref.as_str());
    Ok(id.is_some_and(|id| expression.evaluate(&index).contains(id)))
}
