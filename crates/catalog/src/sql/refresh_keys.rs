//! What entities depend on besides what their source says (CAT-38).

use callboard_db::{Database, Rows, Tx};
use callboard_model::Result;

use crate::placeholder::DocumentKey;

/// One entity and one thing that it depends on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct KeyRow {
    pub(crate) entity_ref: String,
    pub(crate) key: DocumentKey,
    /// Whether it is a document that is read for the entity.
    pub(crate) is_document: bool,
}

fn rows(keys: &[KeyRow]) -> Rows<'_> {
    Rows::of_texts(keys.iter().map(|row| row.entity_ref.as_str()))
        .texts(keys.iter().map(|row| row.key.address.as_str()))
        .texts(keys.iter().map(|row| row.key.root.as_str()))
}

/// What `refs` depend on.
pub(crate) async fn of(database: &Database, refs: &Rows<'_>) -> Result<Vec<KeyRow>> {
    const SQL: &str = "WITH item (r) AS ($rows)
        SELECT k.entity_ref, k.key, k.root, k.is_document
        FROM item JOIN catalog_refresh_keys k ON k.entity_ref = item.r";
    Ok(read(database.fetch_rows(SQL, &[], refs).await?))
}

/// The same in a transaction.
pub(crate) async fn known(tx: &mut Tx, refs: &Rows<'_>) -> Result<Vec<KeyRow>> {
    const SQL: &str = "WITH item (r) AS ($rows)
        SELECT k.entity_ref, k.key, k.root, k.is_document
        FROM item JOIN catalog_refresh_keys k ON k.entity_ref = item.r";
    Ok(read(tx.fetch_rows(SQL, &[], refs).await?))
}

/// Everything that depends on one of `keys`.
pub(crate) async fn with(tx: &mut Tx, keys: &Rows<'_>) -> Result<Vec<KeyRow>> {
    const SQL: &str = "WITH item (key) AS ($rows)
        SELECT k.entity_ref, k.key, k.root, k.is_document
        FROM item JOIN catalog_refresh_keys k ON k.key = item.key";
    Ok(read(tx.fetch_rows(SQL, &[], keys).await?))
}

fn read(rows: Vec<(String, String, String, i64)>) -> Vec<KeyRow> {
    rows.into_iter()
        .map(|(entity_ref, address, root, is_document)| KeyRow {
            entity_ref,
            key: DocumentKey { address, root },
            is_document: is_document > 0,
        })
        .collect()
}

/// Writes what entities depend on now, as far as they are still there.
pub(crate) async fn upsert(tx: &mut Tx, new: &[KeyRow]) -> Result<()> {
    const SQL: &str = "WITH item (r, key, root, is_document) AS ($rows)
        INSERT INTO catalog_refresh_keys (entity_ref, key, root, is_document)
        SELECT r, key, root, is_document FROM item
        WHERE EXISTS (SELECT 1 FROM catalog_entities e WHERE e.entity_ref = item.r)
        ON CONFLICT (entity_ref, key, root) DO UPDATE SET is_document = excluded.is_document";
    let rows = rows(new).ints(new.iter().map(|row| i64::from(row.is_document)));
    tx.execute_rows(SQL, &[], &rows).await?;
    Ok(())
}

/// Forgets what entities do not depend on any more.
pub(crate) async fn delete(tx: &mut Tx, gone: &[KeyRow]) -> Result<()> {
    const SQL: &str = "WITH item (r, key, root) AS ($rows)
        DELETE FROM catalog_refresh_keys WHERE (entity_ref, key, root) IN (SELECT r, key, root FROM item)";
    tx.execute_rows(SQL, &[], &rows(gone)).await?;
    Ok(())
}

/// Forgets entities that are gone.
pub(crate) async fn forget(tx: &mut Tx, refs: &Rows<'_>) -> Result<()> {
    const SQL: &str = "WITH item (r) AS ($rows)
        DELETE FROM catalog_refresh_keys WHERE entity_ref IN (SELECT r FROM item)";
    tx.execute_rows(SQL, &[], refs).await?;
    Ok(())
}
