//! Resolvers, tried in turn.

use callboard_auth::{Directory, Person, PersonQuery};
use callboard_model::{EntityRef, Result, shortened};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Look, Resolver, entity_name, find};
use crate::account::Account;
use crate::config::SignInOptions;

/// The characters of a comparison that are kept: what is compared comes from elsewhere.
const LONGEST: usize = 500;

/// The resolvers of one provider, in the order in which they are tried.
#[derive(Clone, Debug)]
pub(crate) struct Resolvers(Vec<Resolver>);

/// Who somebody is here, or why nobody was found.
#[derive(Debug)]
pub(crate) enum Resolved {
    /// A user.
    User(Found),
    /// Nobody: what was compared on the way.
    Nobody(Vec<Comparison>),
}

/// A user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// The entity that they are.
    pub(crate) entity_ref: EntityRef,
    /// Themselves and their groups.
    pub(crate) ownership: Vec<EntityRef>,
}

/// What a resolver compared, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Comparison {
    /// Its name.
    #[schema(value_type = String)]
    pub(crate) resolver: &'static str,
    /// What it looked for, such as a user whose `spec.profile.email` is a certain address.
    pub(crate) compared: String,
    /// What came of it.
    #[schema(value_type = String)]
    pub(crate) result: &'static str,
}

impl Resolvers {
    /// Reads what the configuration says about `provider`.
    ///
    /// # Errors
    /// `Invalid`, when it names a resolver that the provider does not have.
    pub(crate) fn new(provider: &str, options: &SignInOptions) -> Result<Self> {
        let resolvers = options.resolvers.iter();
        let resolvers = resolvers.map(|settings| Resolver::new(provider, settings));
        resolvers.collect::<Result<_>>().map(Self)
    }

    /// Whether nobody signs in with this provider.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Finds the user. As in Backstage, only that nobody was found lets the next resolver try.
    ///
    /// # Errors
    /// `Unavailable`, when the directory is not there yet.
    pub(crate) fn resolve(&self, directory: &dyn Directory, account: &Account) -> Result<Resolved> {
        let mut comparisons = Vec::new();
        for resolver in &self.0 {
            let mut note = |compared: &str, result| {
                comparisons.push(Comparison {
                    resolver: resolver.name,
                    compared: shortened(compared, LONGEST).into_owned(),
                    result,
                });
            };
            let look = match resolver.look(account) {
                Ok(look) => look,
                Err(reason) => {
                    note(&reason, "refused");
                    return Ok(Resolved::Nobody(comparisons));
                }
            };
            match resolver.find(directory, &look, &mut note)? {
                Step::Found(found) => return Ok(Resolved::User(found)),
                Step::Next => {}
                Step::Refused => return Ok(Resolved::Nobody(comparisons)),
            }
        }
        Ok(Resolved::Nobody(comparisons))
    }
}

enum Step {
    Found(Found),
    Next,
    Refused,
}

impl Resolver {
    fn find(
        &self,
        directory: &dyn Directory,
        look: &Look,
        note: &mut impl FnMut(&str, &'static str),
    ) -> Result<Step> {
        for query in &look.queries {
            let words = format!("a user of whom {}", query.words);
            match find(directory, &query.query)?.as_slice() {
                [] => note(&words, "nobody"),
                [Person { entity_ref, .. }] => {
                    return Ok(Step::Found(Found::of(directory, entity_ref)));
                }
                _ => {
                    note(&words, "several");
                    return Ok(Step::Refused);
                }
            }
        }
        if !self.unknown_come_in {
            return Ok(Step::Next);
        }
        match entity_name::user(&look.name_if_unknown) {
            // Whom the catalog knows is somebody else: the resolver would have found them.
            Ok(entity_ref)
                if !find(directory, &PersonQuery::Ref(entity_ref.clone()))?.is_empty() =>
            {
                note("the name is that of another user", "refused");
                Ok(Step::Refused)
            }
            Ok(entity_ref) => Ok(Step::Found(Found {
                ownership: vec![entity_ref.clone()],
                entity_ref,
            })),
            Err(reason) => {
                note(&reason, "refused");
                Ok(Step::Refused)
            }
        }
    }
}

impl Found {
    /// Somebody whom the directory knows.
    pub(crate) fn of(directory: &dyn Directory, entity_ref: &EntityRef) -> Self {
        let mut ownership = vec![entity_ref.clone()];
        let groups = directory.groups_of(entity_ref);
        ownership.extend(groups.into_iter().filter(|group| group != entity_ref));
        Self {
            entity_ref: entity_ref.clone(),
            ownership,
        }
    }
}
