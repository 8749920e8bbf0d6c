//! Relations that start at another entity than the one that declares them.

use callboard_db::Tx;
use callboard_model::Result;
use serde::Serialize;

use super::rows;

/// One relation and the entity that declares it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub(crate) struct RelationRow {
    pub(crate) source: String,
    pub(crate) kind: String,
    pub(crate) target: String,
    pub(crate) origin: String,
}

/// The relations that others declared for the entities of `sources` (`json_rows` form): (source, type,
/// target), each once.
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
