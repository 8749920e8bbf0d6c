//! The portal's own file of roles: one YAML document with the list `roles`.

use std::sync::Arc;

use callboard_model::{Error, Result, shortened, yaml};
use serde::Deserialize;
use serde_json::Value;

use super::csv_file::policy;
use super::{Said, Wrong};
use crate::conditions::{collision, tree};
use crate::config::ConditionLimits;
use crate::model::{Conditional, Effect, Mapping, Place, Role, Source, Verb};
use crate::names;

/// A role in the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRole {
    name: String,
    description: Option<String>,
    #[serde(default)]
    members: Vec<String>,
    #[serde(default)]
    permissions: Vec<Value>,
}

/// What a role permits, or takes.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct WrittenPermission {
    permission: Option<String>,
    resource_type: Option<String>,
    #[serde(default)]
    actions: Vec<String>,
    effect: Option<String>,
    when: Option<Value>,
}

/// Reads `text`, which is called `file`.
pub(crate) fn read(text: &str, file: &str, limits: ConditionLimits) -> Said {
    let mut reading = Reading {
        file,
        limits,
        said: Said::default(),
    };
    let stream = yaml::parse(text, &yaml::Options::default());
    for problem in &stream.problems {
        let place = reading.place(problem.span.map(|span| span.line));
        reading
            .said
            .problems
            .push(Wrong::new(&place, &problem.message));
    }
    for document in &stream.documents {
        reading.document(document);
    }
    reading.said
}

struct Reading<'a> {
    file: &'a str,
    limits: ConditionLimits,
    said: Said,
}

impl Reading<'_> {
    fn place(&self, line: Option<usize>) -> Place {
        Place::from(format!("{}:{}", self.file, line.unwrap_or(1)))
    }

    fn at(&self, document: &yaml::Document, pointer: &str) -> Place {
        self.place(document.spans.value(pointer).map(|span| span.line))
    }

    fn document(&mut self, document: &yaml::Document) {
        let (pointer, list) = match &document.value {
            Value::Null => return,
            Value::Array(list) => ("", list),
            other => match other.get("roles").and_then(Value::as_array) {
                Some(list) => ("/roles", list),
                None => {
                    let place = self.place(Some(document.span.line));
                    let wrong = Wrong::new(&place, "the file is a list of roles under `roles`");
                    self.said.problems.push(wrong);
                    return;
                }
            },
        };
        for (index, json) in list.iter().enumerate() {
            let pointer = format!("{pointer}/{index}");
            if let Err(error) = self.role(document, &pointer, json) {
                let place = self.at(document, &pointer);
                self.said.problems.push(Wrong::of(&place, &error));
            }
        }
    }

    fn role(&mut self, document: &yaml::Document, pointer: &str, json: &Value) -> Result<()> {
        let written = WrittenRole::deserialize(json).map_err(unreadable)?;
        let name = names::short_role(&written.name)?;
        if self.said.roles.iter().any(|role| role.name == name) {
            return Err(wrong(format!("`{name}` is written twice")));
        }
        let mut role = Role::new(name, Source::RolesFile);
        role.about.description = written.description;
        role.about.author = Some("roles file".to_owned());
        for (index, text) in written.members.iter().enumerate() {
            let place = self.at(document, &format!("{pointer}/members/{index}"));
            if text == names::EVERYONE {
                role.of_everyone = true;
                continue;
            }
            match names::member(text) {
                Ok(member) => {
                    role.members.insert(member);
                }
                Err(error) => self.said.problems.push(Wrong::of(&place, &error)),
            }
        }
        for (index, json) in written.permissions.iter().enumerate() {
            let place = self.at(document, &format!("{pointer}/permissions/{index}"));
            if let Err(error) = self.permission(&mut role, json, &place) {
                self.said.problems.push(Wrong::of(&place, &error));
            }
        }
        self.said.roles.push(role);
        Ok(())
    }

    fn permission(&self, role: &mut Role, json: &Value, place: &Place) -> Result<()> {
        let written = WrittenPermission::deserialize(json).map_err(unreadable)?;
        let effect = written.effect.as_deref().unwrap_or(Effect::Allow.as_str());
        let verbs = written.verbs()?;
        let Some(when) = &written.when else {
            let target = written.target()?;
            for verb in verbs {
                let new = policy((target, verb.as_str(), effect), place)?;
                role.policies.push(new);
            }
            return Ok(());
        };
        if effect != Effect::Allow.as_str() {
            return Err(wrong(
                "with `when` a role can only allow: write what is excepted as `not`",
            ));
        }
        let new = written.conditional((verbs, when), self.limits, place)?;
        if let Some(known) = collision(&role.conditionals, &new) {
            let message = format!(
                "the role has another `when` for the same, at {}",
                known.place
            );
            return Err(wrong(message));
        }
        role.conditionals.push(new);
        Ok(())
    }
}

impl WrittenPermission {
    fn target(&self) -> Result<&str> {
        match (&self.permission, &self.resource_type) {
            (Some(name), None) | (None, Some(name)) => Ok(name),
            _ => Err(wrong("write either `permission` or `resourceType`")),
        }
    }

    /// The actions: that of a permission is the end of its name, unless they are written.
    fn verbs(&self) -> Result<Vec<Verb>> {
        if self.actions.is_empty() {
            let end = self
                .permission
                .as_deref()
                .map(|name| name.rsplit('.').next());
            return match end {
                Some(end) => Ok(vec![end.and_then(Verb::named).unwrap_or(Verb::Use)]),
                None => Err(wrong("`actions` is missing, such as `actions: [read]`")),
            };
        }
        let verbs = self.actions.iter().map(|text| {
            Verb::named(text).ok_or_else(|| {
                let text = shortened(text, 100);
                wrong(format!(
                    "`{text}` is none of create, read, update, delete, use"
                ))
            })
        });
        verbs.collect()
    }

    fn conditional(
        &self,
        (verbs, when): (Vec<Verb>, &Value),
        limits: ConditionLimits,
        place: &Place,
    ) -> Result<Conditional> {
        let resource_type = self
            .resource_type
            .as_deref()
            .or_else(|| resource_type_of(when));
        let resource_type =
            resource_type.ok_or_else(|| wrong("the rules in `when` have no `resourceType`"))?;
        let mapping = verbs.into_iter().map(|verb| Mapping {
            name: self.permission.clone(),
            verb,
        });
        Ok(Conditional {
            id: 0,
            plugin_id: String::new(),
            resource_type: resource_type.to_owned(),
            mapping: mapping.collect(),
            conditions: Arc::new(tree(
                &with_types(when, resource_type),
                resource_type,
                limits,
            )?),
            place: Place::clone(place),
        })
    }
}

/// The resource type of the first rule that has one.
fn resource_type_of(json: &Value) -> Option<&str> {
    if let Some(text) = json.get("resourceType").and_then(Value::as_str) {
        return Some(text);
    }
    let inner = json.get("not").into_iter();
    let lists = ["allOf", "anyOf"].into_iter();
    let items = lists.filter_map(|key| json.get(key)?.as_array()).flatten();
    inner.chain(items).find_map(resource_type_of)
}

/// The same, where rules that have no resource type have this one.
fn with_types(json: &Value, resource_type: &str) -> Value {
    let mut json = json.clone();
    let Some(object) = json.as_object_mut() else {
        return json;
    };
    if object.contains_key("rule") && !object.contains_key("resourceType") {
        object.insert("resourceType".to_owned(), resource_type.into());
    }
    for key in ["not", "allOf", "anyOf"] {
        match object.get_mut(key) {
            Some(Value::Array(items)) => {
                for item in items {
                    *item = with_types(item, resource_type);
                }
            }
            Some(other) => *other = with_types(other, resource_type),
            None => {}
        }
    }
    json
}

fn unreadable(error: serde_json::Error) -> Error {
    wrong(shortened(&error.to_string(), 300).into_owned())
}

fn wrong(message: impl Into<String>) -> Error {
    Error::invalid("roles-file", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "roles:
  - name: crew
    description: The crew
    members: [group:default/crew, everyone, nobody]
    permissions:
      - permission: catalog.location.create
      - { resourceType: catalog-entity, actions: [read, update] }
      - { permission: catalog.entity.delete, resourceType: catalog-entity,
          when: { not: { rule: HAS_LABEL, params: { label: keep } } } }
      - { resourceType: catalog-entity, actions: [delete], when: { rule: A } }
      - { permission: a, resourceType: b }
      - { permission: a.use, actions: [look] }
      - { permission: a.use, effect: deny, colour: red }
      - { permission: a.use, effect: deny }
  - name: crew
  - 7
";

    #[test]
    fn roles_are_read_and_what_is_wrong_is_named_with_its_line() {
        let said = read(FILE, "roles.yaml", ConditionLimits::default());

        let problems: Vec<_> = said.problems.iter().map(ToString::to_string).collect();
        assert_eq!(problems.len(), 7, "{problems:#?}");
        for (problem, part) in problems.iter().zip([
            "roles.yaml:4: `nobody` is not a name",
            "roles.yaml:10: the role has another `when` for the same, at roles.yaml:8",
            "roles.yaml:11: write either",
            "roles.yaml:12: `look` is none of",
            "roles.yaml:13: unknown field `colour`",
            "roles.yaml:15: `role:default/crew` is written twice",
            "roles.yaml:16: ",
        ]) {
            assert!(problem.starts_with(part), "{problem}");
        }
        let role = &said.roles[0];
        assert!(role.of_everyone && role.members.len() == 1);
        let policies: Vec<_> = role.policies.iter().map(ToString::to_string).collect();
        assert_eq!(
            policies,
            [
                "catalog.location.create, create, allow",
                "catalog-entity, read, allow",
                "catalog-entity, update, allow",
                "a.use, use, deny"
            ]
        );
        assert!(
            role.conditionals[0]
                .is_about("catalog-entity", ("catalog.entity.delete", Verb::Delete))
        );
        assert!(!role.conditionals[0].is_about("catalog-entity", ("other", Verb::Delete)));
    }
}
