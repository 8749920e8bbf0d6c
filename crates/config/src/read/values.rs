//! Hands a tree of values to serde, as `@backstage/config` would convert them.

use serde::de::{Deserializer, Error, Unexpected, Visitor};
use serde_json::Number;

use super::Skipped;
use super::fault::{Fault, Reason};
use super::parts::{Entries, Items, Variant};
use crate::node::{Content, Node};

/// A value, without those below it that are left out.
#[derive(Clone, Copy)]
pub(super) struct Values<'de> {
    pub(super) node: &'de Node,
    pub(super) skipped: &'de Skipped,
}

impl<'de> Values<'de> {
    pub(super) fn of(self, node: &'de Node) -> Self {
        Self {
            node,
            skipped: self.skipped,
        }
    }

    pub(super) fn keeps(self, node: &Node) -> bool {
        !self.skipped.contains(&std::ptr::from_ref(node))
    }

    fn unexpected(self) -> Unexpected<'de> {
        match &self.node.content {
            Content::Null => Unexpected::Unit,
            Content::Bool(flag) => Unexpected::Bool(*flag),
            Content::Number(number) => unexpected_number(number),
            Content::Text(text) => Unexpected::Str(text),
            Content::List(_) => Unexpected::Seq,
            Content::Object(_) => Unexpected::Map,
        }
    }

    fn list<V: Visitor<'de>>(self, items: &'de [Node], visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_seq(Items {
            values: self,
            items: items.iter().enumerate(),
        })
    }

    fn object<V: Visitor<'de>>(
        self,
        entries: &'de indexmap::IndexMap<String, Node>,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_map(Entries {
            values: self,
            entries: entries.iter(),
            next: None,
        })
    }

    /// A number, which may also be written as a string.
    fn number<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let number = match &self.node.content {
            Content::Number(number) => Some(number.clone()),
            Content::Text(text) => parse_number(text.trim()),
            _ => None,
        };
        match number {
            Some(number) => visit_number(&number, visitor),
            None => Err(Fault::invalid_type(self.unexpected(), &visitor)),
        }
    }
}

fn unexpected_number(number: &Number) -> Unexpected<'static> {
    match (number.as_u64(), number.as_i64()) {
        (Some(number), _) => Unexpected::Unsigned(number),
        (None, Some(number)) => Unexpected::Signed(number),
        (None, None) => Unexpected::Float(number.as_f64().unwrap_or(f64::NAN)),
    }
}

fn parse_number(text: &str) -> Option<Number> {
    let digits = text.strip_prefix('+').unwrap_or(text);
    digits
        .parse::<u64>()
        .map(Number::from)
        .or_else(|_| digits.parse::<i64>().map(Number::from))
        .ok()
        .or_else(|| {
            let starts_like_one =
                digits.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '.');
            starts_like_one
                .then(|| digits.parse().ok().and_then(Number::from_f64))
                .flatten()
        })
}

/// A float without a fraction, such as `1e3` or `8080.0`, counts as a whole number.
fn visit_number<'de, V: Visitor<'de>>(number: &Number, visitor: V) -> Result<V::Value, Fault> {
    if let Some(number) = number.as_u64() {
        return visitor.visit_u64(number);
    }
    if let Some(number) = number.as_i64() {
        return visitor.visit_i64(number);
    }
    let number = number.as_f64().unwrap_or(f64::NAN);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "checked to be a whole number below 2^53"
    )]
    if number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0 {
        return visitor.visit_i64(number as i64);
    }
    visitor.visit_f64(number)
}

fn parse_flag(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "y" | "yes" | "true" | "1" | "on" => Some(true),
        "n" | "no" | "false" | "0" | "off" => Some(false),
        _ => None,
    }
}

macro_rules! numbers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            self.number(visitor)
        }
    )*};
}

impl<'de> Deserializer<'de> for Values<'de> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.node.content {
            Content::Null => visitor.visit_unit(),
            Content::Bool(flag) => visitor.visit_bool(*flag),
            Content::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(number), _) => visitor.visit_u64(number),
                (None, Some(number)) => visitor.visit_i64(number),
                (None, None) => visitor.visit_f64(number.as_f64().unwrap_or(f64::NAN)),
            },
            Content::Text(text) => visitor.visit_borrowed_str(text),
            Content::List(items) => self.list(items, visitor),
            Content::Object(entries) => self.object(entries, visitor),
        }
    }

    numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let flag = match &self.node.content {
            Content::Bool(flag) => Some(*flag),
            Content::Text(text) => parse_flag(text),
            Content::Number(number) => parse_flag(&number.to_string()),
            _ => None,
        };
        match flag {
            Some(flag) => visitor.visit_bool(flag),
            None => Err(Fault::invalid_type(self.unexpected(), &visitor)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.node.content {
            Content::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match &self.node.content {
            Content::Object(entries) => self.object(entries, visitor),
            _ => Err(Fault::invalid_type(self.unexpected(), &visitor)),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match &self.node.content {
            Content::Text(name) => visitor.visit_enum(Variant {
                name,
                content: None,
            }),
            Content::Object(entries) if entries.len() == 1 => match entries.first() {
                Some((name, node)) => visitor.visit_enum(Variant {
                    name,
                    content: Some(self.of(node)),
                }),
                None => Err(Fault::new(Reason::OneOf(variants), None)),
            },
            _ => {
                let found = Fault::invalid_type(self.unexpected(), &visitor).found;
                Err(Fault::new(Reason::OneOf(variants), found))
            }
        }
    }

    serde::forward_to_deserialize_any! {
        char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map identifier ignored_any
    }
}
