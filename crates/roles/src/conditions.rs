//! Conditions of a role, in the JSON of the RBAC plugin, and what is refused about them.

use std::sync::Arc;

use callboard_auth::Conditions;
use callboard_model::{Error, Result, shortened};
use serde_json::{Map, Value, json};

use crate::config::ConditionLimits;
use crate::model::{Conditional, Mapping, Place, Verb};
use crate::names;
use crate::permissions::POLICY_ENTITY;

/// The most permissions that one condition may be about by their names.
const MOST_NAMED: usize = 25;

/// A condition as it is written, with the role that it belongs to.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    pub(crate) role: String,
    pub(crate) conditional: Conditional,
}

/// Reads `{roleEntityRef, result, pluginId, resourceType, permissionMapping, conditions}`.
///
/// # Errors
/// `Invalid`, with what is missing or wrong.
pub(crate) fn read(json: &Value, limits: ConditionLimits, place: &Place) -> Result<Written> {
    let role = names::role(text(json, "roleEntityRef")?)?;
    if text(json, "result")? != "CONDITIONAL" {
        return Err(wrong("`result` is always `CONDITIONAL`"));
    }
    let plugin_id = text(json, "pluginId")?.to_owned();
    let resource_type = text(json, "resourceType")?.to_owned();
    let mapping = mapping(json.get("permissionMapping").unwrap_or(&Value::Null))?;
    if resource_type == POLICY_ENTITY && mapping.iter().any(|one| one.verb == Verb::Create) {
        return Err(wrong(
            "what `policy-entity` is created cannot be told by conditions",
        ));
    }
    let conditions = json
        .get("conditions")
        .ok_or_else(|| wrong("`conditions` is missing"))?;
    Ok(Written {
        role,
        conditional: Conditional {
            id: 0,
            plugin_id,
            conditions: Arc::new(tree(conditions, &resource_type, limits)?),
            resource_type,
            mapping,
            place: Place::clone(place),
        },
    })
}

/// Reads a tree of rules about things of a type, within limits.
pub(crate) fn tree(
    json: &Value,
    resource_type: &str,
    limits: ConditionLimits,
) -> Result<Conditions> {
    let mut nodes = limits.max_condition_node_count;
    within(json, limits.max_condition_depth, &mut nodes, limits)?;
    let conditions = Conditions::parse(json)?;
    of_type(&conditions, resource_type)?;
    Ok(conditions)
}

fn within(json: &Value, depth: u32, nodes: &mut u32, limits: ConditionLimits) -> Result<()> {
    if depth == 0 {
        let most = limits.max_condition_depth;
        return Err(wrong(format!("conditions are at most {most} deep")));
    }
    if *nodes == 0 {
        let most = limits.max_condition_node_count;
        return Err(wrong(format!(
            "conditions have at most {most} criteria and rules"
        )));
    }
    *nodes -= 1;
    if let Some(inner) = json.get("not") {
        return within(inner, depth - 1, nodes, limits);
    }
    for key in ["allOf", "anyOf"] {
        let Some(items) = json.get(key).and_then(Value::as_array) else {
            continue;
        };
        let most = limits.max_criteria_items as usize;
        if items.len() > most {
            return Err(wrong(format!("`{key}` has at most {most} items")));
        }
        for item in items {
            within(item, depth - 1, nodes, limits)?;
        }
    }
    Ok(())
}

fn of_type(conditions: &Conditions, resource_type: &str) -> Result<()> {
    match conditions {
        Conditions::AllOf(trees) | Conditions::AnyOf(trees) => trees
            .iter()
            .try_for_each(|tree| of_type(tree, resource_type)),
        Conditions::Not(tree) => of_type(tree, resource_type),
        Conditions::Rule(used) if used.resource_type == resource_type => Ok(()),
        Conditions::Rule(used) => Err(wrong(format!(
            "the rule `{}` is about `{}`, and the condition about `{}`",
            shortened(&used.rule, 100),
            shortened(&used.resource_type, 100),
            shortened(resource_type, 100)
        ))),
    }
}

/// Reads the actions, or the permissions with their actions, that a condition is about.
pub(crate) fn mapping(json: &Value) -> Result<Vec<Mapping>> {
    let entries = json.as_array().filter(|entries| !entries.is_empty());
    let entries =
        entries.ok_or_else(|| wrong("`permissionMapping` is a list that is not empty"))?;
    let mut all: Vec<Mapping> = Vec::new();
    for entry in entries {
        let one = entry_of(entry)?;
        if all.contains(&one) {
            return Err(wrong(format!(
                "`permissionMapping` names `{}` twice",
                shown(&one)
            )));
        }
        all.push(one);
    }
    let named = all.iter().filter(|one| one.name.is_some()).count();
    if named != 0 && named != all.len() {
        return Err(wrong(
            "`permissionMapping` has either actions, or permissions with actions, and not both",
        ));
    }
    if named > MOST_NAMED {
        return Err(wrong(format!(
            "`permissionMapping` has at most {MOST_NAMED} permissions"
        )));
    }
    Ok(all)
}

fn entry_of(json: &Value) -> Result<Mapping> {
    let (name, verb) = match json {
        Value::String(verb) => (None, verb.as_str()),
        Value::Object(_) => (Some(text(json, "name")?.to_owned()), text(json, "action")?),
        _ => {
            return Err(wrong(
                "`permissionMapping` has actions, or objects with `name` and `action`",
            ));
        }
    };
    let verb = Verb::named(verb).ok_or_else(|| {
        let verb = shortened(verb, 100);
        wrong(format!(
            "`{verb}` in `permissionMapping` is none of create, read, update, delete, use"
        ))
    })?;
    Ok(Mapping { name, verb })
}

fn shown(mapping: &Mapping) -> &str {
    mapping.name.as_deref().unwrap_or(mapping.verb.as_str())
}

fn text<'a>(json: &'a Value, key: &str) -> Result<&'a str> {
    let text = json.get(key).and_then(Value::as_str).map(str::trim);
    text.filter(|text| !text.is_empty())
        .ok_or_else(|| wrong(format!("`{key}` is missing")))
}

fn wrong(message: impl Into<String>) -> Error {
    Error::invalid("role-condition", message)
        .hint("write `roleEntityRef`, `result`, `pluginId`, `resourceType`, `permissionMapping` and `conditions`")
}

/// A mapping as the API writes it.
pub(crate) fn mapping_json(mapping: &[Mapping]) -> Value {
    let entries = mapping.iter().map(|one| match &one.name {
        Some(name) => json!({ "name": name, "action": one.verb.as_str() }),
        None => Value::from(one.verb.as_str()),
    });
    Value::Array(entries.collect())
}

/// A condition as the API writes it.
pub(crate) fn written(role: &str, conditional: &Conditional) -> Map<String, Value> {
    let members = [
        ("id", Value::from(conditional.id)),
        ("result", Value::from("CONDITIONAL")),
        ("pluginId", Value::from(conditional.plugin_id.as_str())),
        (
            "resourceType",
            Value::from(conditional.resource_type.as_str()),
        ),
        ("conditions", json!(conditional.conditions)),
        ("roleEntityRef", Value::from(role)),
        ("permissionMapping", mapping_json(&conditional.mapping)),
    ];
    let members = members
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value));
    members.collect()
}

/// Which of `known` is about a permission that `new` is about too.
pub(crate) fn collision<'a>(
    known: &'a [Conditional],
    new: &Conditional,
) -> Option<&'a Conditional> {
    known.iter().find(|known| {
        let mut pairs = known
            .mapping
            .iter()
            .flat_map(|one| new.mapping.iter().map(move |two| (one, two)));
        known.resource_type == new.resource_type && pairs.any(|(one, two)| one.overlaps(two))
    })
}
