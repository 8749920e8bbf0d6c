//! How many tests a runner says it ran.

use std::ops::Add;

/// Tests that passed and that failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) passed: usize,
    pub(super) failed: usize,
}

impl Counts {
    /// A check that is one test.
    pub(super) const ONE: Self = Self {
        passed: 1,
        failed: 0,
    };

    /// Reads the closing lines of cargo test, nextest, vitest and node's runner.
    pub(super) fn read(text: &str) -> Self {
        text.lines()
            .map(|line| closing_line(&plain(line)))
            .fold(Self::default(), Self::add)
    }
}

impl Add for Counts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
        }
    }
}

fn closing_line(line: &str) -> Counts {
    let line = line.trim();
    let words: Vec<_> = line
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let before = |name: &str| {
        let place = words
            .iter()
            .position(|word| *word == name)
            .filter(|place| *place > 0);
        place
            .and_then(|place| words[place - 1].parse().ok())
            .unwrap_or(0)
    };
    let after = |name: &str| match words.as_slice() {
        [first, count] if *first == name => count.parse().unwrap_or(0),
        _ => 0,
    };
    if line.starts_with("test result:")
        || line.starts_with("Summary [")
        || line.starts_with("Tests ")
    {
        return Counts {
            passed: before("passed"),
            failed: before("failed"),
        };
    }
    if line.starts_with(['ℹ', '#']) {
        return Counts {
            passed: after("pass"),
            failed: after("fail"),
        };
    }
    Counts::default()
}

/// The line without colours.
fn plain(line: &str) -> String {
    let mut letters = line.chars();
    let mut plain = String::with_capacity(line.len());
    while let Some(letter) = letters.next() {
        if letter == '\u{1b}' {
            letters.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(letter);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closing_lines_of_every_runner_are_understood() {
        for (text, passed, failed) in [
            (
                "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured",
                12,
                0,
            ),
            (
                "     Summary [   1.5s] 30 tests run: 28 passed (1 slow), 2 failed, 0 skipped",
                28,
                2,
            ),
            ("      Tests  1 failed | 41 passed (42)", 41, 1),
            (
                "\u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m\u{1b}[32m7 passed\u{1b}[39m (7)",
                7,
                0,
            ),
            ("ℹ tests 9\nℹ pass 8\nℹ fail 1", 8, 1),
            ("# pass 3\n# fail 0", 3, 0),
            ("running 12 tests", 0, 0),
        ] {
            assert_eq!(Counts::read(text), Counts { passed, failed }, "{text}");
        }
    }
}
