//! How entities hang together.

use callboard_db::Tx;
use callboard_model::Result;
use serde::{Deserialize, Serialize};

use super::{ref_rows, rows};

/// One relation and the entity that declares it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct RelationRow {
    pub(crate) origin: String,
    pub(crate) source: String,
    pub(crate) kind: String,
    pub(crate) target: String,
}

type Row = (String, String, String, String);

fn from_rows(rows: Vec<Row>) -> Vec<RelationRow> {
    rows.into_iter()
        .map(|(origin, source, kind, target)| RelationRow {
            origin,
            source,
            kind,
            target,
        })
        .collect()
}

/// Everything that `origins` declare.
pub(crate) async fn declared_by<'a>(
    tx: &mut Tx,
    origins: impl IntoIterator<Item = &'a str>,
) -> Result<Vec<RelationRow>> {
    const SQL: &str =
        "SELECT r.origin_ref, r.source_ref, r.type, r.target_ref FROM json_rows($1) AS item
        JOIN catalog_relations r ON r.origin_ref = item.value->>'r'";
    Ok(from_rows(
        tx.fetch(SQL, &[ref_rows(origins)?.into()]).await?,
    ))
}

/// The relations that start at an entity of `sources` (`json_rows` form): (source, type, target), sorted.
pub(crate) async fn starting_at(
    tx: &mut Tx,
    sources: &str,
) -> Result<Vec<(String, String, String)>> {
    const SQL: &str =
        "SELECT DISTINCT r.source_ref, r.type, r.target_ref FROM json_rows($1) AS item
        JOIN catalog_relations r ON r.source_ref = item.value->>'r'";
    tx.fetch(SQL, &[sources.into()]).await
}

pub(crate) async fn insert(tx: &mut Tx, relations: &[RelationRow]) -> Result<()> {
    const SQL: &str = "INSERT INTO catalog_relations (source_ref, type, target_ref, origin_ref)
        SELECT item.value->>'source', item.value->>'kind', item.value->>'target', item.value->>'origin'
        FROM json_rows($1) AS item WHERE true ON CONFLICT DO NOTHING";
    if !relations.is_empty() {
        tx.execute(SQL, &[rows(relations)?.into()]).await?;
    }
    Ok(())
}

pub(crate) async fn delete(tx: &mut Tx, relations: &[RelationRow]) -> Result<()> {
    const SQL: &str = "DELETE FROM catalog_relations WHERE (source_ref, type, target_ref, origin_ref) IN
        (SELECT item.value->>'source', item.value->>'kind', item.value->>'target', item.value->>'origin'
         FROM json_rows($1) AS item)";
    if !relations.is_empty() {
        tx.execute(SQL, &[rows(relations)?.into()]).await?;
    }
    Ok(())
}

/// Deletes what `origins` declare and returns the entities at whose end something changed.
pub(crate) async fn delete_declared_by(tx: &mut Tx, origins: &[String]) -> Result<Vec<String>> {
    const SQL: &str = "DELETE FROM catalog_relations
        WHERE origin_ref IN (SELECT item.value->>'r' FROM json_rows($1) AS item) RETURNING source_ref";
    let sources: Vec<(String,)> = tx
        .fetch(SQL, &[ref_rows(origins.iter().map(String::as_str))?.into()])
        .await?;
    Ok(sources.into_iter().map(|row| row.0).collect())
}
