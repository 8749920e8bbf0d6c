//! Who decides.

use std::fmt;
use std::sync::Arc;

use crate::{Conditions, PermissionInfo, Principal};

/// Decides what callers may do.
pub trait PermissionPolicy: fmt::Debug + Send + Sync {
    /// What `principal` may do with `permission`.
    fn decide(&self, principal: &Principal, permission: &PermissionInfo) -> Decision;
}

/// What a policy says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// They may.
    Allow,
    /// They may not.
    Deny,
    /// They may do it to things that are like this; only for a permission that is about single things.
    Conditional(Arc<Conditions>),
}

/// Everybody may do everything.
#[derive(Clone, Copy, Debug)]
pub struct AllowAll;

impl PermissionPolicy for AllowAll {
    fn decide(&self, _: &Principal, _: &PermissionInfo) -> Decision {
        Decision::Allow
    }
}
