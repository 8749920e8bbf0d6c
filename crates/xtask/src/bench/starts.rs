//! Starts: of an empty portal, from YAML, and from the database.

use std::time::Duration;

use anyhow::Result;
use serde_json::Value;

use super::Bed;
use super::report::{Report, median};
use crate::portal::{Portal, Setup};

const COUNT: &str = "/api/catalog/entities/by-query?limit=0";
const FIRST: &str = "/api/catalog/entities/by-query?limit=1";
/// Both sides of the relation that nearly every entity has, and of the one to its whole.
const SIDES: &str = "/api/catalog/entity-facets?facet=relations.ownedBy&facet=relations.ownerOf\
                     &facet=relations.partOf&facet=relations.hasPart";

/// Measures an empty portal's start and the memory that it then holds.
pub(super) fn empty(bed: &Bed, report: &mut Report) -> Result<()> {
    let mut starts = Vec::new();
    let mut memory = Vec::new();
    for _ in 0..bed.runs {
        let setup = Setup {
            binary: bed.binary.clone(),
            folder: bed.run_folder("empty")?,
            config: None,
            database: bed.storage()?,
        };
        let mut portal = setup.start()?;
        starts.push(milliseconds(portal.wait_for(FIRST, |_| true)?));
        memory.push(portal.kilobytes("VmRSS")? as f64 / 1e3);
        portal.stop()?;
    }
    report.add(
        "empty start to first answer",
        "ms",
        Some(200.0),
        median(&mut starts),
    );
    report.add("memory: empty", "MB", Some(40.0), median(&mut memory));
    Ok(())
}

/// Measures starts with the catalog, and answers the portal that started last.
pub(super) fn loaded(bed: &Bed, report: &mut Report) -> Result<Portal> {
    let (mut visible, mut settled) = (Vec::new(), Vec::new());
    let (mut memory, mut setup) = (Vec::new(), None);
    for _ in 0..bed.runs {
        let run = Setup {
            binary: bed.binary.clone(),
            folder: bed.run_folder("loaded")?,
            config: Some(bed.catalog.join("app-config.yaml")),
            database: bed.storage()?,
        };
        let mut portal = run.start()?;
        visible.push(seconds(wait_for_all(bed, &mut portal)?));
        settled.push(seconds(wait_for_relations(bed, &mut portal)?));
        memory.push(portal.kilobytes("VmRSS")? as f64 / 1e3);
        portal.stop()?;
        setup = Some(run);
    }
    report.add(
        "first start: every entity visible",
        "s",
        Some(5.0),
        median(&mut visible),
    );
    report.add(
        "first start: and every relation",
        "s",
        Some(5.0),
        median(&mut settled),
    );
    report.add(
        "memory: after the first start",
        "MB",
        Some(250.0),
        median(&mut memory),
    );
    restarts(bed, report, setup.as_ref())
}

fn restarts(bed: &Bed, report: &mut Report, setup: Option<&Setup>) -> Result<Portal> {
    let setup = setup.ok_or_else(|| anyhow::anyhow!("there was no run"))?;
    let (mut first, mut full, mut last) = (Vec::new(), Vec::new(), None);
    for _ in 0..bed.runs {
        if let Some(portal) = last.take() {
            Portal::stop(portal)?;
        }
        let mut portal = setup.start()?;
        first.push(seconds(portal.wait_for(FIRST, |_| true)?));
        full.push(seconds(wait_for_all(bed, &mut portal)?));
        wait_for_relations(bed, &mut portal)?;
        last = Some(portal);
    }
    report.add("restart: first answer", "s", Some(1.0), median(&mut first));
    report.add(
        "restart: first answer with every entity",
        "s",
        Some(1.0),
        median(&mut full),
    );
    let portal = last.ok_or_else(|| anyhow::anyhow!("there was no restart"))?;
    report.add(
        "memory: after a restart",
        "MB",
        Some(250.0),
        portal.kilobytes("VmRSS")? as f64 / 1e3,
    );
    Ok(portal)
}

/// Waits until as many entities are served as the files have. The portal adds a Location of its own
/// for each configured location, so more than that will do.
fn wait_for_all(bed: &Bed, portal: &mut Portal) -> Result<Duration> {
    portal.wait_for(COUNT, |body| {
        let answer: Value = serde_json::from_slice(body).unwrap_or_default();
        answer["totalItems"].as_u64().unwrap_or(0) >= bed.summary.entities as u64
    })
}

/// Waits until every relation has both its sides.
fn wait_for_relations(bed: &Bed, portal: &mut Portal) -> Result<Duration> {
    let wanted = |relation: &str| bed.summary.relations.get(relation).copied().unwrap_or(0) as u64;
    portal.wait_for(SIDES, |body| {
        let answer: Value = serde_json::from_slice(body).unwrap_or_default();
        let served = |side: &str| {
            let rows = answer["facets"][side].as_array().into_iter().flatten();
            rows.filter_map(|row| row["count"].as_u64()).sum::<u64>()
        };
        [
            ("relations.ownedBy", "ownedBy"),
            ("relations.ownerOf", "ownedBy"),
        ]
        .into_iter()
        .chain([
            ("relations.partOf", "partOf"),
            ("relations.hasPart", "partOf"),
        ])
        .all(|(side, relation)| served(side) == wanted(relation))
    })
}

fn seconds(duration: Duration) -> f64 {
    duration.as_secs_f64()
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
