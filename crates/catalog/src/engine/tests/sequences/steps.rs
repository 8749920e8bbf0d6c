//! What may happen to a catalog.

use callboard_model::{Entity, LocationRef};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Value, json};

use crate::provider::Deferred;

/// One change.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// A provider hands over everything.
    Full(usize, Vec<Handed>),
    /// A provider hands over what changed.
    Delta(usize, Vec<Handed>, Vec<String>),
    /// A shelf holds something else now.
    Fill(char, Content),
    /// A shelf is there and cannot be read.
    Smear(char),
    /// A shelf goes.
    Clear(char),
    /// Nothing about what this target names can be found out; or it can again.
    Block(String, bool),
    /// The process starts anew.
    Restart,
}

/// What is on a shelf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Content {
    pub(super) entities: Vec<Written>,
    /// Some of it cannot be understood.
    pub(super) torn: bool,
}

/// An entity as a provider hands it over.
#[derive(Clone, Debug)]
pub(super) struct Handed {
    pub(super) written: Written,
    pub(super) key: Option<&'static str>,
}

/// An entity as somebody wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) name: &'static str,
    /// Tells versions apart.
    pub(super) version: u16,
    /// Whether its kind accepts it.
    pub(super) good: bool,
    pub(super) says: Says,
}

/// What makes its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Says {
    Component {
        owner: &'static str,
        depends_on: Vec<&'static str>,
    },
    Location {
        targets: Vec<&'static str>,
    },
}

impl Written {
    pub(super) fn entity_ref(&self) -> String {
        let kind = match self.says {
            Says::Component { .. } => "component",
            Says::Location { .. } => "location",
        };
        format!("{kind}:default/{}", self.name).to_lowercase()
    }

    pub(super) fn entity(&self) -> Entity {
        let (kind, mut spec) = match &self.says {
            Says::Component { owner, depends_on } => {
                let mut depends_on: Vec<String> = depends_on
                    .iter()
                    .map(|name| format!("component:{name}"))
                    .collect();
                // As processing leaves it.
                depends_on.sort();
                let spec = json!({ "type": "service", "lifecycle": "production", "owner": owner, "dependsOn": depends_on });
                ("Component", spec)
            }
            Says::Location { targets } => {
                ("Location", json!({ "type": "shelf", "targets": targets }))
            }
        };
        if !self.good {
            spec["type"] = Value::from(5);
        }
        let entity = json!({
            "apiVersion": "backstage.io/v1alpha1",
            "kind": kind,
            "metadata": { "name": self.name, "title": self.version.to_string() },
            "spec": spec,
        });
        serde_json::from_value(entity).unwrap()
    }

    /// The relations that it declares when it counts: (source, type, target).
    pub(super) fn relations(&self) -> Vec<(String, &'static str, String)> {
        let Says::Component { owner, depends_on } = &self.says else {
            return Vec::new();
        };
        let (own, owner) = (self.entity_ref(), format!("group:default/{owner}"));
        let mut relations = vec![
            (own.clone(), "ownedBy", owner.clone()),
            (owner, "ownerOf", own.clone()),
        ];
        for name in depends_on {
            let other = format!("component:default/{}", name.to_lowercase());
            relations.push((own.clone(), "dependsOn", other.clone()));
            relations.push((other, "dependencyOf", own.clone()));
        }
        relations.sort();
        relations.dedup();
        relations
    }
}

impl Handed {
    pub(super) fn deferred(&self, provider: usize) -> Deferred {
        Deferred {
            entity: self.written.entity(),
            location: origin(provider),
            location_key: self.key.map(str::to_owned),
        }
    }
}

/// How many providers there are.
pub(super) const PROVIDERS: usize = 3;

/// What a provider is called.
pub(super) fn name(provider: usize) -> String {
    format!("number-{provider}")
}

/// Where the entities of a provider are written down.
pub(super) fn origin(provider: usize) -> LocationRef {
    LocationRef::new("shelf", format!("provider-{provider}"))
}

/// Where the entities on a shelf are written down.
pub(super) fn place(shelf: char) -> LocationRef {
    LocationRef::new("shelf", shelf.to_string())
}

const COMPONENTS: [&str; 4] = ["a", "A", "b", "c"];
const LOCATIONS: [&str; 3] = ["l", "m", "n"];
/// Each letter of a target is a shelf.
const TARGETS: [&str; 5] = ["p", "q", "r", "pq", "qr"];
const SHELVES: [char; 3] = ['p', 'q', 'r'];

/// Every reference that there may be, also as the end of a relation only.
pub(super) fn references() -> Vec<String> {
    let components = COMPONENTS
        .iter()
        .map(|name| format!("component:default/{name}").to_lowercase());
    let locations = LOCATIONS
        .iter()
        .map(|name| format!("location:default/{name}"));
    let groups = ["x", "y"].map(|name| format!("group:default/{name}"));
    let mut all: Vec<String> = components.chain(locations).chain(groups).collect();
    all.sort();
    all.dedup();
    all
}

fn written() -> impl Strategy<Value = Written> {
    let component = (
        select(COMPONENTS.to_vec()),
        select(vec!["x", "y"]),
        subsequence(COMPONENTS.to_vec(), 0..3),
    )
        .prop_map(|(name, owner, depends_on)| (name, Says::Component { owner, depends_on }));
    let location = (
        select(LOCATIONS.to_vec()),
        subsequence(TARGETS.to_vec(), 0..3),
    )
        .prop_map(|(name, targets)| (name, Says::Location { targets }));
    let named = prop_oneof![3 => component, 2 => location];
    (named, 0u16..1_000, proptest::bool::weighted(0.85)).prop_map(
        |((name, says), version, good)| Written {
            name,
            version,
            good,
            says,
        },
    )
}

fn handed() -> impl Strategy<Value = Vec<Handed>> {
    let key = option::of(select(vec!["one", "two"]));
    let one = (written(), key).prop_map(|(written, key)| Handed { written, key });
    vec(one, 0..4)
}

fn step() -> impl Strategy<Value = Step> {
    let removed = vec(select(references()), 0..3);
    let shelf = || select(SHELVES.to_vec());
    let content = (vec(written(), 0..4), proptest::bool::weighted(0.2))
        .prop_map(|(entities, torn)| Content { entities, torn });
    prop_oneof![
        4 => (0..PROVIDERS, handed()).prop_map(|(provider, all)| Step::Full(provider, all)),
        4 => (0..PROVIDERS, handed(), removed).prop_map(|(provider, added, removed)| Step::Delta(provider, added, removed)),
        6 => (shelf(), content).prop_map(|(shelf, content)| Step::Fill(shelf, content)),
        1 => shelf().prop_map(Step::Smear),
        1 => shelf().prop_map(Step::Clear),
        1 => (select(TARGETS.to_vec()), any::<bool>()).prop_map(|(target, blocked)| Step::Block(target.to_owned(), blocked)),
        1 => Just(Step::Restart),
    ]
}

/// A life of a catalog.
pub(super) fn steps() -> impl Strategy<Value = Vec<Step>> {
    vec(step(), 1..16)
}
