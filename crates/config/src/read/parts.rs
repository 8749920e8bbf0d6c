//! The parts of lists, objects and enums, each fault with the step that leads to it.

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, IntoDeserializer, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};

use super::fault::{Fault, Reason};
use super::values::Values;
use crate::key_path::Step;
use crate::node::Node;

pub(super) struct Items<'de> {
    pub(super) values: Values<'de>,
    pub(super) items: std::iter::Enumerate<std::slice::Iter<'de, Node>>,
}

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Fault> {
        let values = self.values;
        let Some((index, node)) = self.items.find(|(_, node)| values.keeps(node)) else {
            return Ok(None);
        };
        seed.deserialize(values.of(node))
            .map(Some)
            .map_err(|fault| fault.below(Step::Index(index)))
    }
}

pub(super) struct Entries<'de> {
    pub(super) values: Values<'de>,
    pub(super) entries: indexmap::map::Iter<'de, String, Node>,
    pub(super) next: Option<(&'de str, &'de Node)>,
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Fault> {
        let values = self.values;
        let Some((key, node)) = self.entries.find(|(_, node)| values.keeps(node)) else {
            return Ok(None);
        };
        self.next = Some((key, node));
        let key: StrDeserializer<'de, Fault> = key.as_str().into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let Some((key, node)) = self.next.take() else {
            return Err(Fault::custom("a value was asked for before its key"));
        };
        let below = |fault: Fault| fault.below(Step::Key(key.to_owned()));
        seed.deserialize(self.values.of(node)).map_err(below)
    }
}

/// `name`, or `{ name: content }`.
pub(super) struct Variant<'de> {
    pub(super) name: &'de str,
    pub(super) content: Option<Values<'de>>,
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = Fault;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Fault> {
        let name: StrDeserializer<'de, Fault> = self.name.into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'de> Variant<'de> {
    fn read<T>(self, read: impl FnOnce(Values<'de>) -> Result<T, Fault>) -> Result<T, Fault> {
        let below = |fault: Fault| fault.below(Step::Key(self.name.to_owned()));
        match self.content {
            Some(content) => read(content).map_err(below),
            None => Err(Fault::new(
                Reason::Expected(format!("an object with the key `{}`", self.name)),
                None,
            )),
        }
    }
}

impl<'de> VariantAccess<'de> for Variant<'de> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        match self.content {
            None => Ok(()),
            Some(_) => Err(Fault::new(
                Reason::Expected(format!("just `{}`", self.name)),
                None,
            )),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Fault> {
        self.read(|content| seed.deserialize(content))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Fault> {
        self.read(|content| content.deserialize_seq(visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.read(|content| content.deserialize_map(visitor))
    }
}
