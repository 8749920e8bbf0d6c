//! The figures: a table for people, JSON for programs.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Serialize;

use super::targets::Target;

/// All figures about one catalog.
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
    /// Milliseconds, where single times were measured.
    times: Option<Times>,
    target: String,
    verdict: &'static str,
}

/// How long half of the answers took at most, and 99 of 100 (milliseconds).
#[derive(Clone, Copy, Serialize)]
pub(super) struct Times {
    pub(super) p50: f64,
    pub(super) p99: f64,
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

    /// Adds a figure.
    pub(super) fn add(
        &mut self,
        name: &str,
        measured: f64,
        unit: &'static str,
        target: Option<Target>,
    ) {
        self.push(name, measured, unit, None, target);
    }

    /// Adds a figure with the times behind it.
    pub(super) fn add_timed(
        &mut self,
        name: &str,
        (measured, unit): (f64, &'static str),
        times: Times,
        target: Option<Target>,
    ) {
        self.push(name, measured, unit, Some(times), target);
    }

    fn push(
        &mut self,
        name: &str,
        measured: f64,
        unit: &'static str,
        times: Option<Times>,
        target: Option<Target>,
    ) {
        let row = Row {
            name: name.to_owned(),
            unit,
            measured,
            times,
            target: target.map_or(String::new(), wanted),
            verdict: target.map_or("", |target| verdict(target, measured, times)),
        };
        eprintln!("  {}", row.cells().join(" | "));
        self.rows.push(row);
    }

    fn print(&self) {
        println!("\n### {}\n", self.title);
        println!("| | measured | p50 | p99 | target | |");
        println!("|---|---:|---:|---:|---:|---|");
        for row in &self.rows {
            println!("| {} |", row.cells().join(" | "));
        }
    }
}

impl Row {
    fn cells(&self) -> [String; 6] {
        let time = |time: fn(Times) -> f64| {
            self.times
                .map_or(String::new(), |times| format!("{} ms", digits(time(times))))
        };
        [
            self.name.clone(),
            format!("{} {}", digits(self.measured), self.unit),
            time(|times| times.p50),
            time(|times| times.p99),
            self.target.clone(),
            self.verdict.to_owned(),
        ]
    }
}

/// Prints the tables below what they were measured on, and writes the figures to `path`.
pub(super) fn write(machine: &[String], reports: &[Report], path: &Path) -> Result<()> {
    println!();
    for line in machine {
        println!("- {line}");
    }
    for report in reports {
        report.print();
    }
    let all = serde_json::json!({ "machine": machine, "catalogs": reports });
    fs::write(path, serde_json::to_string_pretty(&all)? + "\n")
        .with_context(|| format!("cannot write {}", path.display()))?;
    println!("\n{}", path.display());
    Ok(())
}

fn wanted(target: Target) -> String {
    match target {
        Target::AtMost(most) => format!("≤ {}", digits(most)),
        Target::AtLeast(least) => format!("≥ {}", digits(least)),
        Target::P99(most) => format!("p99 ≤ {} ms", digits(most)),
    }
}

fn verdict(target: Target, measured: f64, times: Option<Times>) -> &'static str {
    let met = match target {
        Target::AtMost(most) => measured <= most,
        Target::AtLeast(least) => measured >= least,
        Target::P99(most) => times.is_some_and(|times| times.p99 <= most),
    };
    if met { "ok" } else { "missed" }
}

/// A number with about three digits.
fn digits(number: f64) -> String {
    let text = match number.abs() {
        large if large >= 100.0 => format!("{number:.0}"),
        middle if middle >= 10.0 => format!("{number:.1}"),
        _ => format!("{number:.2}"),
    };
    grouped(&text)
}

/// Groups of three digits, as in `25,000`.
fn grouped(text: &str) -> String {
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + rest
}

/// The middle one of `values`; of an even count, the higher one of the middle two.
pub(super) fn median(values: &mut [f64]) -> f64 {
    quantile(values, 50)
}

/// The value that `percent` of `values` do not exceed.
pub(super) fn quantile(values: &mut [f64], percent: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    let place = (values.len() * percent / 100).min(values.len().saturating_sub(1));
    values.get(place).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_a_most_or_a_least_or_about_the_slowest() {
        let times = Some(Times { p50: 1.0, p99: 9.0 });
        assert_eq!(verdict(Target::AtMost(2.0), 1.0, None), "ok");
        assert_eq!(verdict(Target::AtMost(2.0), 3.0, None), "missed");
        assert_eq!(verdict(Target::AtLeast(2.0), 1.0, None), "missed");
        assert_eq!(verdict(Target::P99(10.0), 1.0, times), "ok");
        assert_eq!(verdict(Target::P99(8.0), 1.0, times), "missed");
        assert_eq!(verdict(Target::P99(8.0), 1.0, None), "missed");
    }

    #[test]
    fn the_median_is_the_middle_value() {
        assert_eq!(median(&mut [3.0, 1.0, 2.0]), 2.0);
        assert_eq!(quantile(&mut [3.0, 1.0, 2.0], 99), 3.0);
    }

    #[test]
    fn numbers_are_short_and_grouped() {
        assert_eq!(digits(1_234_567.8), "1,234,568");
        assert_eq!(digits(123.4), "123");
        assert_eq!(digits(12.34), "12.3");
        assert_eq!(digits(0.123), "0.12");
    }
}
