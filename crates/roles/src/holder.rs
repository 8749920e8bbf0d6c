//! Which roles somebody has, and how they come to have them.

use std::collections::{BTreeMap, HashSet, VecDeque};

use callboard_auth::{Directory, Principal};
use callboard_model::EntityRef;

use crate::snapshot::Snapshot;
use crate::sources::built_in::may_everything;

/// The most groups that are looked at for one person.
const MOST_GROUPS: usize = 10_000;

/// How somebody without an account is known to policies.
pub(crate) const GUEST: &str = "user:development/guest";

/// Somebody whose roles are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Subject {
    pub(crate) entity_ref: EntityRef,
    /// What they signed in as: what conditions call `$ownerRefs`.
    pub(crate) ownership: Vec<EntityRef>,
}

impl Subject {
    /// Somebody who calls; nobody, when it is a program.
    pub(crate) fn of(principal: &Principal) -> Option<Self> {
        match principal {
            Principal::Guest => {
                let guest: EntityRef = GUEST.parse().ok()?;
                Some(Self {
                    ownership: vec![guest.clone()],
                    entity_ref: guest,
                })
            }
            Principal::User(user) => Some(Self {
                entity_ref: user.entity_ref.clone(),
                ownership: user.ownership.clone(),
            }),
            Principal::Service(_) => None,
        }
    }
}

/// How far to look for the roles of somebody.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reach {
    /// How far up from their own groups.
    pub(crate) max_depth: Option<u32>,
    /// Whether what they signed in as counts too.
    pub(crate) with_ownership: bool,
}

/// Somebody with their roles.
#[derive(Clone, Debug)]
pub(crate) struct Holder {
    pub(crate) subject: Subject,
    /// Everything by which they may have roles: themselves and groups, each with the one that led to it.
    pub(crate) parties: BTreeMap<EntityRef, Option<EntityRef>>,
    /// The positions of their roles in the snapshot, each once.
    pub(crate) roles: Vec<usize>,
    /// Whether they may do everything, by who they are or by the role that does.
    pub(crate) is_super_user: bool,
}

impl Holder {
    /// Looks up all roles of `subject`.
    pub(crate) fn find(
        subject: Subject,
        snapshot: &Snapshot,
        directory: &dyn Directory,
        reach: Reach,
    ) -> Self {
        let mut parties = parties(&subject.entity_ref, directory, reach.max_depth);
        if reach.with_ownership {
            for owned in &subject.ownership {
                let lead = Some(subject.entity_ref.clone());
                parties.entry(owned.clone()).or_insert(lead);
            }
        }
        let mut seen = HashSet::new();
        let given = parties.keys().flat_map(|party| snapshot.given_to(party));
        let roles: Vec<usize> = given
            .chain(snapshot.of_everyone())
            .copied()
            .filter(|role| seen.insert(*role))
            .collect();
        let is_super_user = {
            let mut own = subject.ownership.iter().chain([&subject.entity_ref]);
            let is_admin = |role: &usize| snapshot.at(*role).is_some_and(may_everything);
            own.any(|party| snapshot.is_super_user(party)) || roles.iter().any(is_admin)
        };
        Self {
            subject,
            parties,
            roles,
            is_super_user,
        }
    }

    /// How they come to `party`, from themselves on.
    pub(crate) fn path_to(&self, party: &EntityRef) -> Vec<EntityRef> {
        let mut path = vec![party.clone()];
        let mut at = party;
        while let Some(Some(lead)) = self.parties.get(at) {
            path.push(lead.clone());
            at = lead;
        }
        path.reverse();
        path
    }
}

/// Somebody, their groups, and the groups above those: each group once, also where groups lead in a circle.
fn parties(
    person: &EntityRef,
    directory: &dyn Directory,
    max_depth: Option<u32>,
) -> BTreeMap<EntityRef, Option<EntityRef>> {
    let mut found = BTreeMap::from([(person.clone(), None)]);
    let mut waiting = VecDeque::from([(person.clone(), 0)]);
    while let Some((party, depth)) = waiting.pop_front() {
        if max_depth.is_some_and(|most| depth > most) {
            continue;
        }
        for group in directory.groups_of(&party) {
            if found.len() >= MOST_GROUPS {
                return found;
            }
            if !found.contains_key(&group) {
                found.insert(group.clone(), Some(party.clone()));
                waiting.push_back((group, depth + 1));
            }
        }
    }
    found
}
