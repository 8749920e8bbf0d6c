//! The figures: a table for people, JSON for programs.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Serialize;

/// All figures of a run.
#[derive(Serialize)]
pub(super) struct Report {
    title: String,
    rows: Vec<Row>,
}

/// A figure with its target.
#[derive(Serialize)]
struct Row {
    name: String,
    unit: &'static str,
    measured: f64,
    target: Option<f64>,
    /// Whether more is better.
    more: bool,
}

impl Report {
    /// An empty report.
    pub(super) fn new(title: String) -> Self {
        eprintln!("measuring: {title}");
        Self {
            title,
            rows: Vec::new(),
        }
    }

    /// Adds a figure that should be at most `target`.
    pub(super) fn add(
        &mut self,
        name: &str,
        unit: &'static str,
        target: Option<f64>,
        measured: f64,
    ) {
        self.push(Row {
            name: name.to_owned(),
            unit,
            measured,
            target,
            more: false,
        });
    }

    /// Adds a figure that should be at least `target`.
    pub(super) fn add_more(
        &mut self,
        name: &str,
        unit: &'static str,
        target: Option<f64>,
        measured: f64,
    ) {
        self.push(Row {
            name: name.to_owned(),
            unit,
            measured,
            target,
            more: true,
        });
    }

    fn push(&mut self, row: Row) {
        eprintln!("  {}: {} {}", row.name, digits(row.measured), row.unit);
        self.rows.push(row);
    }

    /// Prints the table and writes the figures to `path`.
    pub(super) fn write(&self, path: &Path) -> Result<()> {
        println!("\n{}\n", self.title);
        println!(
            "| {:<42} | {:>12} | {:>11} | {:<6} |",
            "", "measured", "target", ""
        );
        println!(
            "|{}|{}:|{}:|{}|",
            "-".repeat(44),
            "-".repeat(13),
            "-".repeat(12),
            "-".repeat(8)
        );
        for row in &self.rows {
            let measured = format!("{} {}", digits(row.measured), row.unit);
            let sign = if row.more { "≥" } else { "≤" };
            let target = row
                .target
                .map_or(String::new(), |target| format!("{sign} {}", digits(target)));
            println!(
                "| {:<42} | {measured:>12} | {target:>11} | {:<6} |",
                row.name,
                row.verdict()
            );
        }
        fs::write(path, serde_json::to_string_pretty(self)? + "\n")
            .with_context(|| format!("cannot write {}", path.display()))?;
        println!("\n{}", path.display());
        Ok(())
    }
}

impl Row {
    fn verdict(&self) -> &'static str {
        match self.target {
            None => "",
            Some(target) if self.more && self.measured < target => "missed",
            Some(target) if !self.more && self.measured > target => "missed",
            Some(_) => "ok",
        }
    }
}

/// A number with about three digits.
fn digits(number: f64) -> String {
    match number.abs() {
        large if large >= 100.0 => format!("{number:.0}"),
        middle if middle >= 10.0 => format!("{number:.1}"),
        _ => format!("{number:.2}"),
    }
}

/// The middle one of `values`; of an even count, the higher one of the middle two.
pub(super) fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_a_most_or_a_least() {
        let row = |measured, more| Row {
            name: String::new(),
            unit: "s",
            measured,
            target: Some(2.0),
            more,
        };
        assert_eq!(row(1.0, false).verdict(), "ok");
        assert_eq!(row(3.0, false).verdict(), "missed");
        assert_eq!(row(1.0, true).verdict(), "missed");
    }

    #[test]
    fn the_median_is_the_middle_value() {
        assert_eq!(median(&mut [3.0, 1.0, 2.0]), 2.0);
    }
}
