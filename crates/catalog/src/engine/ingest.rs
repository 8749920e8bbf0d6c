//! Stores what a source claims; what it claimed before in the same words stops here.

use std::collections::{BTreeSet, HashMap, HashSet};

use callboard_db::{Retries, Rows, Tx};
use callboard_model::{EntityRef, Problem, Result};

use super::record::{self, Outcome};
use super::{Engine, annotate, orphan, remove};
use crate::hash;
use crate::provider::{Deferred, Mutation};
use crate::sql::claims::{self, ClaimRow, KnownClaim};
use crate::sql::conflicts;
use crate::sql::entities::{self, NewEntity};
use crate::sql::queue::STITCH;

/// How many rows travel in one statement.
const CHUNK: usize = 2_000;

/// Claims of one provider that replace earlier ones.
struct Incoming<'a> {
    source: &'a str,
    claims: Vec<ClaimRow>,
    replaces: Replaces,
}

/// Which earlier claims of the provider the incoming ones stand for.
enum Replaces {
    /// All of them.
    Everything,
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
    let (incoming, problems) = incoming(&source, mutation);
    let mut retries = Retries::default();
    while let Err(error) = store(engine, &incoming).await {
        if !retries.again(&error).await {
            return Err(error);
        }
    }
    Ok(problems)
}

/// Stores a provider's mutation as a part of `tx`; when it removes anything the caller is [`remove::in_turn`].
pub(super) async fn apply_within(
    engine: &Engine,
    tx: &mut Tx,
    provider: &str,
    mutation: Mutation,
) -> Result<Vec<Problem>> {
    let source = format!("provider:{provider}");
    let (incoming, problems) = incoming(&source, mutation);
    write(engine, tx, &incoming).await?;
    Ok(problems)
}

/// What a mutation claims, and what of it cannot be taken.
fn incoming(source: &str, mutation: Mutation) -> (Incoming<'_>, Vec<Problem>) {
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
    let incoming = Incoming {
        source,
        claims,
        replaces,
    };
    (incoming, problems)
}

async fn store(engine: &Engine, incoming: &Incoming<'_>) -> Result<()> {
    let mut tx = engine.database.begin().await?;
    write(engine, &mut tx, incoming).await?;
    tx.commit().await
}

pub(super) fn claim_of(deferred: Deferred) -> Result<ClaimRow, Problem> {
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
async fn write(engine: &Engine, tx: &mut Tx, incoming: &Incoming<'_>) -> Result<()> {
    let Incoming {
        source,
        claims: new,
        replaces,
    } = incoming;
    let known = match replaces {
        Replaces::Everything => claims::of_source(tx, source).await?,
        Replaces::Only { gone } => {
            let named = new.iter().map(|claim| &claim.target_ref).chain(gone);
            let named = Rows::of_texts(named.map(String::as_str));
            claims::of_targets(tx, source, &named).await?
        }
    };
    let gone = match replaces {
        Replaces::Everything => missing(&known, new),
        // One that is handed over in the same breath stays: it moved within its source.
        Replaces::Only { gone } => {
            let mut gone_now = missing(&known, new);
            gone_now.retain(|claim| gone.contains(&claim.target_ref));
            gone_now
        }
    };
    if !gone.is_empty() {
        remove::in_turn(tx).await?;
    }
    let changed = changed(&known, new);
    write_changed(engine, tx, source, &changed, &HashMap::new()).await?;
    delete(tx, source, gone).await
}

/// Writes claims that are new or differ, and has what they are about processed. An entity that nobody has claimed
/// yet can be written as it is among `processed`, for then this claim is the one that counts.
pub(super) async fn write_changed(
    engine: &Engine,
    tx: &mut Tx,
    source: &str,
    changed: &[&ClaimRow],
    processed: &HashMap<&str, &Outcome>,
) -> Result<()> {
    for chunk in changed.chunks(CHUNK) {
        claims::upsert(tx, source, chunk).await?;
        let targets = targets(chunk);
        let ready = targets.iter().filter_map(|r| processed.get(r).copied());
        let written = record::write_new(engine, tx, ready.collect()).await?;
        let targets: Vec<NewEntity<'_>> = targets
            .into_iter()
            .filter(|r| !written.contains(*r))
            .map(|r| NewEntity {
                r,
                uid: engine.ids.uuid().to_string(),
            })
            .collect();
        entities::request_processing(tx, &targets).await?;
        let claimed: Vec<String> = targets.iter().map(|target| target.r.to_owned()).collect();
        orphan::reclaim(tx, &claimed).await?;
        // Who claims the same shows it.
        let rows = Rows::of_texts(targets.iter().map(|target| target.r));
        let contested = conflicts::note(tx, &rows).await?;
        let rows = Rows::of_texts(contested.iter().map(String::as_str));
        let claimants = claims::claimants(tx, &rows).await?;
        let shown = contested.iter().chain(&claimants).map(String::as_str);
        STITCH.append(tx, shown).await?;
    }
    Ok(())
}

/// Deletes claims, and what nobody claims any more; in turn when there are any.
pub(super) async fn delete(tx: &mut Tx, source: &str, gone: Vec<KnownClaim>) -> Result<()> {
    claims::delete(tx, source, &gone).await?;
    let released: HashSet<String> = gone.into_iter().map(|claim| claim.target_ref).collect();
    remove::release(tx, released.into_iter().collect()).await
}

/// Whom the claims are about, each once and in the one order in which entities are locked.
fn targets<'a>(claims: &[&'a ClaimRow]) -> BTreeSet<&'a str> {
    claims
        .iter()
        .map(|claim| claim.target_ref.as_str())
        .collect()
}

/// Earlier claims that are not among the new ones.
pub(super) fn missing<'a>(
    known: &[KnownClaim],
    new: impl IntoIterator<Item = &'a ClaimRow>,
) -> Vec<KnownClaim> {
    let kept: HashSet<(&str, &str)> = new
        .into_iter()
        .map(|claim| (claim.part.as_str(), claim.target_ref.as_str()))
        .collect();
    known
        .iter()
        .filter(|claim| !kept.contains(&(&claim.part, &claim.target_ref)))
        .cloned()
        .collect()
}

/// Claims that are new or say something else than before.
pub(super) fn changed<'a>(
    known: &[KnownClaim],
    new: impl IntoIterator<Item = &'a ClaimRow>,
) -> Vec<&'a ClaimRow> {
    let known: HashMap<(&str, &str), &KnownClaim> = known
        .iter()
        .map(|claim| ((claim.part.as_str(), claim.target_ref.as_str()), claim))
        .collect();
    new.into_iter()
        .filter(|claim| {
            known
                .get(&(claim.part.as_str(), claim.target_ref.as_str()))
                .is_none_or(|before| {
                    before.hash != claim.hash
                        || before.location_key != claim.location_key
                        || before.problems != claim.problems
                })
        })
        .collect()
}
