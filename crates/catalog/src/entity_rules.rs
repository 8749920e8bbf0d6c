//! What the catalog tells of its entities to those who write policies and apply conditions.

use std::fmt;

use callboard_auth::{Caller, Conditions, Decision, Found, ResourceRules, RuleInfo};
use callboard_model::Result;

use crate::Catalog;
use crate::permissions::{ENTITY, RULES, all, compile};
use crate::query::Readable;

/// The entities of a catalog, as conditions are about them.
pub(crate) struct EntityRules(pub(crate) Catalog);

impl fmt::Debug for EntityRules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EntityRules")
    }
}

impl ResourceRules for EntityRules {
    fn resource_type(&self) -> &'static str {
        ENTITY
    }

    fn rules(&self) -> &'static [RuleInfo] {
        &RULES
    }

    fn judge(&self, caller: &Caller, conditions: &Conditions, refs: &[&str]) -> Result<Vec<bool>> {
        let condition = compile(conditions)?;
        let readable = Readable::new(self.0.index(), &caller.scope())?;
        if is_of_the_policy(caller, conditions) {
            return Ok(readable.matching_for_policy(refs, &condition));
        }
        readable.matching(refs, condition)
    }

    fn find(
        &self,
        caller: &Caller,
        conditions: Option<&Conditions>,
        most: usize,
    ) -> Result<Option<Found>> {
        let condition = conditions.map(compile).transpose()?;
        let readable = Readable::new(self.0.index(), &caller.scope())?;
        let (total, refs) = readable.first(condition, most)?;
        Ok(Some(Found {
            total: usize::try_from(total).unwrap_or(usize::MAX),
            refs,
        }))
    }
}

/// Whether the policy itself made these conditions for the caller. It knows relations that the caller does not see, and
/// whoever makes up others must not find those out.
fn is_of_the_policy(caller: &Caller, conditions: &Conditions) -> bool {
    let about_entities = all()
        .into_iter()
        .filter(|permission| permission.resource_type.as_deref() == Some(ENTITY));
    about_entities.into_iter().any(|permission| {
        matches!(caller.decide(&permission), Decision::Conditional(own) if *own == *conditions)
    })
}
