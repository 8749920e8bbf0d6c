//! Requests that people and programs make all day.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::changes::Stream;
use super::nginx::{self, Nginx};
use super::report::Report;
use super::targets::Target;
use super::{Bed, load};
use crate::http::{get, post};
use crate::portal::Portal;

const FILTERED: &str =
    "/api/catalog/entities/by-query?filter=kind=component,spec.type=service&limit=20";
const SEARCHED: &str = "/api/catalog/entities/by-query?filter=kind=component,spec.type=service\
                        &limit=20&fullTextFilterTerm=ledger\
                        &fullTextFilterFields=metadata.name,metadata.title\
                        &orderField=metadata.name,asc";
const SORTED: &str = "/api/catalog/entities/by-query?filter=kind=component&limit=20\
                      &orderField=metadata.name,desc";
const FACETS: &str = "/api/catalog/entity-facets?facet=kind&facet=spec.type&facet=metadata.tags\
                      &facet=spec.owner&facet=spec.lifecycle";
/// References in one request.
const REFS: usize = 100;
/// How many pages of a list are asked for in turn: many more than the portal keeps of late.
const PAGES: usize = 2_000;
/// How many different entities are asked for by name, and how many lists of references.
const NAMES: usize = 500;

/// Measures each request under load.
pub(super) fn measure(bed: &Bed, portal: &Portal, report: &mut Report) -> Result<()> {
    let run = Run { bed, portal };
    let targets = bed.targets;
    let filtered = get(FILTERED);
    let rate = run.add(
        "by-query: kind and type, 20 items, total",
        std::slice::from_ref(&filtered),
        targets.filtered(),
        report,
    )?;
    if bed.nginx {
        run.add_nginx(&filtered, rate, report)?;
    }
    run.add(
        "by-query: the same, 2,000 pages in turn",
        &pages(FILTERED),
        targets.filtered(),
        report,
    )?;
    run.add(
        "by-query: two filters, full text, sorted",
        &[get(SEARCHED)],
        targets.searched(),
        report,
    )?;
    let metadata = names(portal)?;
    run.add(
        "by-query: the same, another text each time",
        &searches(&metadata),
        targets.searched(),
        report,
    )?;
    run.add(
        "by-query: kind, sorted by name, 2,000 pages in turn",
        &pages(SORTED),
        None,
        report,
    )?;
    run.add("five facets", &[get(FACETS)], targets.facets(), report)?;
    let stream = Stream::start(bed)?;
    run.add(
        "five facets while changes stream in",
        &[get(FACETS)],
        targets.facets(),
        report,
    )?;
    let rate = stream.end()?;
    report.add("changes saved meanwhile", rate, "1/s", None);
    run.add(
        "by-refs: 100 references",
        &by_refs(&metadata)?,
        targets.by_refs(),
        report,
    )?;
    run.add("by-name", &by_name(&metadata), targets.by_name(), report)?;
    Ok(())
}

struct Run<'a> {
    bed: &'a Bed,
    portal: &'a Portal,
}

impl Run<'_> {
    /// Adds a row, and answers how many requests a second were answered.
    fn add(
        &self,
        name: &str,
        requests: &[Vec<u8>],
        target: Option<Target>,
        report: &mut Report,
    ) -> Result<f64> {
        let time = Duration::from_secs(self.bed.seconds);
        let seen = load::run(self.portal.address, requests, time)?;
        let name = format!("{name} ({:.1} kB)", seen.bytes as f64 / 1e3);
        report.add_timed(&name, (seen.rate, "1/s"), seen.times, target);
        Ok(seen.rate)
    }

    /// nginx answers with the same bytes, from a file.
    fn add_nginx(&self, request: &[u8], rate: f64, report: &mut Report) -> Result<()> {
        let body = self.portal.connect()?.ask(request)?.body.to_vec();
        let nginx = Nginx::serve(&self.bed.folder.join("nginx"), &body)?;
        let time = Duration::from_secs(self.bed.seconds);
        let seen = load::run(nginx.address, &[get(nginx::PATH)], time)?;
        ensure!(seen.bytes == body.len(), "nginx served other bytes");
        let name = format!("{}: the same bytes from a file", Nginx::version());
        report.add_timed(&name, (seen.rate, "1/s"), seen.times, None);
        report.add(
            "by-query beside nginx",
            rate / seen.rate,
            "of it",
            self.bed.targets.beside_nginx(),
        );
        Ok(())
    }
}

/// Metadata of components from all over the catalog.
fn names(portal: &Portal) -> Result<Vec<Value>> {
    let path = format!(
        "/api/catalog/entities/by-query?filter=kind=component&limit={NAMES}\
         &fields=metadata.name,metadata.namespace&orderField=metadata.uid,asc"
    );
    let mut page = portal.connect()?.json(&path)?;
    let items = page["items"].as_array_mut().map(std::mem::take);
    let mut names = Vec::new();
    for mut item in items.context("a list has no items")? {
        names.push(item["metadata"].take());
    }
    ensure!(!names.is_empty(), "the catalog has no components");
    Ok(names)
}

fn name_of(metadata: &Value) -> (&str, &str) {
    let text = |key| metadata[key].as_str();
    (
        text("namespace").unwrap_or("default"),
        text("name").unwrap_or_default(),
    )
}

/// Pages of a list, one after the other.
fn pages(list: &str) -> Vec<Vec<u8>> {
    let page = |number| get(&format!("{list}&offset={}", number * 3));
    (0..PAGES).map(page).collect()
}

/// The search for the start of each name and for its end.
fn searches(names: &[Value]) -> Vec<Vec<u8>> {
    let texts = names.iter().flat_map(|metadata| {
        let name = name_of(metadata).1;
        let (start, _) = name.split_once('-').unwrap_or((name, ""));
        [start, name]
    });
    let texts: BTreeSet<&str> = texts.collect();
    let search = |text: &&str| get(&SEARCHED.replace("ledger", text));
    texts.iter().map(search).collect()
}

fn by_name(names: &[Value]) -> Vec<Vec<u8>> {
    let path = |metadata| {
        let (namespace, name) = name_of(metadata);
        get(&format!(
            "/api/catalog/entities/by-name/component/{namespace}/{name}"
        ))
    };
    names.iter().map(path).collect()
}

fn by_refs(names: &[Value]) -> Result<Vec<Vec<u8>>> {
    let refs: Vec<String> = names
        .iter()
        .map(|metadata| {
            let (namespace, name) = name_of(metadata);
            format!("component:{namespace}/{name}")
        })
        .collect();
    let bodies = refs.chunks(REFS).map(|refs| {
        let body = serde_json::to_vec(&json!({ "entityRefs": refs }))?;
        Ok(post("/api/catalog/entities/by-refs", &body))
    });
    bodies.collect()
}
