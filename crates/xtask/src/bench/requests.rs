//! Requests that people and programs make all day.

use std::time::Duration;

use anyhow::{Context, Result};

use super::report::Report;
use super::{Bed, load};
use crate::portal::Portal;

/// The request that has targets of its own.
const FILTERED: &str =
    "/api/catalog/entities/by-query?filter=kind=component,spec.type=service&limit=20";
const SORTED: &str = "/api/catalog/entities/by-query?filter=kind=component&limit=20\
                      &orderField=metadata.name,desc";
const FULL_TEXT: &str = "/api/catalog/entities/by-query?filter=kind=component&limit=20\
                         &fullTextFilterTerm=ledger&fullTextFilterFields=metadata.name,metadata.title\
                         &orderField=metadata.name,asc";
const FACETS: &str = "/api/catalog/entity-facets?facet=kind&facet=spec.type&facet=metadata.tags\
                      &facet=spec.owner&facet=spec.lifecycle";

/// Measures each request under load.
pub(super) fn measure(bed: &Bed, portal: &Portal, report: &mut Report) -> Result<()> {
    let by_name = by_name(portal)?;
    let rows = [
        ("filter, 20 items", FILTERED, Some(10_000.0), Some(5.0)),
        ("sorted by name", SORTED, None, None),
        ("full text, sorted", FULL_TEXT, None, None),
        ("one entity by name", by_name.as_str(), None, None),
        ("five facets", FACETS, None, None),
    ];
    for (name, path, rate, p99) in rows {
        let seen = load::run(portal.address, path, Duration::from_secs(bed.seconds))?;
        report.add_more(&format!("{name}: answers"), "1/s", rate, seen.rate);
        report.add(&format!("{name}: p50"), "ms", None, seen.median / 1e3);
        report.add(&format!("{name}: p99"), "ms", p99, seen.p99 / 1e3);
        report.add(
            &format!("{name}: size"),
            "kB",
            None,
            seen.bytes as f64 / 1e3,
        );
    }
    Ok(())
}

/// The path of a component in the middle of the catalog.
fn by_name(portal: &Portal) -> Result<String> {
    let page = portal.connect()?.json(SORTED)?;
    let metadata = &page["items"][10]["metadata"];
    let name = metadata["name"]
        .as_str()
        .context("the catalog has fewer than eleven components")?;
    let namespace = metadata["namespace"].as_str().unwrap_or("default");
    Ok(format!(
        "/api/catalog/entities/by-name/component/{namespace}/{name}"
    ))
}
