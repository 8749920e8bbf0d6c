//! How long it takes until the change of one file is served.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::Bed;
use super::report::{Report, median};
use crate::http::get;
use crate::portal::{GLANCE, Portal};

const CHANGES: usize = 20;
/// The longest that one change may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Changes the description of a domain again and again.
pub(super) fn measure(bed: &Bed, portal: &mut Portal, report: &mut Report) -> Result<()> {
    let (file, text) = first_domains(bed)?;
    let (before, after) = text
        .split_once("description: ")
        .context("a domain has no description")?;
    let (_, after) = after.split_once('\n').context("a description has no end")?;
    let name = text
        .split_once("  name: ")
        .and_then(|(_, rest)| rest.lines().next());
    let name = name.context("a domain has no name")?;
    let request = get(&format!(
        "/api/catalog/entities/by-name/domain/default/{name}"
    ));

    let mut times = Vec::new();
    for number in 0..CHANGES {
        let marker = format!("changed for the {number}th time");
        let mut connection = portal.connect()?;
        fs::write(&file, format!("{before}description: {marker}\n{after}"))?;
        let saved = Instant::now();
        loop {
            let answer = connection.ask(&request)?;
            if String::from_utf8_lossy(answer.body).contains(&marker) {
                break;
            }
            ensure!(
                saved.elapsed() < PATIENCE,
                "a change in {} was not served",
                file.display()
            );
            std::thread::park_timeout(GLANCE);
        }
        times.push(saved.elapsed().as_secs_f64() * 1e3);
    }
    fs::write(&file, &text)?;
    report.add(
        "a saved file is served after",
        "ms",
        Some(1_000.0),
        median(&mut times),
    );
    Ok(())
}

/// The file with the first domains, and its text.
fn first_domains(bed: &Bed) -> Result<(PathBuf, String)> {
    let file = bed
        .catalog
        .join("catalog/domains/000/domains/catalog-info.yaml");
    let text =
        fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok((file, text))
}
