//! Changes of conditions.

use callboard_auth::{Permission, Scope};
use callboard_model::Result;

use super::{Edit, Giving, MOST_POLICIES, conflict, too_many};
use crate::conditions::{Written, collision};
use crate::model::Conditional;
use crate::sql::write;
use crate::{CreatePolicy, DeletePolicy, UpdatePolicy};

impl Edit<'_> {
    /// Adds a condition, and says its id.
    pub(crate) async fn add_condition(
        &mut self,
        new: &Written,
        scope: &Scope<CreatePolicy>,
        giving: &Giving<'_>,
    ) -> Result<i64> {
        if self.policies_stored() >= MOST_POLICIES {
            return Err(too_many("policies and conditions", MOST_POLICIES));
        }
        self.fits(new, scope, giving)?;
        write::add_condition(&mut self.tx, &new.role, &new.conditional).await
    }

    /// Makes a condition be as `new`.
    pub(crate) async fn change_condition(
        &mut self,
        id: i64,
        new: &mut Written,
        scope: &Scope<UpdatePolicy>,
        giving: &Giving<'_>,
    ) -> Result<()> {
        let name = self.role_of_condition(id)?.name.clone();
        let role = self.editable(&name, scope)?;
        let mut known = role.conditionals.iter().filter(|one| one.id == id);
        known.try_for_each(|one| giving.conditional(one))?;
        new.conditional.id = id;
        self.fits(new, scope, giving)?;
        write::change_condition(&mut self.tx, &new.role, &new.conditional).await
    }

    /// Removes a condition. Policies that it narrowed count then, so that it is given what they allow.
    pub(crate) async fn remove_condition(
        &mut self,
        id: i64,
        scope: &Scope<DeletePolicy>,
        giving: &Giving<'_>,
    ) -> Result<()> {
        let name = self.role_of_condition(id)?.name.clone();
        let role = self.editable(&name, scope)?;
        let mut known = role.conditionals.iter().filter(|one| one.id == id);
        known.try_for_each(|one| giving.conditional(one))?;
        write::remove_condition(&mut self.tx, id).await
    }

    fn fits<P: Permission>(
        &self,
        new: &Written,
        scope: &Scope<P>,
        giving: &Giving<'_>,
    ) -> Result<()> {
        self.editable(&new.role, scope)?;
        let others: Vec<Conditional> = self
            .stored_role(&new.role)?
            .conditionals
            .iter()
            .filter(|known| known.id != new.conditional.id)
            .cloned()
            .collect();
        if let Some(known) = collision(&others, &new.conditional) {
            return Err(conflict(format!(
                "permission mapping overlaps with existing condition (id: {}) for resource type '{}'",
                known.id, known.resource_type
            )));
        }
        giving.conditional(&new.conditional)
    }
}
