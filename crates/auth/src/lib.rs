//! Who asks, and whether they may.
//!
//! Every handler takes a [`Caller`] and asks it for a [`Permit`] to one [`Permission`], or for the
//! [`Scope`] of things that it holds for; the functions behind the handler demand that proof, and
//! nothing outside this crate can make one. The answer is the [`PermissionPolicy`]'s; [`AllowAll`] is
//! the one that there is. A policy may answer with [`Conditions`], made of rules ([`RuleInfo`]) that
//! the crate of the thing declares and knows to apply.
//!
//! Never here: what an entity is, or which permissions there are: each feature declares its own.
//! Adding a way to show who one is: an [`Authenticator`].
//! Start reading at [`Caller::may`].

mod audit;
mod caller;
mod conditions;
mod directory;
mod gate;
mod permission;
mod permit;
mod policy;
mod principal;
mod restrictions;
mod rule;
mod sign_in_method;
mod witness;

pub use audit::{Audit, AuditEvent, AuditLog, Outcome};
pub use caller::Caller;
pub use conditions::{Conditions, RuleUse};
pub use directory::{Directory, Person, PersonQuery};
pub use gate::{Authenticator, Gate, Strangers, admit, recognise};
pub use permission::{Action, Permission, PermissionInfo, Resource};
pub use permit::{Extent, Permit, Scope};
pub use policy::{AllowAll, Decision, PermissionPolicy};
pub use principal::{Credentials, Principal, Service, User};
pub use restrictions::{Restriction, Restrictions};
pub use rule::{Found, ParamInfo, ParamKind, ResourceRules, RuleInfo};
pub use sign_in_method::{SignInKind, SignInMethod};
pub use witness::Witness;
