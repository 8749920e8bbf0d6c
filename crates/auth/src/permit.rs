//! The proof that the gate said yes.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::{Conditions, Permission};

/// The proof that a caller was asked about `P` and may.
///
/// Only [`crate::Caller::may`] and [`crate::Caller::may_with`] make one. A function that takes it
/// cannot be reached without the question:
///
/// ```compile_fail
/// # struct Read;
/// let forged: callboard_auth::Permit<Read> = callboard_auth::Permit { granted: std::marker::PhantomData };
/// ```
pub struct Permit<P> {
    granted: PhantomData<fn() -> P>,
}

impl<P: Permission> Permit<P> {
    pub(crate) fn granted() -> Self {
        Self {
            granted: PhantomData,
        }
    }
}

impl<P: Permission> fmt::Debug for Permit<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Permit({})", P::NAME)
    }
}

/// The proof that a caller was asked about `P` and may, to the things that [`Scope::conditions`] tell.
///
/// Only [`crate::Caller::scope`] makes one:
///
/// ```compile_fail
/// # struct Read;
/// let forged: callboard_auth::Scope<Read> = callboard_auth::Scope { conditions: None, granted: std::marker::PhantomData };
/// ```
pub struct Scope<P> {
    conditions: Option<Arc<Conditions>>,
    granted: PhantomData<fn() -> P>,
}

impl<P: Permission> Scope<P> {
    pub(crate) fn granted(conditions: Option<Arc<Conditions>>) -> Self {
        Self {
            conditions,
            granted: PhantomData,
        }
    }

    /// What the things have to be like; `None` for all of them.
    pub fn conditions(&self) -> Option<&Conditions> {
        self.conditions.as_deref()
    }
}

impl<P: Permission> fmt::Debug for Scope<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.conditions {
            None => write!(f, "Scope({})", P::NAME),
            Some(conditions) => write!(f, "Scope({}, {conditions})", P::NAME),
        }
    }
}
