//! Who asks, and whether they may.
//!
//! Every handler takes a [`Caller`] and asks it for a [`Permit`] to one [`Permission`]; the functions
//! behind the handler demand that permit, and nothing outside this crate can make one. The answer is
//! the [`PermissionPolicy`]'s; [`AllowAll`] is the one that there is.
//!
//! Never here: what an entity is, or which permissions there are: each feature declares its own.
//! Adding a kind of caller: one variant of [`Principal`], one line in `Caller::from_request_parts`.
//! Start reading at [`Caller::may`].

mod caller;
mod permission;
mod permit;
mod policy;

pub use caller::{Caller, Gate, Principal};
pub use permission::{Action, Permission, PermissionInfo, Resource};
pub use permit::Permit;
pub use policy::{AllowAll, Decision, PermissionPolicy};
