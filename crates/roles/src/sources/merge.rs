//! All sources together: a role belongs to one of them, and what others say about it does not count.

use super::configuration::Configured;
use super::{Said, Wrong};
use crate::model::{Place, Role};
use crate::snapshot::Contents;

/// What every source says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sources {
    pub(crate) built_in: Vec<Role>,
    pub(crate) configured: Configured,
    pub(crate) roles_file: Said,
    pub(crate) csv_file: Said,
    pub(crate) stored: Vec<Role>,
}

impl Sources {
    /// Puts them together, the first that has a role first, and says what does not count.
    pub(crate) fn merged(&self) -> (Contents, Vec<Wrong>) {
        let mut contents = Contents {
            direct: self.csv_file.direct.clone(),
            super_users: self.configured.super_users.clone(),
            ..Contents::default()
        };
        let mut problems = self.roles_file.problems.clone();
        problems.extend(self.csv_file.problems.iter().cloned());
        let all = [
            &self.built_in,
            &self.configured.roles,
            &self.roles_file.roles,
            &self.csv_file.roles,
            &self.stored,
        ];
        for role in all.into_iter().flatten() {
            match contents.roles.get(&role.name) {
                None => {
                    contents.roles.insert(role.name.clone(), role.clone());
                }
                Some(known) => problems.push(Wrong::new(
                    &Place::from(role.source.as_str()),
                    format!(
                        "`{}` does not count here, because it comes from another source: {}",
                        role.name,
                        known.source.as_str()
                    ),
                )),
            }
        }
        self.give(&mut contents, &mut problems);
        number(&mut contents);
        (contents, problems)
    }

    /// Gives roles to those whom the configuration names.
    fn give(&self, contents: &mut Contents, problems: &mut Vec<Wrong>) {
        for (name, member) in &self.configured.given {
            let Some(role) = contents.roles.get_mut(name) else {
                let place = Place::from("permission.roles");
                problems.push(Wrong::new(&place, format!("there is no role `{name}`")));
                continue;
            };
            match member {
                None => role.of_everyone = true,
                Some(member) => {
                    role.members.insert(member.clone());
                }
            }
        }
    }
}

/// Gives numbers to conditions that are not stored, below those of stored ones.
fn number(contents: &mut Contents) {
    let mut next = 0;
    let roles = contents.roles.values_mut();
    for conditional in roles.flat_map(|role| &mut role.conditionals) {
        if conditional.id <= 0 {
            next -= 1;
            conditional.id = next;
        }
    }
}
