//! Links between our documents lead somewhere.

use std::path::Path;

use anyhow::Result;

use super::rules::Rules;
use super::tree::{self, Tree};

/// Finds relative links in Markdown files to what is not there.
pub(super) fn check(tree: &Tree, _: &Rules) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for path in tree.files.iter().filter(|path| path.ends_with(".md")) {
        let text = tree::text(path)?.unwrap_or_default();
        let folder = Path::new(path).parent().unwrap_or(Path::new(""));
        for (line, target) in links(&text) {
            let file = target.split('#').next().unwrap_or_default();
            let from = match file.strip_prefix('/') {
                Some(from_root) => Path::new(from_root).to_owned(),
                None => folder.join(file),
            };
            if !file.is_empty() && !crate::root().join(from).exists() {
                findings.push(format!(
                    "{path}:{line}: the link to `{target}` leads nowhere"
                ));
            }
        }
    }
    Ok(findings)
}

/// The targets of links and pictures that lead to files, with their lines.
fn links(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut in_code = false;
    for (number, line) in text.lines().enumerate() {
        in_code ^= line.trim_start().starts_with("```");
        if in_code {
            continue;
        }
        for (_, rest) in line
            .match_indices("](")
            .map(|(start, mark)| line.split_at(start + mark.len()))
        {
            let target = rest.split([')', ' ']).next().unwrap_or_default();
            if !target.contains("://") && !target.starts_with("mailto:") {
                found.push((number + 1, target));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_links_to_files_are_followed() {
        let text = "[a](docs/a.md#top) and [b](https://example.com)\n```\n[c](c.md)\n```\n![d](d.png \"D\")";
        assert_eq!(links(text), [(1, "docs/a.md#top"), (5, "d.png")]);
    }
}
