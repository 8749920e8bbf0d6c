//! All roles at one moment, arranged so that a decision looks up and does not search.

use std::collections::{BTreeMap, HashMap, HashSet};

use callboard_model::EntityRef;

use crate::model::{Effect, Place, Policy, Role, Verb};

/// What a policy is about.
type Key = (String, Verb);

/// All roles at one moment.
#[derive(Debug, Default)]
pub(crate) struct Snapshot {
    /// Grows with every change.
    pub(crate) number: u64,
    roles: Vec<Role>,
    by_name: HashMap<String, usize>,
    by_member: HashMap<EntityRef, Vec<usize>>,
    of_everyone: Vec<usize>,
    /// For each role, what its policies say about each thing: the places in its list.
    said: Vec<HashMap<Key, Vec<usize>>>,
    /// Policies that name a person or group instead of a role: they count for those who have no role.
    direct: HashMap<Key, Vec<Direct>>,
    super_users: HashSet<EntityRef>,
}

/// A policy that names a person or group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Direct {
    pub(crate) subject: EntityRef,
    pub(crate) policy: Policy,
}

/// What sources say, put together.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    pub(crate) roles: BTreeMap<String, Role>,
    pub(crate) direct: Vec<Direct>,
    pub(crate) super_users: HashSet<EntityRef>,
}

impl Snapshot {
    pub(crate) fn new(contents: Contents, number: u64) -> Self {
        let mut snapshot = Self {
            number,
            super_users: contents.super_users,
            ..Self::default()
        };
        for direct in contents.direct {
            let key = (direct.policy.target.clone(), direct.policy.verb);
            snapshot.direct.entry(key).or_default().push(direct);
        }
        for (position, role) in contents.roles.into_values().enumerate() {
            snapshot.by_name.insert(role.name.clone(), position);
            for member in &role.members {
                let roles = snapshot.by_member.entry(member.clone()).or_default();
                roles.push(position);
            }
            if role.of_everyone {
                snapshot.of_everyone.push(position);
            }
            let mut said: HashMap<Key, Vec<usize>> = HashMap::new();
            for (index, policy) in role.policies.iter().enumerate() {
                let key = (policy.target.clone(), policy.verb);
                said.entry(key).or_default().push(index);
            }
            snapshot.said.push(said);
            snapshot.roles.push(role);
        }
        snapshot
    }

    /// The same with other roles in the place of those of the same names, and without some.
    pub(crate) fn with(&self, roles: Vec<Role>, without: &[String]) -> Self {
        let known = self
            .roles
            .iter()
            .map(|role| (role.name.clone(), role.clone()));
        let mut all: BTreeMap<String, Role> = known.collect();
        all.retain(|name, _| !without.contains(name));
        all.extend(roles.into_iter().map(|role| (role.name.clone(), role)));
        let contents = Contents {
            roles: all,
            direct: self.direct.values().flatten().cloned().collect(),
            super_users: self.super_users.clone(),
        };
        Self::new(contents, self.number)
    }

    pub(crate) fn roles(&self) -> &[Role] {
        &self.roles
    }

    pub(crate) fn role(&self, name: &str) -> Option<&Role> {
        self.by_name
            .get(name)
            .and_then(|position| self.roles.get(*position))
    }

    pub(crate) fn at(&self, position: usize) -> Option<&Role> {
        self.roles.get(position)
    }

    /// The roles that a person or group was given itself.
    pub(crate) fn given_to(&self, member: &EntityRef) -> &[usize] {
        self.by_member.get(member).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn of_everyone(&self) -> &[usize] {
        &self.of_everyone
    }

    pub(crate) fn is_super_user(&self, subject: &EntityRef) -> bool {
        self.super_users.contains(subject)
    }

    pub(crate) fn has_super_users(&self) -> bool {
        !self.super_users.is_empty()
    }

    /// What a role's policies say about a permission or resource type.
    pub(crate) fn said(&self, role: usize, key: &(String, Verb)) -> impl Iterator<Item = &Policy> {
        let positions = self.said.get(role).and_then(|said| said.get(key));
        let policies = self.roles.get(role).map(|role| &role.policies);
        positions
            .into_iter()
            .flatten()
            .filter_map(move |position| policies.and_then(|policies| policies.get(*position)))
    }

    pub(crate) fn direct(&self, key: &(String, Verb)) -> &[Direct] {
        self.direct.get(key).map_or(&[], Vec::as_slice)
    }
}

impl Policy {
    pub(crate) fn new(
        target: impl Into<String>,
        verb: Verb,
        effect: Effect,
        place: &Place,
    ) -> Self {
        Self {
            target: target.into(),
            verb,
            effect,
            place: Place::clone(place),
        }
    }
}
