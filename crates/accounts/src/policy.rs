//! What administrators may do: everything, whatever the policy says. They are who repairs one that locks everybody
//! out.

use std::fmt;
use std::sync::Arc;

use callboard_auth::{Decision, PermissionInfo, PermissionPolicy, Principal};

use crate::Accounts;

/// A policy for everybody who has no administrator's account.
pub struct Administrators {
    accounts: Accounts,
    others: Arc<dyn PermissionPolicy>,
}

impl Administrators {
    /// Lets administrators do everything, and asks `others` about everybody else.
    pub fn new(accounts: Accounts, others: Arc<dyn PermissionPolicy>) -> Self {
        Self { accounts, others }
    }
}

impl PermissionPolicy for Administrators {
    fn decide(&self, principal: &Principal, permission: &PermissionInfo) -> Decision {
        let is_administrator = principal
            .as_user()
            .is_some_and(|user| self.accounts.is_administrator(&user.entity_ref));
        if is_administrator {
            return Decision::Allow;
        }
        self.others.decide(principal, permission)
    }
}

impl fmt::Debug for Administrators {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Administrators").field(&self.others).finish()
    }
}
