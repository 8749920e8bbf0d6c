//! What permissions cost: the same requests to a portal without them, and to one where somebody who signed in sees
//! what their thirty groups own.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::report::Report;
use super::{Bed, load};
use crate::http::{get, get_with};
use crate::portal::{Portal, Setup};

/// How many groups somebody is in.
const GROUPS: usize = 30;
/// How many pages are asked for in turn: many more than the portal keeps of late.
const PAGES: usize = 2_000;
/// The entities of the longest page.
const LONGEST: usize = 20;
const READY: &str = "/.backstage/health/v1/readiness";
const GUEST: &str = "/api/auth/guest/refresh";

/// Measures with `portal`, which has no policy, then with one that has, on the same data.
pub(super) fn measure(
    bed: &Bed,
    setup: Setup,
    mut portal: Portal,
    report: &mut Report,
) -> Result<()> {
    // Until the last change of a file has been taken in.
    portal.rested()?;
    let groups = groups(&portal)?;
    let owned = owned(&portal, &groups)?;
    let paths = Paths::of(&owned)?;
    let time = Duration::from_secs(bed.seconds);
    let before = paths.measure(&portal, time, get)?;
    portal.stop()?;

    let setup = with_policy(bed, setup, &groups)?;
    let mut portal = setup.start()?;
    let header = sign_in(&mut portal)?;
    let count = get_with(&header, "/api/catalog/entities/by-query?limit=0");
    portal.wait_for_answer(&count, |body| total(body) == owned.len() as u64)?;
    let after = paths.measure(&portal, time, |path| get_with(&header, path))?;
    portal.stop()?;

    for (name, seen) in [("no policy", &before), ("what 30 groups own", &after)] {
        let list = &seen.list;
        let name = format!(
            "by-query, {name}: by name, 2,000 pages in turn ({:.1} kB)",
            list.bytes as f64 / 1e3
        );
        report.add_timed(&name, (list.rate, "1/s"), list.times, None);
    }
    report.add(
        "by-query: with a conditional policy",
        after.list.rate / before.list.rate,
        "of it",
        bed.targets.conditional(),
    );
    let added = 1e6 / after.one.rate - 1e6 / before.one.rate;
    report.add(
        "who asks and what they may, added to by-name",
        added,
        "µs",
        bed.targets.authorized(),
    );
    Ok(())
}

/// What is asked for.
struct Paths {
    pages: Vec<String>,
    names: Vec<String>,
}

/// What was seen of it.
struct Seen {
    list: load::Seen,
    /// Over one connection.
    one: load::Seen,
}

impl Paths {
    /// Pages that exist for whoever sees `owned` alone, and each of those by name.
    fn of(owned: &[Value]) -> Result<Self> {
        let starts = owned.len().saturating_sub(LONGEST);
        ensure!(starts > 0, "{GROUPS} groups own too little to measure");
        let page = |number: usize| {
            let (limit, offset) = (LONGEST - number / starts % LONGEST, number % starts);
            format!(
                "/api/catalog/entities/by-query?limit={limit}&offset={offset}&orderField=metadata.name,asc"
            )
        };
        let name = |entity: &Value| {
            let part = |pointer| entity.pointer(pointer).and_then(Value::as_str);
            let namespace = part("/metadata/namespace").unwrap_or("default");
            let kind = part("/kind").context("an entity has no kind")?;
            let name = part("/metadata/name").context("an entity has no name")?;
            Ok(format!(
                "/api/catalog/entities/by-name/{kind}/{namespace}/{name}"
            ))
        };
        Ok(Self {
            pages: (0..PAGES).map(page).collect(),
            names: owned.iter().map(name).collect::<Result<_>>()?,
        })
    }

    fn measure(
        &self,
        portal: &Portal,
        time: Duration,
        request: impl Fn(&str) -> Vec<u8>,
    ) -> Result<Seen> {
        let requests = |paths: &[String]| paths.iter().map(|path| request(path)).collect();
        let (pages, names): (Vec<_>, Vec<_>) = (requests(&self.pages), requests(&self.names));
        Ok(Seen {
            list: load::run(portal.address, &pages, time)?,
            one: load::alone(portal.address, &names, time)?,
        })
    }
}

/// References of groups from all over the catalog.
fn groups(portal: &Portal) -> Result<Vec<String>> {
    let path = format!(
        "/api/catalog/entities/by-query?filter=kind=group&limit={GROUPS}&fields=metadata.name\
         &orderField=metadata.uid,asc"
    );
    let groups: Vec<String> = items(portal, &path)?
        .iter()
        .filter_map(|group| group["metadata"]["name"].as_str())
        .map(|name| format!("group:default/{name}"))
        .collect();
    ensure!(groups.len() == GROUPS, "the catalog has too few groups");
    Ok(groups)
}

/// What `groups` own.
fn owned(portal: &Portal, groups: &[String]) -> Result<Vec<Value>> {
    let owners: Vec<String> = groups
        .iter()
        .map(|group| format!("relations.ownedBy={group}"))
        .collect();
    let path = format!(
        "/api/catalog/entities/by-query?filter={}&limit=100000&fields=kind,metadata.name,metadata.namespace",
        owners.join(",")
    );
    items(portal, &path)
}

fn items(portal: &Portal, path: &str) -> Result<Vec<Value>> {
    let mut page = portal.connect()?.json(path)?;
    let items = page["items"].as_array_mut().map(std::mem::take);
    items.context("a list has no items")
}

fn total(body: &[u8]) -> u64 {
    let answer: Value = serde_json::from_slice(body).unwrap_or_default();
    answer["totalItems"].as_u64().unwrap_or(0)
}

/// The same portal with a role by which guests see what their groups own.
fn with_policy(bed: &Bed, setup: Setup, groups: &[String]) -> Result<Setup> {
    let folder = bed.run_folder("policy")?;
    let roles = json!({ "roles": [{
        "name": "owners",
        "members": ["user:default/somebody"],
        "permissions": [{
            "resourceType": "catalog-entity",
            "actions": ["read"],
            "when": { "rule": "IS_ENTITY_OWNER", "params": { "claims": ["$ownerRefs"] } },
        }],
    }] });
    let file = folder.join("roles.yaml");
    fs::write(&file, roles.to_string())?;
    let own = json!({
        "auth": {
            "environment": "development",
            "providers": { "guest": {
                "userEntityRef": "user:default/somebody",
                "ownershipEntityRefs": groups,
            } },
        },
        "permission": { "enabled": true, "rolesFile": file },
    });
    let catalog = setup.config.context("the portal has no configuration")?;
    let text = fs::read_to_string(catalog)?;
    let keys = own.as_object().into_iter().flatten();
    let own: String = keys
        .map(|(key, value)| format!("{key}: {value}\n"))
        .collect();
    let config = folder.join("app-config.yaml");
    fs::write(&config, format!("{text}{own}"))?;
    Ok(Setup {
        config: Some(config),
        ..setup
    })
}

/// Signs a guest in; answers the header that says so.
fn sign_in(portal: &mut Portal) -> Result<String> {
    // Whoever asks for tokens again and again has to wait.
    portal.wait_for(READY, |_| true)?;
    let request = get_with("X-Requested-With: XMLHttpRequest", GUEST);
    let mut connection = portal.connect()?;
    let answer = connection.ask(&request)?;
    ensure!(
        answer.status == 200,
        "a guest cannot sign in: {}",
        answer.status
    );
    let answer: Value = serde_json::from_slice(answer.body)?;
    let token = answer["backstageIdentity"]["token"].as_str();
    let token = token.context("a guest has no token")?;
    Ok(format!("Authorization: Bearer {token}"))
}
