//! What the catalog tells of its entities to those who write policies and apply conditions.

use std::fmt;

use callboard_auth::{Caller, Conditions, ResourceRules, RuleInfo};
use callboard_model::Result;

use crate::Catalog;
use crate::permissions::{ENTITY, RULES, compile};
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
        Ok(Readable::new(self.0.index(), &caller.scope())?.matching(refs, condition))
    }
}
