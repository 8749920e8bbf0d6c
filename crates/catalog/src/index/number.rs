//! Numbers as JavaScript prints them, because filters are written against that text.

use std::fmt::Write;

/// The largest whole number that JavaScript holds exactly.
const LARGEST_EXACT: u64 = 1 << 53;

/// A number of a JSON document.
pub(crate) fn number_text(number: &serde_json::Number) -> String {
    let mut text = String::new();
    match (number.as_u64(), number.as_i64(), number.as_f64()) {
        (Some(value), _, _) => push_unsigned(&mut text, value),
        (None, Some(value), _) => push_signed(&mut text, value),
        (None, None, Some(value)) => push_float(&mut text, value),
        (None, None, None) => text.push_str(&number.to_string()),
    }
    text
}

/// Appends a whole number.
pub(super) fn push_unsigned(text: &mut String, value: u64) {
    if value <= LARGEST_EXACT {
        append(text, format_args!("{value}"));
    } else {
        push_float(text, value as f64);
    }
}

/// Appends a whole number that may be negative.
pub(super) fn push_signed(text: &mut String, value: i64) {
    if value.unsigned_abs() <= LARGEST_EXACT {
        append(text, format_args!("{value}"));
    } else {
        push_float(text, value as f64);
    }
}

/// Appends any number: shortest digits, exponents only below 1e-6 and from 1e21 on.
pub(super) fn push_float(text: &mut String, value: f64) {
    let size = value.abs();
    if value == 0.0 {
        text.push('0');
    } else if (1e-6..1e21).contains(&size) {
        append(text, format_args!("{value}"));
    } else {
        let scientific = format!("{value:e}");
        match scientific.split_once('e') {
            Some((digits, exponent)) if !exponent.starts_with('-') => {
                append(text, format_args!("{digits}e+{exponent}"));
            }
            _ => text.push_str(&scientific),
        }
    }
}

fn append(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing to a `String` has no way to fail.
    let _infallible = text.write_fmt(arguments);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(value: f64) -> String {
        let mut text = String::new();
        push_float(&mut text, value);
        text
    }

    #[test]
    fn numbers_print_as_in_javascript() {
        for (value, expected) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (-1.5, "-1.5"),
            (0.1, "0.1"),
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (1.5e300, "1.5e+300"),
            (0.000001, "0.000001"),
            (1.5e-7, "1.5e-7"),
        ] {
            assert_eq!(printed(value), expected);
        }
    }

    #[test]
    fn whole_numbers_past_the_exact_range_are_rounded_like_floats() {
        let mut text = String::new();
        push_unsigned(&mut text, u64::MAX);
        text.push(' ');
        push_signed(&mut text, -9_007_199_254_740_993);
        text.push(' ');
        push_signed(&mut text, -5);
        assert_eq!(text, "18446744073709552000 -9007199254740992 -5");
    }
}
