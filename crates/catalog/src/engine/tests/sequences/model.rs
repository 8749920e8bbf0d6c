//! What has to be seen, worked out from what sources say and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use serde_json::Value;

use super::shelves::Shelves;
use super::stage::{Counting, Seen};
use super::steps::{self, Content, Handed, Step, Written, origin, place};

type Checked = Result<(), TestCaseError>;

/// Who says something, where, and about whom.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Name {
    /// As it is stored: `provider:<name>`, or `entity:<reference of a Location>`.
    source: String,
    part: String,
    target: String,
}

impl Name {
    fn stored(&self) -> (String, String, String) {
        (self.source.clone(), self.part.clone(), self.target.clone())
    }
}

/// What is said.
#[derive(Clone, Debug)]
struct Claim {
    written: Written,
    /// Where it is written down.
    place: String,
    key: String,
    /// The step since which it is there without a break.
    born: usize,
    /// Its source cannot be understood now.
    kept: bool,
}

/// An entity after the last step.
#[derive(Clone, Debug)]
struct Known {
    uid: String,
    /// The claim that counts.
    claim: Value,
    /// The last good version.
    shown: Option<Written>,
}

/// The obvious catalog.
#[derive(Debug, Default)]
pub(super) struct Model {
    step: usize,
    providers: BTreeMap<usize, BTreeMap<String, Handed>>,
    shelves: Shelves,
    claims: BTreeMap<Name, Claim>,
    entities: BTreeMap<String, Known>,
}

/// What is found out about one moment.
#[derive(Default)]
struct Moment {
    claims: BTreeMap<Name, Claim>,
    /// Locations about which not everything could be read.
    troubled: BTreeSet<String>,
}

impl Model {
    /// Takes in what `step` says.
    pub(super) fn play(&mut self, step: &Step) {
        self.step += 1;
        self.shelves.play(step);
        match step {
            Step::Full(provider, all) => {
                self.providers.insert(*provider, first_of_each(all));
            }
            Step::Delta(provider, added, removed) => {
                let said = self.providers.entry(*provider).or_default();
                for entity_ref in removed {
                    said.remove(entity_ref);
                }
                said.extend(first_of_each(added));
            }
            Step::Fill(..) | Step::Smear(_) | Step::Clear(_) | Step::Block(..) | Step::Restart => {}
        }
    }

    /// Compares what is seen with what has to be, and remembers it.
    pub(super) fn check(&mut self, seen: &Seen) -> Checked {
        let moment = self.moment(seen)?;
        let targets: BTreeSet<&String> = moment.claims.keys().map(|name| &name.target).collect();
        prop_assert_eq!(
            targets,
            seen.claimed.keys().collect::<BTreeSet<_>>(),
            "who is claimed"
        );
        let claims: BTreeSet<_> = moment.claims.keys().map(Name::stored).collect();
        prop_assert_eq!(&claims, &seen.claims, "who claims whom");
        let mut entities = BTreeMap::new();
        for entity_ref in seen.claimed.keys() {
            let known = self.known(&moment, entity_ref, seen)?;
            entities.insert(entity_ref.clone(), known);
        }
        self.claims = moment.claims;
        self.entities = entities;
        self.check_shown(seen)?;
        self.check_relations(seen)?;
        for (entity_ref, entity) in &seen.shown {
            self.check_status(entity_ref, entity, seen, &moment.troubled)?;
        }
        Ok(())
    }

    /// Every claim there has to be: those of providers, and of Locations that are claimed themselves.
    fn moment(&self, seen: &Seen) -> Result<Moment, TestCaseError> {
        let mut moment = Moment::default();
        for (provider, said) in &self.providers {
            for (target, handed) in said {
                let name = Name {
                    source: format!("provider:{}", steps::name(*provider)),
                    part: String::new(),
                    target: target.clone(),
                };
                let claim = Claim {
                    written: handed.written.clone(),
                    place: origin(*provider).to_string(),
                    key: handed.key.unwrap_or_default().to_owned(),
                    born: self.claims.get(&name).map_or(self.step, |claim| claim.born),
                    kept: false,
                };
                moment.claims.insert(name, claim);
            }
        }
        let mut expanded = BTreeSet::new();
        while let Some(next) = moment
            .claims
            .keys()
            .map(|name| &name.target)
            .find(|target| !expanded.contains(*target))
        {
            let next = next.clone();
            let Some(counting) = seen.claimed.get(&next) else {
                return Err(TestCaseError::fail(format!("`{next}` is missing")));
            };
            self.expand(&mut moment, &next, counting);
            expanded.insert(next);
        }
        Ok(moment)
    }

    /// Adds what the Location `location` claims, when the claim on it that was seen to count is right.
    fn expand(&self, moment: &mut Moment, location: &str, counting: &Counting) {
        if !location.starts_with("location:") {
            return;
        }
        let stayed = self
            .entities
            .get(location)
            .is_some_and(|known| known.uid == counting.uid);
        let source = &format!("entity:{location}");
        let before = |part: Option<String>| {
            let claims = self.claims.iter().filter(move |(name, _)| {
                stayed
                    && name.source == *source
                    && part.as_ref().is_none_or(|part| *part == name.part)
            });
            claims.map(|(name, claim)| (name.clone(), claim.clone()))
        };
        if !is_good(counting) {
            // It keeps what it had read.
            moment.claims.extend(before(None));
            return;
        }
        let targets = counting.claim["spec"]["targets"].as_array().unwrap();
        let (mut given, mut complete) = (BTreeMap::<char, Option<Content>>::new(), true);
        for target in targets {
            match self.shelves.at(target.as_str().unwrap()) {
                Some(shelves) => given.extend(shelves),
                None => complete = false,
            }
        }
        let troubled =
            |content: &Option<Content>| content.as_ref().is_none_or(|content| content.torn);
        if !complete || given.values().any(troubled) {
            moment.troubled.insert(location.to_owned());
        }
        for (shelf, content) in &given {
            let part = place(*shelf).to_string();
            if troubled(content) {
                let kept = before(Some(part.clone())).map(|(name, mut claim)| {
                    claim.kept = true;
                    (name, claim)
                });
                moment.claims.extend(kept);
            }
            let mut named = BTreeSet::new();
            for written in content.iter().flat_map(|content| &content.entities) {
                let target = written.entity_ref();
                if !named.insert(target.clone()) {
                    continue;
                }
                let name = Name {
                    source: source.clone(),
                    part: part.clone(),
                    target,
                };
                let born = self
                    .claims
                    .get(&name)
                    .filter(|_| stayed)
                    .map_or(self.step, |claim| claim.born);
                let claim = Claim {
                    written: written.clone(),
                    place: part.clone(),
                    key: part.clone(),
                    born,
                    kept: false,
                };
                moment.claims.insert(name, claim);
            }
        }
        if !complete {
            let unseen = before(None).filter(|(name, _)| {
                !given
                    .keys()
                    .any(|shelf| place(*shelf).to_string() == name.part)
            });
            moment.claims.extend(unseen);
        }
    }

    /// The oldest claim counts, and an entity that stayed is the same one.
    fn known(
        &self,
        moment: &Moment,
        entity_ref: &str,
        seen: &Seen,
    ) -> Result<Known, TestCaseError> {
        let counting = &seen.claimed[entity_ref];
        let oldest = counting_claims(&moment.claims, entity_ref, counting);
        prop_assert!(
            !oldest.is_empty(),
            "`{}` is not what the oldest claim says: {}",
            entity_ref,
            counting.claim
        );
        let before = self.entities.get(entity_ref);
        let stays = moment
            .claims
            .iter()
            .any(|(name, claim)| name.target == entity_ref && claim.born < self.step);
        if let (Some(before), true) = (before, stays) {
            prop_assert_eq!(
                &before.uid,
                &counting.uid,
                "`{}` was claimed all the time and became another one",
                entity_ref
            );
        }
        let written = &oldest[0].written;
        let before = before.filter(|before| before.uid == counting.uid);
        let shown = if written.good {
            Some(written.clone())
        } else {
            let last_good = || before.and_then(|before| before.shown.clone());
            let passing = before.and_then(|_| self.passing(moment, entity_ref, seen));
            passing.cloned().or_else(last_good)
        };
        Ok(Known {
            uid: counting.uid.clone(),
            claim: counting.claim.clone(),
            shown,
        })
    }

    /// What a Location said that no longer says it, when that is shown: an older claim went in the same step, and until
    /// the Location was read again its own counted.
    fn passing(&self, moment: &Moment, entity_ref: &str, seen: &Seen) -> Option<&Written> {
        let shown = seen.shown.get(entity_ref)?;
        let gone = self.claims.iter().filter(|(name, _)| {
            name.target == entity_ref
                && name.source.starts_with("entity:")
                && !moment.claims.contains_key(name)
        });
        let mut said = gone.map(|(_, claim)| &claim.written);
        said.find(|written| written.good && says(shown, written))
    }

    /// Whether a Location is broken, or another claim on it counts than before, and it was claimed by what it brings in
    /// itself. Its own word may have counted for a moment, and what it read then does not follow from the inputs.
    pub(super) fn is_open(&self, seen: &Seen) -> bool {
        seen.claimed.iter().any(|(entity_ref, counting)| {
            let before = self.entities.get(entity_ref);
            let same = before.is_none_or(|before| before.claim == counting.claim);
            entity_ref.starts_with("location:")
                && !(same && is_good(counting))
                && self.brings_in(entity_ref, entity_ref)
        })
    }

    fn brings_in(&self, location: &str, target: &str) -> bool {
        let (mut found, mut waiting) = (BTreeSet::new(), vec![location.to_owned()]);
        while let Some(next) = waiting.pop() {
            let source = format!("entity:{next}");
            let children = self.claims.keys().filter(|name| name.source == source);
            for child in children.map(|name| &name.target) {
                if found.insert(child.clone()) {
                    waiting.push(child.clone());
                }
            }
        }
        found.contains(target)
    }

    fn check_shown(&self, seen: &Seen) -> Checked {
        let expected: BTreeMap<&String, &Written> = self
            .entities
            .iter()
            .filter_map(|(entity_ref, known)| Some((entity_ref, known.shown.as_ref()?)))
            .collect();
        prop_assert_eq!(
            expected.keys().copied().collect::<Vec<_>>(),
            seen.shown.keys().collect::<Vec<_>>(),
            "who is shown"
        );
        for (entity_ref, written) in expected {
            let shown = &seen.shown[entity_ref];
            prop_assert!(
                says(shown, written),
                "`{}` shows {} instead of {:?}",
                entity_ref,
                shown,
                written
            );
            prop_assert_eq!(
                shown["metadata"]["uid"].as_str(),
                Some(self.entities[entity_ref].uid.as_str())
            );
        }
        Ok(())
    }

    fn check_relations(&self, seen: &Seen) -> Checked {
        let declared: Vec<(&String, (String, &str, String))> = self
            .entities
            .iter()
            .flat_map(|(by, known)| {
                let relations = known.shown.iter().flat_map(Written::relations);
                relations.map(move |relation| (by, relation))
            })
            .collect();
        let mut stored: Vec<(String, String, String)> = declared
            .iter()
            .filter(|(by, (source, ..))| *by != source)
            .map(|(_, (source, kind, target))| (source.clone(), (*kind).to_owned(), target.clone()))
            .collect();
        stored.sort();
        prop_assert_eq!(&stored, &seen.relations, "the stored relations");
        for (entity_ref, entity) in &seen.shown {
            let expected: BTreeSet<(&str, &str)> = declared
                .iter()
                .filter(|(_, (source, ..))| source == entity_ref)
                .map(|(_, (_, kind, target))| (*kind, target.as_str()))
                .collect();
            let shown = entity["relations"].as_array().unwrap();
            let shown: Vec<(&str, &str)> = shown
                .iter()
                .map(|one| {
                    (
                        one["type"].as_str().unwrap(),
                        one["targetRef"].as_str().unwrap(),
                    )
                })
                .collect();
            prop_assert_eq!(
                expected.into_iter().collect::<Vec<_>>(),
                shown,
                "the relations of `{}`",
                entity_ref
            );
        }
        Ok(())
    }

    /// What is wrong is said where people look, and nothing is said when all is well.
    fn check_status(
        &self,
        entity_ref: &str,
        entity: &Value,
        seen: &Seen,
        troubled: &BTreeSet<String>,
    ) -> Checked {
        let own = counting_claims(&self.claims, entity_ref, &seen.claimed[entity_ref]);
        let own_trouble: BTreeSet<bool> = own
            .iter()
            .map(|claim| claim.kept || !claim.written.good)
            .collect();
        let source = format!("entity:{entity_ref}");
        let claimed = || {
            self.claims
                .keys()
                .filter(|name| name.source == source)
                .map(|name| &name.target)
        };
        let unborn = claimed().any(|target| self.entities[target].shown.is_none());
        // Claims that say the same and are as old as each other leave open which of them counts.
        if own_trouble.len() == 1 {
            let expected = own_trouble.contains(&true) || unborn || troubled.contains(entity_ref);
            prop_assert_eq!(
                has(entity, "error"),
                expected,
                "whether an error is shown on {}",
                entity
            );
        }
        let contested = |target: &str| self.contested(target, &seen.claimed[target]);
        let lost = claimed().map(|target| {
            let key_of_first = contested(target)?.1;
            Some(self.claims.iter().any(|(name, claim)| {
                name.source == source && name.target == *target && claim.key != key_of_first
            }))
        });
        let won = contested(entity_ref).map(|(contested, _)| contested);
        let parts: Option<Vec<bool>> = lost.chain([won]).collect();
        if let Some(parts) = parts {
            prop_assert_eq!(
                has(entity, "warning"),
                parts.contains(&true),
                "whether a conflict is shown on {}",
                entity
            );
        }
        Ok(())
    }

    /// Whether sources with different keys claim `target`, and the key of the first; nothing when it is open which
    /// claim was first.
    fn contested(&self, target: &str, counting: &Counting) -> Option<(bool, String)> {
        let first = counting_claims(&self.claims, target, counting);
        let keys: BTreeSet<&String> = first.iter().map(|claim| &claim.key).collect();
        let key = keys.first().filter(|_| keys.len() == 1)?;
        let mut all = self.claims.iter().filter(|(name, _)| name.target == target);
        Some((all.any(|(_, claim)| claim.key != **key), (*key).clone()))
    }
}

/// The oldest claims on `target` that say what counts.
fn counting_claims<'a>(
    claims: &'a BTreeMap<Name, Claim>,
    target: &str,
    counting: &Counting,
) -> Vec<&'a Claim> {
    let on_target = || claims.iter().filter(|(name, _)| name.target == target);
    let oldest = on_target().map(|(_, claim)| claim.born).min();
    let place =
        counting.claim["metadata"]["annotations"]["backstage.io/managed-by-location"].as_str();
    on_target()
        .map(|(_, claim)| claim)
        .filter(|claim| Some(claim.born) == oldest)
        .filter(|claim| {
            Some(claim.place.as_str()) == place && says(&counting.claim, &claim.written)
        })
        .collect()
}

/// Whether the claim that counts on a Location is as its kind wants it.
fn is_good(counting: &Counting) -> bool {
    counting.claim["spec"]["type"] == "shelf"
}

/// Of several entities with one reference the first counts.
fn first_of_each(all: &[Handed]) -> BTreeMap<String, Handed> {
    let mut first = BTreeMap::new();
    for one in all {
        first
            .entry(one.written.entity_ref())
            .or_insert_with(|| one.clone());
    }
    first
}

fn says(entity: &Value, written: &Written) -> bool {
    let expected = Value::Object(written.entity().into_object());
    entity["kind"] == expected["kind"]
        && entity["spec"] == expected["spec"]
        && ["name", "title"]
            .iter()
            .all(|key| entity["metadata"][key] == expected["metadata"][key])
}

fn has(entity: &Value, level: &str) -> bool {
    let items = entity["status"]["items"].as_array();
    items
        .into_iter()
        .flatten()
        .any(|item| item["level"] == level)
}
