//! Who is who, as whoever keeps people and groups tells.

use std::fmt;

use callboard_model::{EntityRef, Result};

/// The people and groups of the company. The catalog is one.
pub trait Directory: fmt::Debug + Send + Sync {
    /// The people who are like `query`, at most two: more than one is as bad as none.
    ///
    /// # Errors
    /// `Unavailable`, when the directory is not loaded yet.
    fn people(&self, query: &PersonQuery) -> Result<Vec<Person>>;

    /// The groups that a person or group belongs to directly, in no order.
    fn groups_of(&self, member: &EntityRef) -> Vec<EntityRef>;

    /// A number that changes with the directory.
    fn revision(&self) -> u64;
}

/// How to find a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PersonQuery {
    /// By the entity that they are.
    Ref(EntityRef),
    /// By values of their entity, each of which it has to have, such as `spec.profile.email`. Upper and lower case
    /// are alike.
    Values(Vec<(String, String)>),
    /// By the value of an annotation of their entity, such as `github.com/user-id`. Upper and lower case differ in
    /// the value: ids of other systems may differ in nothing else.
    Annotation(String, String),
}

/// A person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The entity that they are.
    pub entity_ref: EntityRef,
    /// What they are called, as `spec.profile.displayName` tells.
    pub display_name: Option<String>,
    /// Their address, as `spec.profile.email` tells.
    pub email: Option<String>,
    /// Where a picture of them is, as `spec.profile.picture` tells.
    pub picture: Option<String>,
}
