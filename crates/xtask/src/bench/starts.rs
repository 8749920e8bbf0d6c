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
    let (mut starts, mut memory) = (Vec::new(), Vec::new());
    for _ in 0..bed.runs {
        let mut portal = bed.setup("empty", None)?.start()?;
        starts.push(milliseconds(portal.wait_for(FIRST, |_| true)?));
        memory.push(portal.kilobytes("VmRSS")? as f64 / 1e3);
        portal.stop()?;
    }
    report.add(
        "empty start to first answer",
        median(&mut starts),
        "ms",
        None,
    );
    report.add("memory: empty", median(&mut memory), "MB", None);
    Ok(())
}

/// What was measured of one kind of start, a value a run.
#[derive(Default)]
struct Starts {
    all: Vec<f64>,
    cpu: Vec<f64>,
    memory: Vec<f64>,
    highest: Vec<f64>,
}

impl Starts {
    /// Waits until everything is there, then until the portal rests.
    fn add(&mut self, bed: &Bed, portal: &mut Portal) -> Result<()> {
        wait_for_all(bed, portal)?;
        self.all
            .push(wait_for_relations(bed, portal)?.as_secs_f64());
        self.highest.push(portal.kilobytes("VmHWM")? as f64 / 1e3);
        self.cpu.push(portal.rested()?.as_secs_f64());
        self.memory.push(portal.kilobytes("VmRSS")? as f64 / 1e3);
        Ok(())
    }
}

/// Measures starts with the catalog, and answers the portal that started last.
pub(super) fn loaded(bed: &Bed, report: &mut Report) -> Result<(Setup, Portal)> {
    let mut starts = Starts::default();
    let mut setup = bed.setup("loaded", Some(bed.catalog.join("app-config.yaml")))?;
    for run in 0..bed.runs {
        if run > 0 {
            setup = bed.setup("loaded", setup.config)?;
        }
        let mut portal = setup.start()?;
        starts.add(bed, &mut portal)?;
        portal.stop()?;
    }
    let target = bed.targets.first_load();
    report.add(
        "first load from YAML: all visible",
        median(&mut starts.all),
        "s",
        target,
    );
    report.add(
        "first load: processor time until at rest",
        median(&mut starts.cpu),
        "s",
        None,
    );
    report.add(
        "first load: memory at its highest",
        median(&mut starts.highest),
        "MB",
        None,
    );
    report.add(
        "memory: at rest after the first load",
        median(&mut starts.memory),
        "MB",
        bed.targets.memory(),
    );
    let portal = restarts(bed, report, &setup)?;
    Ok((setup, portal))
}

fn restarts(bed: &Bed, report: &mut Report, setup: &Setup) -> Result<Portal> {
    let (mut first, mut starts) = (Vec::new(), Starts::default());
    let mut last = restart(bed, setup, &mut first, &mut starts)?;
    for _ in 1..bed.runs {
        last.stop()?;
        last = restart(bed, setup, &mut first, &mut starts)?;
    }
    report.add(
        "restart: first complete answer",
        median(&mut first),
        "s",
        bed.targets.restart(),
    );
    report.add(
        "restart: processor time until at rest",
        median(&mut starts.cpu),
        "s",
        None,
    );
    report.add(
        "restart: memory at its highest",
        median(&mut starts.highest),
        "MB",
        None,
    );
    report.add(
        "memory: at rest after a restart",
        median(&mut starts.memory),
        "MB",
        bed.targets.memory(),
    );
    Ok(last)
}

fn restart(bed: &Bed, setup: &Setup, first: &mut Vec<f64>, starts: &mut Starts) -> Result<Portal> {
    let mut portal = setup.start()?;
    first.push(wait_for_all(bed, &mut portal)?.as_secs_f64());
    starts.add(bed, &mut portal)?;
    Ok(portal)
}

/// Waits until as many entities are served as the files have. The portal adds a Location of its own
/// for each configured location, so more than that will do.
pub(super) fn wait_for_all(bed: &Bed, portal: &mut Portal) -> Result<Duration> {
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

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
