//! How an entity is named.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

use crate::shown;

/// An entity's name in full, `kind:namespace/name`, in lower case: the key of everything
/// (FEATURES 1.2). Two texts that name the same entity give equal references.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntityRef {
    text: Box<str>,
    kind_end: u32,
    namespace_end: u32,
}

/// What a short reference leaves out.
#[derive(Clone, Copy, Debug, Default)]
pub struct RefContext<'a> {
    /// The kind when the text names none; without it a kind is required.
    pub kind: Option<&'a str>,
    /// The namespace when the text names none; `default` without it.
    pub namespace: Option<&'a str>,
}

/// Why a text is not an entity reference.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum InvalidEntityRef {
    /// A part between the separators is empty.
    #[error(
        "`{}` is not an entity reference: its {part} is empty; expected `[<kind>:][<namespace>/]<name>`",
        shown::text(.text)
    )]
    EmptyPart {
        /// The whole text.
        text: String,
        /// `kind`, `namespace` or `name`.
        part: &'static str,
    },
    /// No kind in the text, and none in the context.
    #[error(
        "`{}` is not a full entity reference: it has no kind; expected `<kind>:[<namespace>/]<name>`, such as `component:{}`",
        shown::text(.0),
        shown::text(.0)
    )]
    NoKind(String),
}

impl EntityRef {
    /// The reference made of three parts, each lower-cased.
    ///
    /// Empty parts are refused; that a part follows its naming rule is checked by validation, where
    /// the place in the file is known.
    pub fn new(kind: &str, namespace: &str, name: &str) -> Result<Self, InvalidEntityRef> {
        for (part, value) in [("kind", kind), ("namespace", namespace), ("name", name)] {
            if value.is_empty() {
                return Err(InvalidEntityRef::EmptyPart {
                    text: format!("{kind}:{namespace}/{name}"),
                    part,
                });
            }
        }
        let mut text = String::with_capacity(kind.len() + namespace.len() + name.len() + 2);
        push_lower(&mut text, kind);
        let kind_end = text.len();
        text.push(':');
        push_lower(&mut text, namespace);
        let namespace_end = text.len();
        text.push('/');
        push_lower(&mut text, name);
        Ok(Self {
            text: text.into_boxed_str(),
            kind_end: u32::try_from(kind_end).unwrap_or(u32::MAX),
            namespace_end: u32::try_from(namespace_end).unwrap_or(u32::MAX),
        })
    }

    /// Reads `[<kind>:][<namespace>/]<name>`, filling what is left out from `context`.
    ///
    /// A `/` before the `:` means that there is no kind part.
    pub fn parse(text: &str, context: RefContext<'_>) -> Result<Self, InvalidEntityRef> {
        let slash = text.find('/');
        let colon = text
            .find(':')
            .filter(|colon| slash.is_none_or(|slash| *colon < slash));
        let (kind, rest) = match colon {
            Some(colon) => (Some(&text[..colon]), &text[colon + 1..]),
            None => (None, text),
        };
        let (namespace, name) = match rest.split_once('/') {
            Some((namespace, name)) => (Some(namespace), name),
            None => (None, rest),
        };
        let empty = |part| InvalidEntityRef::EmptyPart {
            text: text.to_owned(),
            part,
        };
        if kind == Some("") {
            return Err(empty("kind"));
        }
        if namespace == Some("") {
            return Err(empty("namespace"));
        }
        if name.is_empty() {
            return Err(empty("name"));
        }
        let kind = kind
            .or(context.kind)
            .ok_or_else(|| InvalidEntityRef::NoKind(text.to_owned()))?;
        Self::new(
            kind,
            namespace.or(context.namespace).unwrap_or("default"),
            name,
        )
    }

    /// The kind in lower case, such as `component`.
    pub fn kind(&self) -> &str {
        &self.text[..self.kind_end as usize]
    }

    /// The namespace in lower case, such as `default`.
    pub fn namespace(&self) -> &str {
        &self.text[self.kind_end as usize + 1..self.namespace_end as usize]
    }

    /// The name in lower case.
    pub fn name(&self) -> &str {
        &self.text[self.namespace_end as usize + 1..]
    }

    /// The whole reference, `kind:namespace/name`.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// Appends `part` in lower case; almost every part is ASCII, which needs no second text.
fn push_lower(text: &mut String, part: &str) {
    if part.is_ascii() {
        let start = text.len();
        text.push_str(part);
        text[start..].make_ascii_lowercase();
    } else {
        text.push_str(&part.to_lowercase());
    }
}

impl FromStr for EntityRef {
    type Err = InvalidEntityRef;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text, RefContext::default())
    }
}

impl fmt::Display for EntityRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for EntityRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

impl Serialize for EntityRef {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for EntityRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> String {
        let context = RefContext {
            kind: Some("Component"),
            namespace: Some("Shop"),
        };
        EntityRef::parse(text, context).map_or_else(
            |error| error.to_string(),
            |entity_ref| entity_ref.to_string(),
        )
    }

    #[test]
    fn what_is_left_out_comes_from_the_context() {
        assert_eq!(read("pay"), "component:shop/pay");
        assert_eq!(read("API:pay"), "api:shop/pay");
        assert_eq!(read("other/pay"), "component:other/pay");
        assert_eq!(read("API:Other/Pay"), "api:other/pay");
    }

    #[test]
    fn a_colon_after_the_slash_belongs_to_the_name() {
        assert_eq!(read("other/a:b"), "component:other/a:b");
        assert_eq!(read("api:other/a/b:c"), "api:other/a/b:c");
    }

    #[test]
    fn without_a_context_the_namespace_is_default_and_a_kind_is_needed() {
        assert_eq!(
            "group:a".parse::<EntityRef>().unwrap().as_str(),
            "group:default/a"
        );
        assert_eq!(
            "a".parse::<EntityRef>().unwrap_err().to_string(),
            "`a` is not a full entity reference: it has no kind; expected `<kind>:[<namespace>/]<name>`, such as `component:a`"
        );
    }

    #[test]
    fn empty_parts_are_named() {
        let cases = [
            (":a", "kind"),
            ("/a", "namespace"),
            ("k:/a", "namespace"),
            ("", "name"),
            ("k:", "name"),
            ("k:n/", "name"),
        ];
        for (text, part) in cases {
            assert_eq!(
                read(text),
                format!(
                    "`{text}` is not an entity reference: its {part} is empty; expected `[<kind>:][<namespace>/]<name>`"
                )
            );
        }
    }

    #[test]
    fn the_parts_are_the_parts_of_the_text() {
        let entity_ref = EntityRef::new("Äpfel", "ÖST", "İx").unwrap();
        assert_eq!(
            (entity_ref.kind(), entity_ref.namespace()),
            ("äpfel", "öst")
        );
        assert_eq!(entity_ref.name(), "İx".to_lowercase());
    }

    proptest! {
        #[test]
        fn a_reference_reads_back_as_it_was_printed(kind in "[a-zA-Z][a-zA-Z0-9]{0,9}", namespace in "[a-z0-9-]{1,9}", name in "[-A-Za-z0-9_.]{1,9}") {
            let entity_ref = EntityRef::new(&kind, &namespace, &name).unwrap();
            prop_assert_eq!(entity_ref.as_str().parse(), Ok(entity_ref.clone()));
            let json = serde_json::to_string(&entity_ref).unwrap();
            prop_assert_eq!(serde_json::from_str::<EntityRef>(&json).unwrap(), entity_ref);
        }

        #[test]
        fn any_text_is_a_reference_or_an_error(text in "\\PC{0,12}|[a:/]{0,6}") {
            if let Ok(entity_ref) = EntityRef::parse(&text, RefContext { kind: Some("k"), namespace: None }) {
                let parts = format!("{}:{}/{}", entity_ref.kind(), entity_ref.namespace(), entity_ref.name());
                prop_assert_eq!(parts, entity_ref.as_str());
            }
        }
    }
}
