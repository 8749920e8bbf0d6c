//! Who somebody is, and how far what they showed reaches.

use std::fmt;
use std::sync::Arc;

use callboard_model::EntityRef;

use crate::Restrictions;

/// Who somebody is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    /// Somebody who did not sign in, where nobody has to.
    Guest,
    /// A person.
    User(Arc<User>),
    /// A program.
    Service(Arc<Service>),
}

/// A person who signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The entity that they are, such as `user:default/ada`. It need not be in the catalog.
    pub entity_ref: EntityRef,
    /// What they own things as: themselves and the groups that they belong to (`ent` in Backstage's tokens).
    pub ownership: Vec<EntityRef>,
    /// The program that acts in their name, such as `plugin:scaffolder`.
    pub actor: Option<String>,
}

/// A program that calls in its own name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// What it is called, such as `external:ci` or `plugin:search`.
    pub subject: String,
}

impl Principal {
    /// A person, with what they own things as.
    pub fn user(entity_ref: EntityRef, ownership: Vec<EntityRef>) -> Self {
        Self::User(Arc::new(User {
            entity_ref,
            ownership,
            actor: None,
        }))
    }

    /// A program.
    pub fn service(subject: impl Into<String>) -> Self {
        Self::Service(Arc::new(Service {
            subject: subject.into(),
        }))
    }

    /// How audit events name it: the reference of a person, the subject of a program.
    pub fn name(&self) -> String {
        match self {
            Self::Guest => "guest".to_owned(),
            Self::User(user) => user.entity_ref.to_string(),
            Self::Service(service) => service.subject.clone(),
        }
    }

    /// The person, when it is one.
    pub fn as_user(&self) -> Option<&User> {
        match self {
            Self::User(user) => Some(user),
            Self::Guest | Self::Service(_) => None,
        }
    }
}

impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Guest => f.write_str("a guest"),
            Self::User(user) => write!(f, "`{}`", user.entity_ref),
            Self::Service(service) => write!(f, "the service `{}`", service.subject),
        }
    }
}

/// What somebody showed, once it was found good.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// Who it is.
    pub principal: Principal,
    /// What these credentials are for; everything, when there is nothing.
    pub restrictions: Option<Arc<Restrictions>>,
}

impl Credentials {
    /// Credentials for everything that `principal` may do.
    pub fn of(principal: Principal) -> Self {
        Self {
            principal,
            restrictions: None,
        }
    }
}
