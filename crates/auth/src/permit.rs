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

/// The answer to which things a caller may do `P`.
///
/// Only [`crate::Caller::scope`] makes one:
///
/// ```compile_fail
/// # struct Read;
/// let forged: callboard_auth::Scope<Read> = callboard_auth::Scope { extent: callboard_auth::Extent::All, granted: std::marker::PhantomData };
/// ```
pub struct Scope<P> {
    extent: Extent,
    granted: PhantomData<fn() -> P>,
}

/// Which things.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All of them.
    All,
    /// None of them.
    Nothing,
    /// Those that are like this.
    Like(Arc<Conditions>),
}

impl<P: Permission> Scope<P> {
    pub(crate) fn all() -> Self {
        Self::of(Extent::All)
    }

    pub(crate) fn nothing() -> Self {
        Self::of(Extent::Nothing)
    }

    pub(crate) fn like(conditions: Arc<Conditions>) -> Self {
        Self::of(Extent::Like(conditions))
    }

    fn of(extent: Extent) -> Self {
        Self {
            extent,
            granted: PhantomData,
        }
    }

    /// Which things.
    pub fn extent(&self) -> &Extent {
        &self.extent
    }
}

impl<P: Permission> fmt::Debug for Scope<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scope({}, {:?})", P::NAME, self.extent)
    }
}
