//! Stores what a source claims; what it claimed before in the same words stops here.

use std::collections::{HashMap, HashSet};

use callboard_db::Tx;
use callboard_model::{EntityRef, Ids, Problem, Result};

use super::{Engine, annotate, remove};
use crate::hash;
use crate::provider::{Deferred, Mutation};
use crate::sql::claims::{self, ClaimRow, KnownClaim};
use crate::sql::entities::{self, NewEntity};
use crate::sql::ref_rows;

/// How many rows travel in one statement.
const CHUNK: usize = 2_000;

/// Claims of one source that replace earlier ones.
pub(super) struct Incoming<'a> {
    pub(super) source: &'a str,
    pub(super) claims: Vec<ClaimRow>,
    pub(super) replaces: Replaces<'a>,
}

/// Which earlier claims of the source the incoming ones stand for.
pub(super) enum Replaces<'a> {
    /// All of them.
    Everything,
    /// Those read from these parts.
    Parts(Vec<&'a str>),
    /// Only equal ones, and these targets are gone.
    Only { gone: Vec<String> },
}

/// Stores a provider's mutation in one transaction.
pub(super) async fn apply(
    engine: &Engine,
    provider: &str,
    mutation: Mutation,
) -> Result<Vec<Problem>> {
    let source = format!("provider:{provider}");
    let (deferred, replaces) = match mutation {
        Mutation::Full(deferred) => (deferred, Replaces::Everything),
        Mutation::Delta { added, removed } => {
            let gone = removed
                .iter()
                .map(|entity_ref| entity_ref.as_str().to_owned())
                .collect();
            (added, Replaces::Only { gone })
        }
    };
    let mut problems = Vec::new();
    let mut named = HashSet::new();
    let mut claims = Vec::with_capacity(deferred.len());
    for one in deferred {
        match claim_of(one) {
            Ok(claim) if named.insert(claim.target_ref.clone()) => claims.push(claim),
            Ok(claim) => problems.push(Problem::new(
                "duplicate-entity",
                format!(
                    "`{}` is handed over more than once; the first one is taken",
                    claim.target_ref
                ),
            )),
            Err(problem) => problems.push(problem),
        }
    }
    let mut tx = engine.database.begin().await?;
    write(
        &mut tx,
        &engine.ids,
        Incoming {
            source: &source,
            claims,
            replaces,
        },
    )
    .await?;
    tx.commit().await?;
    Ok(problems)
}

fn claim_of(deferred: Deferred) -> Result<ClaimRow, Problem> {
    let Deferred {
        mut entity,
        location,
        location_key,
    } = deferred;
    let target_ref = named(entity.entity_ref())?;
    annotate::annotate(&mut entity, &location, &location);
    let entity = serde_json::Value::Object(entity.into_object()).to_string();
    Ok(ClaimRow {
        target_ref: target_ref.to_string(),
        part: String::new(),
        location_key: location_key.unwrap_or_default(),
        hash: hash::hex(entity.as_bytes()),
        entity,
        problems: "[]".to_owned(),
    })
}

/// A reference that may become a row: made of printable characters, and of bounded length.
pub(super) fn named<E: std::fmt::Display>(
    parsed: Result<EntityRef, E>,
) -> Result<EntityRef, Problem> {
    const LONGEST: usize = 3 * 63 + 2;
    let entity_ref =
        parsed.map_err(|error| Problem::new("entity-without-name", error.to_string()))?;
    let shown: String = entity_ref.as_str().chars().take(LONGEST).collect();
    if entity_ref.as_str().chars().count() > LONGEST {
        let message = format!(
            "`{shown}…` is too long for an entity: each of kind, namespace and name has at most 63 characters"
        );
        return Err(Problem::new("entity-name-too-long", message));
    }
    if entity_ref.as_str().chars().any(char::is_control) {
        return Err(Problem::new(
            "entity-name-characters",
            format!("`{}` has control characters in it", shown.escape_debug()),
        ));
    }
    Ok(entity_ref)
}

/// Stores claims, requests processing of what changed and removes what nobody claims any more.
pub(super) async fn write(tx: &mut Tx, ids: &Ids, incoming: Incoming<'_>) -> Result<()> {
    let Incoming {
        source,
        claims: new,
        replaces,
    } = incoming;
    let known = match &replaces {
        Replaces::Everything => claims::of_source(tx, source).await?,
        Replaces::Parts(parts) => claims::of_parts(tx, source, parts).await?,
        Replaces::Only { gone } => {
            let named = new.iter().map(|claim| &claim.target_ref).chain(gone);
            claims::of_targets(tx, source, &ref_rows(named.map(String::as_str))?).await?
        }
    };
    let removed = missing(&known, &new, &replaces);
    let changed = changed(&known, new);
    for chunk in changed.chunks(CHUNK) {
        claims::upsert(tx, source, chunk).await?;
        let targets: Vec<NewEntity<'_>> = chunk
            .iter()
            .map(|claim| NewEntity {
                r: &claim.target_ref,
                uid: ids.uuid().to_string(),
            })
            .collect();
        entities::request_processing(tx, &unique(targets)).await?;
    }
    claims::delete(tx, source, &removed).await?;
    let released: Vec<String> = removed.into_iter().map(|claim| claim.target_ref).collect();
    remove::release(tx, released).await
}

/// The same target twice in one statement would be refused by PostgreSQL.
fn unique(targets: Vec<NewEntity<'_>>) -> Vec<NewEntity<'_>> {
    let mut seen = HashSet::new();
    targets
        .into_iter()
        .filter(|target| seen.insert(target.r))
        .collect()
}

fn missing(known: &[KnownClaim], new: &[ClaimRow], replaces: &Replaces<'_>) -> Vec<KnownClaim> {
    if let Replaces::Only { gone } = replaces {
        return known
            .iter()
            .filter(|claim| gone.contains(&claim.target_ref))
            .cloned()
            .collect();
    }
    let kept: HashSet<(&str, &str)> = new
        .iter()
        .map(|claim| (claim.part.as_str(), claim.target_ref.as_str()))
        .collect();
    known
        .iter()
        .filter(|claim| !kept.contains(&(&claim.part, &claim.target_ref)))
        .cloned()
        .collect()
}

fn changed(known: &[KnownClaim], new: Vec<ClaimRow>) -> Vec<ClaimRow> {
    let known: HashMap<(&str, &str), &KnownClaim> = known
        .iter()
        .map(|claim| ((claim.part.as_str(), claim.target_ref.as_str()), claim))
        .collect();
    new.into_iter()
        .filter(|claim| {
            known
                .get(&(claim.part.as_str(), claim.target_ref.as_str()))
                .is_none_or(|before| before.hash != claim.hash || before.problems != claim.problems)
        })
        .collect()
}
