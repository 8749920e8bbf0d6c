//! Locations that people registered.

use callboard_db::{Database, Param, Tx};
use callboard_model::Result;

/// A registered location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LocationRow {
    pub(crate) id: String,
    pub(crate) location_type: String,
    pub(crate) target: String,
    /// The Location entity that stands for it.
    pub(crate) entity_ref: String,
    /// `required`, `optional`, or empty.
    pub(crate) presence: String,
}

type Row = (String, String, String, String, String);

fn locations(rows: Vec<Row>) -> Vec<LocationRow> {
    rows.into_iter()
        .map(
            |(id, location_type, target, entity_ref, presence)| LocationRow {
                id,
                location_type,
                target,
                entity_ref,
                presence,
            },
        )
        .collect()
}

fn first(rows: Vec<Row>) -> Option<LocationRow> {
    locations(rows).into_iter().next()
}

/// All of them, by their ids.
pub(crate) async fn all(database: &Database) -> Result<Vec<LocationRow>> {
    const SQL: &str =
        "SELECT id, type, target, entity_ref, presence FROM catalog_locations ORDER BY id";
    Ok(locations(database.fetch(SQL, &[]).await?))
}

/// All of them, in a transaction.
pub(crate) async fn all_in(tx: &mut Tx) -> Result<Vec<LocationRow>> {
    const SQL: &str =
        "SELECT id, type, target, entity_ref, presence FROM catalog_locations ORDER BY id";
    Ok(locations(tx.fetch(SQL, &[]).await?))
}

/// At most `limit` of those whose ids come after `after`.
pub(crate) async fn page(database: &Database, after: &str, limit: i64) -> Result<Vec<LocationRow>> {
    const SQL: &str = "SELECT id, type, target, entity_ref, presence FROM catalog_locations
        WHERE id > $1 ORDER BY id LIMIT $2";
    Ok(locations(
        database.fetch(SQL, &[after.into(), limit.into()]).await?,
    ))
}

/// How many there are.
pub(crate) async fn count(database: &Database) -> Result<i64> {
    let rows: Vec<(i64,)> = database
        .fetch("SELECT COUNT(*) FROM catalog_locations", &[])
        .await?;
    Ok(rows.first().map_or(0, |row| row.0))
}

/// The one with this id.
pub(crate) async fn by_id(database: &Database, id: &str) -> Result<Option<LocationRow>> {
    const SQL: &str =
        "SELECT id, type, target, entity_ref, presence FROM catalog_locations WHERE id = $1";
    Ok(first(database.fetch(SQL, &[id.into()]).await?))
}

/// The one with this id, in a transaction.
pub(crate) async fn by_id_in(tx: &mut Tx, id: &str) -> Result<Option<LocationRow>> {
    const SQL: &str =
        "SELECT id, type, target, entity_ref, presence FROM catalog_locations WHERE id = $1";
    Ok(first(tx.fetch(SQL, &[id.into()]).await?))
}

/// The one of this type at this target.
pub(crate) async fn by_target(
    database: &Database,
    location_type: &str,
    target: &str,
) -> Result<Option<LocationRow>> {
    const SQL: &str = "SELECT id, type, target, entity_ref, presence FROM catalog_locations
        WHERE type = $1 AND target = $2";
    let params = [location_type.into(), target.into()];
    Ok(first(database.fetch(SQL, &params).await?))
}

/// Those that have the target, or the entity, of `location`.
pub(crate) async fn alike(tx: &mut Tx, location: &LocationRow) -> Result<Vec<LocationRow>> {
    const SQL: &str = "SELECT id, type, target, entity_ref, presence FROM catalog_locations
        WHERE (type = $1 AND target = $2) OR entity_ref = $3";
    let params = [
        location.location_type.as_str().into(),
        location.target.as_str().into(),
        location.entity_ref.as_str().into(),
    ];
    Ok(locations(tx.fetch(SQL, &params).await?))
}

/// Writes a location; one with its id is replaced.
pub(crate) async fn write(tx: &mut Tx, location: &LocationRow) -> Result<()> {
    const SQL: &str = "INSERT INTO catalog_locations (id, type, target, entity_ref, presence)
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO UPDATE SET
        type = excluded.type, target = excluded.target, presence = excluded.presence";
    let values = [
        &location.id,
        &location.location_type,
        &location.target,
        &location.entity_ref,
        &location.presence,
    ];
    let params = values.map(|value| Param::from(value.as_str()));
    tx.execute(SQL, &params).await?;
    Ok(())
}

/// Forgets the location that this entity stands for.
pub(crate) async fn delete(tx: &mut Tx, entity_ref: &str) -> Result<()> {
    const SQL: &str = "DELETE FROM catalog_locations WHERE entity_ref = $1";
    tx.execute(SQL, &[entity_ref.into()]).await?;
    Ok(())
}
