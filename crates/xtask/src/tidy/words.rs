//! Words that a finished source does not have.

use anyhow::Result;

use super::rules::{Banned, Rules};
use super::tree::{self, Tree};

/// Finds banned words.
pub(super) fn check(tree: &Tree, rules: &Rules) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for rule in &rules.banned {
        for path in tree
            .ending_in(&rule.endings)
            .filter(|path| !excepted(rule, path))
        {
            let Some(text) = tree::text(path)? else {
                continue;
            };
            for (number, line) in text.lines().enumerate() {
                if let Some(word) = rule.words.iter().find(|word| has_word(line, word)) {
                    findings.push(format!("{path}:{}: `{word}`: {}", number + 1, rule.instead));
                }
            }
        }
    }
    Ok(findings)
}

fn excepted(rule: &Banned, path: &str) -> bool {
    rule.except
        .iter()
        .any(|start| path.starts_with(start.as_str()))
}

/// Whether `line` has `word` by itself: not within a longer word, address or path.
fn has_word(line: &str, word: &str) -> bool {
    let part_of_word = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.~".contains(&byte);
    line.match_indices(word).any(|(start, _)| {
        let (before, after) = (&line[..start], &line[start + word.len()..]);
        let starts_inside = before.bytes().last().is_some_and(part_of_word);
        let ends_inside = word
            .bytes()
            .last()
            .is_some_and(|last| last.is_ascii_alphanumeric())
            && after
                .bytes()
                .next()
                .is_some_and(|next| next.is_ascii_alphanumeric() || next == b'_');
        !starts_inside && !ends_inside
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_within_another_is_not_meant() {
        assert!(has_word("// LATER: this", "LATER"));
        assert!(!has_word("const LATER_ON: u8", "LATER"));
        assert!(has_word("see /home/ada/x", "/home/"));
        assert!(!has_word("https://example.com/home/ada", "/home/"));
    }
}
