//! Relations that start at another entity than the one that declares them.

use callboard_db::{Rows, Tx};
use callboard_model::Result;

/// One relation and the entity that declares it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct RelationRow {
    pub(crate) source: String,
    pub(crate) kind: String,
    pub(crate) target: String,
    pub(crate) origin: String,
}

fn bound<'a>(relations: &[&'a RelationRow]) -> Rows<'a> {
    Rows::of_texts(relations.iter().map(|row| row.source.as_str()))
        .texts(relations.iter().map(|row| row.kind.as_str()))
        .texts(relations.iter().map(|row| row.target.as_str()))
        .texts(relations.iter().map(|row| row.origin.as_str()))
}

/// The relations that others declared for the entities of `sources`: (source, type, target). One that several
/// declare comes several times.
pub(crate) async fn starting_at(
    tx: &mut Tx,
    sources: &Rows<'_>,
) -> Result<Vec<(String, String, String)>> {
    const SQL: &str = "WITH item (r) AS ($rows)
        SELECT r.source_ref, r.type, r.target_ref FROM item
        JOIN catalog_relations r ON r.source_ref = item.r";
    tx.fetch_rows(SQL, &[], sources).await
}

pub(crate) async fn insert(tx: &mut Tx, relations: &[&RelationRow]) -> Result<()> {
    const SQL: &str = "WITH item (source, kind, target, origin) AS ($rows)
        INSERT INTO catalog_relations (source_ref, type, target_ref, origin_ref)
        SELECT source, kind, target, origin FROM item WHERE true ON CONFLICT DO NOTHING";
    tx.execute_rows(SQL, &[], &bound(relations)).await?;
    Ok(())
}

pub(crate) async fn delete(tx: &mut Tx, relations: &[&RelationRow]) -> Result<()> {
    const SQL: &str = "WITH item (source, kind, target, origin) AS ($rows)
        DELETE FROM catalog_relations WHERE (source_ref, type, target_ref, origin_ref) IN
        (SELECT source, kind, target, origin FROM item)";
    tx.execute_rows(SQL, &[], &bound(relations)).await?;
    Ok(())
}
