//! The catalog's tables: nobody else reads or writes them.
//!
//! `catalog_claims` is what sources say, `catalog_entities` what became of it, `catalog_relations` how
//! they hang together, `catalog_documents` and `catalog_refresh_keys` what they depend on, `catalog_to_process`,
//! `catalog_to_stitch` and `catalog_reads` what is due, `catalog_history` what happened, and `revision` on the rows is the change feed (see the comments in the migrations).

pub(crate) mod claims;
pub(crate) mod conflicts;
pub(crate) mod documents;
pub(crate) mod entities;
pub(crate) mod feed;
pub(crate) mod history;
pub(crate) mod leases;
pub(crate) mod locations;
pub(crate) mod orphans;
pub(crate) mod parents;
pub(crate) mod queue;
pub(crate) mod reads;
pub(crate) mod refresh_keys;
pub(crate) mod relations;
pub(crate) mod unprocessed;

use callboard_db::{Database, Migration, Migrations, Tx};
use callboard_model::{Error, Result};
use serde::de::DeserializeOwned;

/// The steps of the catalog's tables.
pub(crate) const MIGRATIONS: Migrations = Migrations {
    feature: "catalog",
    steps: &[
        Migration {
            number: 1,
            name: "claims, entities, relations, feed",
            sqlite: include_str!("../migrations/0001_sqlite.sql"),
            postgres: include_str!("../migrations/0001_postgres.sql"),
        },
        Migration {
            number: 2,
            name: "queues, reads, leases",
            sqlite: include_str!("../migrations/0002_sqlite.sql"),
            postgres: include_str!("../migrations/0002_postgres.sql"),
        },
        Migration {
            number: 3,
            name: "documents, refresh keys, repeated reads",
            sqlite: include_str!("../migrations/0003_sqlite.sql"),
            postgres: include_str!("../migrations/0003_postgres.sql"),
        },
        Migration {
            number: 4,
            name: "registered locations",
            sqlite: include_str!("../migrations/0004_sqlite.sql"),
            postgres: include_str!("../migrations/0004_postgres.sql"),
        },
        Migration {
            number: 5,
            name: "history",
            sqlite: include_str!("../migrations/0005_sqlite.sql"),
            postgres: include_str!("../migrations/0005_postgres.sql"),
        },
        Migration {
            number: 7,
            name: "each entity waits once, revisions of what is visible",
            sqlite: include_str!("../migrations/0007_sqlite.sql"),
            postgres: include_str!("../migrations/0007_postgres.sql"),
        },
    ],
};

/// Tells the database that the tables which grow with the catalog hold much more than before.
pub(crate) async fn take_stock(database: &Database) {
    let tables = [
        "catalog_claims",
        "catalog_parts",
        "catalog_entities",
        "catalog_processed",
        "catalog_relations",
        "catalog_to_stitch",
    ];
    database.take_stock(&tables).await;
}

/// Adds `by` to a counter and returns its new value. The row stays locked until the transaction ends,
/// so numbers become visible in the order in which they were given: followers miss none.
pub(crate) async fn advance(tx: &mut Tx, counter: &'static str, by: i64) -> Result<i64> {
    const SQL: &str = "UPDATE catalog_state SET value = value + $1 WHERE key = $2 RETURNING value";
    let rows: Vec<(i64,)> = tx.fetch(SQL, &[by.into(), counter.into()]).await?;
    rows.first().map(|row| row.0).ok_or_else(|| {
        Error::internal(
            "catalog-state",
            format!("the counter `{counter}` is missing from catalog_state"),
        )
    })
}

/// Sets a fact and returns what it was.
pub(crate) async fn exchange(tx: &mut Tx, key: &'static str, value: i64) -> Result<Option<i64>> {
    let before: Vec<(i64,)> = tx
        .fetch(
            "SELECT value FROM catalog_state WHERE key = $1",
            &[key.into()],
        )
        .await?;
    const SQL: &str = "INSERT INTO catalog_state (key, value) VALUES ($1, $2)
        ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    tx.execute(SQL, &[key.into(), value.into()]).await?;
    Ok(before.first().map(|row| row.0))
}

/// A JSON column.
pub(crate) fn json<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| {
        Error::internal("catalog-json", "a JSON column does not parse").source(error)
    })
}
