//! Who asks, and whether they may.
//!
//! Every handler takes a [`Caller`] and asks it for a [`Permit`] to one [`Permission`], or for the
//! [`Scope`] of things that it holds for; the functions behind the handler demand that proof, and
//! nothing outside this crate can make one. The answer is the [`PermissionPolicy`]'s; [`AllowAll`] is
//! the one that there is. A policy may answer with [`Conditions`], made of rules ([`RuleInfo`]) that
//! the crate of the thing declares and knows to apply.
//!
//! Never here: what an entity is, or which permissions there are: each feature declares its own.
//! Adding a kind of caller: one variant of [`Principal`], one line in `Caller::from_request_parts`.
//! Start reading at [`Caller::may`].

mod caller;
mod conditions;
mod permission;
mod permit;
mod policy;
mod rule;

pub use caller::{Caller, Gate, Principal};
pub use conditions::{Conditions, RuleUse};
pub use permission::{Action, Permission, PermissionInfo, Resource};
pub use permit::{Permit, Scope};
pub use policy::{AllowAll, Decision, PermissionPolicy};
pub use rule::{ParamInfo, ParamKind, ResourceRules, RuleInfo};
