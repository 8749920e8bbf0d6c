//! What callers may do with roles over the API.

use callboard_auth::{Caller, Permission, Principal, Scope};
use callboard_model::{Error, ErrorKind, Result};

use crate::edit::covers;
use crate::model::Role;
use crate::snapshot::Snapshot;
use crate::{CreatePolicy, RoleName};

/// The roles to which the caller may do `P`.
///
/// # Errors
/// `Forbidden`, when there can be none.
pub(super) fn reach<P: Permission<Resource = RoleName>>(caller: &Caller) -> Result<Scope<P>> {
    caller.may_some::<P>()?;
    Ok(caller.scope())
}

/// The same, to change something: as in the RBAC plugin no program does that.
///
/// # Errors
/// `Forbidden`, when there can be none, or it is a program.
pub(super) fn changes<P: Permission<Resource = RoleName>>(caller: &Caller) -> Result<Scope<P>> {
    person(caller)?;
    reach(caller)
}

/// Whether the caller may make something.
///
/// # Errors
/// `Forbidden`, when they may not, or it is a program.
pub(super) fn creates(caller: &Caller) -> Result<Scope<CreatePolicy>> {
    person(caller)?;
    caller.may::<CreatePolicy>()?;
    Ok(caller.scope())
}

fn person(caller: &Caller) -> Result<()> {
    match caller.principal() {
        Principal::Guest | Principal::User(_) => Ok(()),
        Principal::Service(_) => {
            let message =
                "Only credential principal with type 'user' permitted to modify permissions";
            Err(Error::new(ErrorKind::Forbidden, "no-person", message)
                .hint("sign in as a user; programs change roles by the files of the configuration"))
        }
    }
}

/// The roles that a scope covers.
pub(super) fn covered<'a, P: Permission>(
    snapshot: &'a Snapshot,
    scope: &'a Scope<P>,
) -> impl Iterator<Item = &'a Role> {
    snapshot.roles().iter().filter(|role| covers(scope, role))
}

/// Does what takes a while beside other requests.
pub(super) async fn beside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| {
        Error::internal("roles-work", "while working beside requests").source(error)
    })?
}
