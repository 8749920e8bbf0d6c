//! JSON taken apart without reading the values in it.
//!
//! For JSON that was written by this program: what is malformed is answered with `None`, or with pieces that are
//! malformed as well.

use std::borrow::Cow;

use memchr::memchr2;

/// An object's keys and values, each value as it is written.
pub(super) fn entries(object: &[u8]) -> Option<Vec<(Cow<'_, str>, &[u8])>> {
    let mut scan = Scan::inside(object, b'{')?;
    let mut entries = Vec::new();
    while scan.peek()? != b'}' {
        let key = text(scan.value()?)?;
        scan.take(b':')?;
        entries.push((key, scan.value()?));
        scan.take_separator(b'}')?;
    }
    Some(entries)
}

/// A list's items, each as it is written.
pub(super) fn items(list: &[u8]) -> Option<Vec<&[u8]>> {
    items_and_rest(list).map(|(items, _)| items)
}

/// The items of the list that a text begins with, and what stands behind it.
pub(super) fn items_and_rest(text: &[u8]) -> Option<(Vec<&[u8]>, &[u8])> {
    let mut scan = Scan::inside(text, b'[')?;
    let mut items = Vec::new();
    while scan.peek()? != b']' {
        items.push(scan.value()?);
        scan.take_separator(b']')?;
    }
    scan.take(b']')?;
    Some((items, scan.rest()))
}

/// What stands behind the value that a text begins with.
pub(super) fn rest(text: &[u8]) -> Option<&[u8]> {
    let mut scan = Scan { json: text, at: 0 };
    scan.value()?;
    Some(scan.rest())
}

/// A string; borrowed unless it is written with escapes.
pub(super) fn text(text: &[u8]) -> Option<Cow<'_, str>> {
    let inner = text.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    if inner.contains(&b'\\') {
        return serde_json::from_slice(text).ok().map(Cow::Owned);
    }
    std::str::from_utf8(inner).ok().map(Cow::Borrowed)
}

/// A place in a text.
struct Scan<'a> {
    json: &'a [u8],
    at: usize,
}

impl<'a> Scan<'a> {
    /// Behind the bracket that the text begins with.
    fn inside(json: &'a [u8], open: u8) -> Option<Self> {
        let mut scan = Self { json, at: 0 };
        scan.take(open)?;
        Some(scan)
    }

    fn rest(&self) -> &'a [u8] {
        self.json.get(self.at..).unwrap_or_default()
    }

    /// The next byte that is no blank.
    fn peek(&mut self) -> Option<u8> {
        let is_blank = |byte: &&u8| byte.is_ascii_whitespace();
        self.at += self.rest().iter().take_while(is_blank).count();
        self.rest().first().copied()
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    /// Takes the comma, unless the end is next.
    fn take_separator(&mut self, end: u8) -> Option<()> {
        if self.peek()? == end {
            return Some(());
        }
        self.take(b',')
    }

    /// Takes a value as it is written.
    fn value(&mut self) -> Option<&'a [u8]> {
        let first = self.peek()?;
        let start = self.at;
        match first {
            b'"' => self.skip_string()?,
            b'{' | b'[' => self.skip_nested()?,
            _ => {
                let is_end = |byte: &u8| b",}]".contains(byte) || byte.is_ascii_whitespace();
                let rest = self.rest();
                self.at += rest.iter().position(is_end).unwrap_or(rest.len());
            }
        }
        self.json.get(start..self.at)
    }

    /// From a quotation mark to behind the one that ends the string.
    fn skip_string(&mut self) -> Option<()> {
        self.at += 1;
        loop {
            let found = memchr2(b'"', b'\\', self.rest())?;
            self.at += found;
            let is_end = self.rest().first() == Some(&b'"');
            if is_end {
                self.at += 1;
                return Some(());
            }
            // A backslash, and what it escapes.
            self.at += 2;
        }
    }

    /// From a bracket to behind the one that closes it. Which kind each is does not matter in JSON that is well formed.
    fn skip_nested(&mut self) -> Option<()> {
        let mut depth = 0;
        loop {
            let rest = self.rest();
            let found = rest.iter().position(|byte| b"\"{}[]".contains(byte))?;
            self.at += found;
            match rest.get(found)? {
                b'"' => self.skip_string()?,
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                _ => {
                    depth -= 1;
                    self.at += 1;
                    if depth <= 0 {
                        return Some(());
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Map, Value};

    use super::*;

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "[a\"\\\\{}\\[\\],: äß\n]{0,6}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 5, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                proptest::collection::vec(("[a\"\\\\{},: ä]{0,4}", inner), 0..5)
                    .prop_map(|entries| Value::Object(entries.into_iter().collect())),
            ]
        })
    }

    fn read(text: &[u8]) -> Value {
        serde_json::from_slice(text).unwrap()
    }

    proptest! {
        #[test]
        fn the_pieces_are_the_values(value in json(), pretty in any::<bool>()) {
            let text = if pretty { format!(" {value:#}") } else { value.to_string() };
            let text = text.as_bytes();
            match &value {
                Value::Object(_) => {
                    let entries = entries(text).unwrap().into_iter();
                    let object: Map<String, Value> =
                        entries.map(|(key, value)| (key.into_owned(), read(value))).collect();
                    prop_assert_eq!(Value::Object(object), value);
                }
                Value::Array(_) => {
                    let list: Vec<Value> = items(text).unwrap().into_iter().map(read).collect();
                    prop_assert_eq!(Value::Array(list), value);
                }
                _ => prop_assert!(entries(text).is_none() && items(text).is_none()),
            }
        }

        #[test]
        fn what_is_cut_off_ends(value in json(), kept in 0usize..60) {
            let text = value.to_string();
            let cut = &text.as_bytes()[..kept.min(text.len())];
            let _any = (entries(cut), items(cut));
        }
    }
}
