//! JSON pointers, as `$ref` writes them after `#`.

use std::borrow::Cow;

use serde_json::Value;

/// One name of a pointer, as a pointer writes it.
pub(super) fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// The names of a pointer, as they are in the document; addresses may write them with `%`.
pub(super) fn names(pointer: &str) -> Vec<String> {
    let names = pointer.split('/').filter(|name| !name.is_empty());
    names
        .map(|name| decode(name).replace("~1", "/").replace("~0", "~"))
        .collect()
}

/// The pointer of `names`.
pub(super) fn join(names: &[String]) -> String {
    names
        .iter()
        .map(|name| format!("/{}", escape(name)))
        .collect()
}

/// The value called `name` in `value`.
pub(super) fn step<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    match value {
        Value::Object(entries) => entries.get(name),
        Value::Array(items) => items.get(name.parse::<usize>().ok()?),
        _ => None,
    }
}

fn decode(name: &str) -> Cow<'_, str> {
    if !name.contains('%') {
        return Cow::Borrowed(name);
    }
    let bytes = name.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = bytes
            .get(at + 1..at + 3)
            .and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) if bytes[at] == b'%' => {
                decoded.push(byte);
                at += 3;
            }
            _ => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    Cow::Owned(String::from_utf8_lossy(&decoded).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_reads_back_as_it_was_written() {
        let written = ["paths", "/pets/{id}", "a~b", "0"].map(str::to_owned);
        assert_eq!(join(&written), "/paths/~1pets~1{id}/a~0b/0");
        assert_eq!(names(&join(&written)), written);
        assert_eq!(names("/paths/~1pets~1%7Bid%7D"), ["paths", "/pets/{id}"]);
        assert_eq!(names("/100%"), ["100%"]);
    }
}
