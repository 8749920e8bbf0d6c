//! Values for ports that live in other crates, kept by their type.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::fmt;

#[derive(Default)]
pub(crate) struct Contributions(HashMap<TypeId, Vec<Box<dyn Any + Send>>>);

impl Contributions {
    pub(crate) fn add<P: Send + 'static>(&mut self, value: P) {
        self.0
            .entry(TypeId::of::<P>())
            .or_default()
            .push(Box::new(value));
    }

    pub(crate) fn append(&mut self, other: Self) {
        for (port, values) in other.0 {
            self.0.entry(port).or_default().extend(values);
        }
    }

    pub(crate) fn take<P: Send + 'static>(&mut self) -> Vec<P> {
        let values = self.0.remove(&TypeId::of::<P>()).unwrap_or_default();
        values
            .into_iter()
            .filter_map(|value| value.downcast::<P>().ok())
            .map(|value| *value)
            .collect()
    }
}

impl fmt::Debug for Contributions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count: usize = self.0.values().map(Vec::len).sum();
        write!(f, "Contributions({count})")
    }
}
