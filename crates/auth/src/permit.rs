//! The proof that the gate said yes.

use std::fmt;
use std::marker::PhantomData;

use crate::Permission;

/// The proof that a caller was asked about `P` and may.
///
/// Only [`crate::Caller::may`] and [`crate::Caller::may_any`] make one. A function that takes it
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
