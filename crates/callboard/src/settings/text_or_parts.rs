//! Values that people write as one text or as their parts.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Unexpected, Visitor};

/// What a value with two ways of writing is made from. Unlike an untagged enum this keeps the place
/// of what is wrong inside the parts, and lets a number be written as text, as `${PORT}` does.
pub(super) trait TextOrParts: Sized {
    /// Its parts.
    type Parts;
    /// What was expected, as an error message says it.
    const EXPECTED: &'static str;

    /// From one text; `None` when it is not understood.
    fn from_text(text: &str) -> Option<Self>;
    /// From its parts.
    fn from_parts(parts: Self::Parts) -> Self;
}

pub(super) fn deserialize<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: TextOrParts,
    T::Parts: Deserialize<'de>,
{
    deserializer.deserialize_any(Either(PhantomData))
}

struct Either<T>(PhantomData<T>);

impl<'de, T> Visitor<'de> for Either<T>
where
    T: TextOrParts,
    T::Parts: Deserialize<'de>,
{
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        T::from_text(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<T, E> {
        T::from_text(if value { "true" } else { "false" })
            .ok_or_else(|| E::invalid_type(Unexpected::Bool(value), &self))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<T, E> {
        T::from_text(&value.to_string())
            .ok_or_else(|| E::invalid_type(Unexpected::Unsigned(value), &self))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<T, E> {
        T::from_text(&value.to_string())
            .ok_or_else(|| E::invalid_type(Unexpected::Signed(value), &self))
    }

    fn visit_map<A: MapAccess<'de>>(self, parts: A) -> Result<T, A::Error> {
        T::Parts::deserialize(MapAccessDeserializer::new(parts)).map(T::from_parts)
    }
}
