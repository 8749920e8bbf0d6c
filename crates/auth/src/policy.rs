//! Who decides.

use std::fmt;

use crate::{PermissionInfo, Principal};

/// Decides what callers may do.
pub trait PermissionPolicy: fmt::Debug + Send + Sync {
    /// Whether `principal` may do `permission` at all, and to the thing called `resource` when one
    /// is given.
    fn decide(
        &self,
        principal: &Principal,
        permission: &PermissionInfo,
        resource: Option<&str>,
    ) -> Decision;
}

/// What a policy says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// They may.
    Allow,
    /// They may not.
    Deny,
}

/// Everybody may do everything.
#[derive(Clone, Copy, Debug)]
pub struct AllowAll;

impl PermissionPolicy for AllowAll {
    fn decide(&self, _: &Principal, _: &PermissionInfo, _: Option<&str>) -> Decision {
        Decision::Allow
    }
}
