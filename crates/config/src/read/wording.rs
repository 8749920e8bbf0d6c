//! What serde calls a type, in words for people who write configuration.

/// `u16` becomes "a whole number from 0 to 65535".
pub(super) fn plain(expected: &str) -> String {
    match expected {
        "u8" => range(0, u8::MAX),
        "u16" => range(0, u16::MAX),
        "u32" => range(0, u32::MAX),
        "i8" => range(i8::MIN, i8::MAX),
        "i16" => range(i16::MIN, i16::MAX),
        "i32" => range(i32::MIN, i32::MAX),
        "u64" | "u128" | "usize" => "a whole number, 0 or more".to_owned(),
        "i64" | "i128" | "isize" => "a whole number".to_owned(),
        "f32" | "f64" => "a number".to_owned(),
        "a boolean" => "`true` or `false`".to_owned(),
        "a sequence" => "a list".to_owned(),
        "a map" => "an object".to_owned(),
        "string or map" => "a string or an object with one key".to_owned(),
        "a borrowed string" | "a string" | "identifier" => "a string".to_owned(),
        other if other.starts_with("a nonzero") => "a whole number other than 0".to_owned(),
        other => structure(other),
    }
}

/// What JSON Schema calls a type, in words.
pub(super) fn of_schema_type(name: &str) -> &str {
    match name {
        "string" => "a string",
        "number" => "a number",
        "integer" => "a whole number",
        "boolean" => "`true` or `false`",
        "array" => "a list",
        "object" => "an object with the right keys",
        other => other,
    }
}

fn range(least: impl std::fmt::Display, most: impl std::fmt::Display) -> String {
    format!("a whole number from {least} to {most}")
}

/// The names of our types mean nothing to a reader.
fn structure(expected: &str) -> String {
    let prefixes = ["struct variant ", "internally tagged enum ", "struct "];
    if prefixes.iter().any(|prefix| expected.starts_with(prefix)) {
        "an object".to_owned()
    } else if expected.starts_with("enum ") || expected.starts_with("variant of enum ") {
        "one of its names".to_owned()
    } else if let Some(rest) = expected.strip_prefix("a tuple of size ") {
        format!("a list of {rest} items")
    } else {
        expected.to_owned()
    }
}
