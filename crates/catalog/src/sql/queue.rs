//! What is due: queues that are only appended to, so that requests never wait for each other.
//!
//! A request that comes while an entity is being worked on is a row of its own and leads to another run. Work is
//! taken by locking rows and skipping those that are locked, and done by deleting them with the results.

use callboard_db::{Database, Rows, Tx};
use callboard_model::Result;

/// One queue: the statements on its table.
pub(crate) struct Queue {
    append: &'static str,
    append_all: &'static str,
    first: &'static str,
    remove: &'static str,
}

/// Entities to be processed.
pub(crate) const PROCESS: Queue = Queue {
    append: "WITH item (r) AS ($rows) INSERT INTO catalog_to_process (entity_ref) SELECT r FROM item",
    append_all: "INSERT INTO catalog_to_process (entity_ref) SELECT entity_ref FROM catalog_entities",
    first: "SELECT id, entity_ref, (SELECT max(id) FROM catalog_to_process) FROM catalog_to_process ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED",
    remove: "WITH item (id) AS ($rows) DELETE FROM catalog_to_process WHERE id IN (SELECT id FROM item)",
};

/// Entities to be put together. Where there is one writer only, the one that takes a request answers it in the same
/// transaction, so there each entity waits once.
pub(crate) const STITCH: Queue = Queue {
    append: "WITH item (r) AS ($rows) INSERT INTO catalog_to_stitch (entity_ref) SELECT r FROM item WHERE true
        ON CONFLICT DO NOTHING",
    append_all: "INSERT INTO catalog_to_stitch (entity_ref) SELECT entity_ref FROM catalog_entities WHERE true
        ON CONFLICT DO NOTHING",
    first: "SELECT id, entity_ref, (SELECT max(id) FROM catalog_to_stitch) FROM catalog_to_stitch ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED",
    remove: "WITH item (id) AS ($rows) DELETE FROM catalog_to_stitch WHERE id IN (SELECT id FROM item)",
};

/// A request: its number, the entity, and the number of the newest request there is.
pub(crate) type Request = (i64, String, i64);

impl Queue {
    /// Asks for `refs`; those that do not exist are passed over when their turn comes.
    pub(crate) async fn append<'a>(
        &self,
        tx: &mut Tx,
        refs: impl IntoIterator<Item = &'a str>,
    ) -> Result<()> {
        tx.execute_rows(self.append, &[], &Rows::of_texts(refs))
            .await?;
        Ok(())
    }

    /// Asks for every entity.
    pub(crate) async fn append_all(&self, tx: &mut Tx) -> Result<()> {
        tx.execute(self.append_all, &[]).await?;
        Ok(())
    }

    /// The oldest requests that nobody else works on, locked until the transaction ends.
    pub(crate) async fn take(&self, tx: &mut Tx, limit: i64) -> Result<Vec<Request>> {
        tx.fetch(self.first, &[limit.into()]).await
    }

    /// The oldest requests, unlocked: for a database that only this process works on.
    pub(crate) async fn look(&self, database: &Database, limit: i64) -> Result<Vec<Request>> {
        database.fetch(self.first, &[limit.into()]).await
    }

    /// Removes requests that were answered.
    pub(crate) async fn remove(&self, tx: &mut Tx, ids: &[i64]) -> Result<()> {
        let rows = Rows::of_ints(ids.iter().copied());
        tx.execute_rows(self.remove, &[], &rows).await?;
        Ok(())
    }
}
