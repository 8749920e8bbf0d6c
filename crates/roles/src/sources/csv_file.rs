//! The file of lines that the RBAC plugin reads: `p, role, permission, action, effect` and `g, member, role`.

use std::collections::{BTreeMap, HashMap};

use callboard_model::{Error, Result, shortened};

use super::{Said, Wrong};
use crate::model::{Effect, Place, Policy, Role, Source, Verb};
use crate::names;
use crate::snapshot::Direct;

/// Reads all lines of `text`, which is called `file`.
pub(crate) fn read(text: &str, file: &str) -> Said {
    let mut lines = Lines::default();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let place = Place::from(format!("{file}:{}", index + 1));
        if let Err(error) = lines.add(line, &place) {
            lines.said.problems.push(Wrong::of(&place, &error));
        }
    }
    lines.said.roles = lines.roles.into_values().collect();
    lines.said
}

#[derive(Default)]
struct Lines {
    roles: BTreeMap<String, Role>,
    /// What every policy says, by role, target and action.
    seen: HashMap<(String, String, Verb), (Effect, Place)>,
    said: Said,
}

impl Lines {
    fn add(&mut self, line: &str, place: &Place) -> Result<()> {
        let fields = fields(line)?;
        let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        match fields[..] {
            ["p", subject, target, verb, effect] => {
                self.policy(subject, (target, verb, effect), place)
            }
            ["g", member, role] => self.member(member, role),
            ["p", ..] => Err(wrong(
                "a policy is `p, role, permission, action, allow or deny`",
            )),
            ["g", ..] => Err(wrong("a member is `g, user or group, role`")),
            _ => Err(wrong("a line begins with `p` or `g`")),
        }
    }

    fn policy(
        &mut self,
        subject: &str,
        (target, verb, effect): (&str, &str, &str),
        place: &Place,
    ) -> Result<()> {
        let policy = policy((target, verb, effect), place)?;
        let name = if subject.starts_with("role:") {
            names::role(subject)?
        } else {
            names::member(subject)?.to_string()
        };
        let key = (name.clone(), policy.target.clone(), policy.verb);
        if let Some((effect, before)) = self.seen.get(&key) {
            return Err(wrong(if *effect == policy.effect {
                format!("the same as {before}")
            } else {
                format!("the opposite of {before}")
            }));
        }
        self.seen.insert(key, (policy.effect, Place::clone(place)));
        if subject.starts_with("role:") {
            self.role(name).policies.push(policy);
        } else {
            let subject = names::member(subject)?;
            self.said.direct.push(Direct { subject, policy });
        }
        Ok(())
    }

    fn member(&mut self, member: &str, role: &str) -> Result<()> {
        let member = names::member(member)?;
        let role = names::role(role)?;
        if self.role(role.clone()).members.insert(member.clone()) {
            Ok(())
        } else {
            Err(wrong(format!("`{member}` has `{role}` already")))
        }
    }

    fn role(&mut self, name: String) -> &mut Role {
        let new = || {
            let mut role = Role::new(name.clone(), Source::CsvFile);
            role.about.author = Some("csv permission policy file".to_owned());
            role.about.modified_by = role.about.author.clone();
            role
        };
        self.roles.entry(name.clone()).or_insert_with(new)
    }
}

/// A policy from its three texts.
pub(crate) fn policy((target, verb, effect): (&str, &str, &str), place: &Place) -> Result<Policy> {
    if target.is_empty() {
        return Err(wrong("`permission` is empty"));
    }
    if target.contains('"') {
        return Err(wrong("`permission` has double quotes"));
    }
    if target.len() > LONGEST_TARGET {
        return Err(wrong("`permission` is longer than 255 bytes"));
    }
    let verb = Verb::named(verb).ok_or_else(|| {
        let verb = shortened(verb, 100);
        wrong(format!(
            "`{verb}` is none of create, read, update, delete, use"
        ))
    })?;
    let effect = Effect::named(effect).ok_or_else(|| {
        let effect = shortened(effect, 100);
        wrong(format!("`{effect}` is neither `allow` nor `deny`"))
    })?;
    Ok(Policy::new(target, verb, effect, place))
}

const LONGEST_TARGET: usize = 255;

/// The fields of a line, with the quotes of CSV.
fn fields(line: &str) -> Result<Vec<String>> {
    let mut fields = Vec::new();
    let mut rest = line;
    loop {
        rest = rest.trim_start();
        let (field, after) = match rest.strip_prefix('"') {
            Some(quoted) => {
                let (field, after) = quoted
                    .split_once('"')
                    .ok_or_else(|| wrong("a quote is not closed"))?;
                (field, after.trim_start())
            }
            None => {
                let end = rest.find(',').unwrap_or(rest.len());
                rest.split_at(end)
            }
        };
        fields.push(field.trim().to_owned());
        match after.strip_prefix(',') {
            Some(next) => rest = next,
            None if after.is_empty() => return Ok(fields),
            None => return Err(wrong("something follows a closing quote")),
        }
    }
}

fn wrong(message: impl Into<String>) -> Error {
    Error::invalid("policy-line", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_as_the_plugin_reads_it() {
        let text = "# roles\n\np, role:default/a, catalog-entity, read, allow\r\ng, User:default/Ada, role:default/a\n  p, \"role:default/a\", catalog.entity.create, create, deny\np, group:default/crew, kubernetes.proxy, use, allow\n";

        let said = read(text, "p.csv");

        assert_eq!(said.problems, []);
        let role = &said.roles[0];
        assert_eq!(role.name, "role:default/a");
        assert_eq!(
            role.members.iter().next().unwrap().as_str(),
            "user:default/ada"
        );
        let policies: Vec<_> = role.policies.iter().map(ToString::to_string).collect();
        assert_eq!(
            policies,
            [
                "catalog-entity, read, allow",
                "catalog.entity.create, create, deny"
            ]
        );
        assert_eq!(&*role.policies[1].place, "p.csv:5");
        assert_eq!(said.direct[0].subject.as_str(), "group:default/crew");
    }

    #[test]
    fn a_wrong_line_is_named_and_the_rest_counts() {
        let cases = [
            ("x, y", "a line begins with `p` or `g`"),
            (
                "p, role:default/a, catalog-entity, read",
                "a policy is `p, role, permission, action, allow or deny`",
            ),
            (
                "p, role:default/a, catalog-entity, look, allow",
                "`look` is none of create, read, update, delete, use",
            ),
            (
                "p, role:default/a, catalog-entity, read, maybe",
                "`maybe` is neither `allow` nor `deny`",
            ),
            ("p, role:default/a, , read, allow", "`permission` is empty"),
            (
                "g, user:default/ada",
                "a member is `g, user or group, role`",
            ),
            (
                "g, user:default/eve, role:default/a",
                "`user:default/eve` has `role:default/a` already",
            ),
            (
                "p, role:default/a, thing, use, deny",
                "the opposite of p.csv:2",
            ),
            (
                "p, role:default/a, thing, use, allow",
                "the same as p.csv:2",
            ),
            (
                "p, \"role:default/a, thing, use, allow",
                "a quote is not closed",
            ),
            (
                "p, \"role:default/a\" thing, use, allow",
                "something follows a closing quote",
            ),
        ];
        for (line, message) in cases {
            let text = format!(
                "g, user:default/eve, role:default/a\np, role:default/a, thing, use, allow\n{line}\ng, user:default/bob, role:default/a\n"
            );
            let said = read(&text, "p.csv");
            let problems: Vec<_> = said.problems.iter().map(ToString::to_string).collect();
            assert_eq!(problems, [format!("p.csv:3: {message}")]);
            assert_eq!(said.roles[0].members.len(), 2);
        }
        for line in [
            "g, role:default/b, role:default/a",
            "g, user:default/ada, group:default/a",
            "p, a, b, read, allow",
        ] {
            assert_eq!(read(line, "p.csv").problems.len(), 1, "{line}");
        }
    }

    #[test]
    fn hundreds_of_wrong_lines_are_each_named() {
        let text: String = (0..500)
            .map(|number| {
                format!("g, user:default/u{number}, role:default/a\n\"{number}\nq, {number}\n")
            })
            .collect();

        let said = read(&text, "p.csv");

        assert_eq!(said.problems.len(), 1_000);
        assert_eq!(said.problems[999].place.as_ref(), "p.csv:1500");
        assert_eq!(said.roles[0].members.len(), 500);
    }
}
