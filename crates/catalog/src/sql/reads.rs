//! The entities that name locations, and whose turn it is to read them.

use callboard_db::{Database, Rows, Tx};
use callboard_model::Result;

/// A read that this process has taken on.
#[derive(Clone, Debug)]
pub(crate) struct TakenRead {
    pub(crate) entity_ref: String,
    /// The newest request; what comes later leads to another read.
    pub(crate) requested: i64,
    /// The parts that are meant, when not all are: such a read answers no request.
    pub(crate) parts: Option<Vec<String>>,
}

impl TakenRead {
    /// How it ended when it went well; `again` says in how many milliseconds to read by the clock.
    pub(crate) fn ended(&self, again: Option<i64>) -> Ended {
        match self.parts {
            Some(_) => Ended::Parts,
            None => Ended::Done {
                answered: self.requested,
                again,
            },
        }
    }
}

/// Asks for the locations of `refs` to be read; makes them known as entities that name locations.
pub(crate) async fn request<'a>(
    tx: &mut Tx,
    refs: impl IntoIterator<Item = &'a str>,
) -> Result<()> {
    const SQL: &str = "WITH item (r) AS ($rows)
        INSERT INTO catalog_reads (entity_ref, requested, done, holder, until, problems)
        SELECT r, 1, 0, '', 0, '[]' FROM item WHERE true
        ON CONFLICT (entity_ref) DO UPDATE SET requested = catalog_reads.requested + 1";
    tx.execute_rows(SQL, &[], &Rows::of_texts(refs)).await?;
    Ok(())
}

/// Takes on at most `limit` reads for `millis`; those whose time has come again count as asked for.
pub(crate) async fn take(
    tx: &mut Tx,
    holder: &str,
    millis: i64,
    limit: i64,
) -> Result<Vec<TakenRead>> {
    const SQL: &str = "SELECT entity_ref, requested FROM catalog_reads
        WHERE requested > done AND until < now_ms() ORDER BY until LIMIT $1 FOR UPDATE SKIP LOCKED";
    const AGAIN: &str = "UPDATE catalog_reads SET requested = requested + 1, again = 0
        WHERE again > 0 AND again <= now_ms()";
    const HOLD: &str = "WITH item (r) AS ($rows) UPDATE catalog_reads
        SET holder = $1, until = now_ms() + $2, again = 0 WHERE entity_ref IN (SELECT r FROM item)";
    tx.execute(AGAIN, &[]).await?;
    let taken: Vec<(String, i64)> = tx.fetch(SQL, &[limit.into()]).await?;
    let refs = Rows::of_texts(taken.iter().map(|row| row.0.as_str()));
    tx.execute_rows(HOLD, &[holder.into(), millis.into()], &refs)
        .await?;
    let taken = taken.into_iter().map(|(entity_ref, requested)| TakenRead {
        entity_ref,
        requested,
        parts: None,
    });
    Ok(taken.collect())
}

/// What became of asking for a read of some parts.
#[derive(Debug)]
pub(crate) enum TakenParts {
    Taken(TakenRead),
    /// A read of everything is going to begin anyway.
    Due,
    /// A read is running.
    Busy,
    /// The entity names no locations.
    Unknown,
}

/// Takes on a read of some `parts` for `millis`, unless another one runs or is due.
pub(crate) async fn take_parts(
    tx: &mut Tx,
    entity_ref: &str,
    holder: &str,
    millis: i64,
    parts: &[String],
) -> Result<TakenParts> {
    // Locked, so that what is found is still so when it is acted on: a read that ends in between must not look as if
    // it were about to begin.
    const LOOK: &str = "SELECT requested, CASE WHEN until >= now_ms() THEN 'busy'
            WHEN requested > done THEN 'due' ELSE 'free' END
        FROM catalog_reads WHERE entity_ref = $1 FOR UPDATE";
    const HOLD: &str =
        "UPDATE catalog_reads SET holder = $2, until = now_ms() + $3 WHERE entity_ref = $1";
    let found: Vec<(i64, String)> = tx.fetch(LOOK, &[entity_ref.into()]).await?;
    let Some((requested, state)) = found.into_iter().next() else {
        return Ok(TakenParts::Unknown);
    };
    match state.as_str() {
        "busy" => return Ok(TakenParts::Busy),
        "due" => return Ok(TakenParts::Due),
        _ => {}
    }
    let params = [entity_ref.into(), holder.into(), millis.into()];
    tx.execute(HOLD, &params).await?;
    Ok(TakenParts::Taken(TakenRead {
        entity_ref: entity_ref.to_owned(),
        requested,
        parts: Some(parts.to_vec()),
    }))
}

/// Holds a read for another `millis`; false when it is not `holder`'s any more.
pub(crate) async fn hold(tx: &mut Tx, entity_ref: &str, holder: &str, millis: i64) -> Result<bool> {
    const SQL: &str = "UPDATE catalog_reads SET until = now_ms() + $3
        WHERE entity_ref = $1 AND holder = $2 AND until > 0";
    let held = tx
        .execute(SQL, &[entity_ref.into(), holder.into(), millis.into()])
        .await?;
    Ok(held > 0)
}

/// How a read ended.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ended {
    /// The request that it answers, and in how many milliseconds to read again, if by the clock at all.
    Done { answered: i64, again: Option<i64> },
    /// It was about some parts, and answers nothing.
    Parts,
    /// It comes again after so many milliseconds.
    Failed { again: i64 },
}

/// Ends a read; a newer request stays open.
pub(crate) async fn end(tx: &mut Tx, entity_ref: &str, holder: &str, ended: Ended) -> Result<()> {
    const DONE: &str = "UPDATE catalog_reads SET holder = '', until = 0, done = $3,
        again = CASE WHEN $4 > 0 THEN now_ms() + $4 ELSE 0 END WHERE entity_ref = $1 AND holder = $2";
    const FAILED: &str = "UPDATE catalog_reads SET holder = '', until = now_ms() + $3
        WHERE entity_ref = $1 AND holder = $2";
    const PARTS: &str =
        "UPDATE catalog_reads SET holder = '', until = 0 WHERE entity_ref = $1 AND holder = $2";
    let (entity_ref, holder) = (entity_ref.into(), holder.into());
    match ended {
        Ended::Done { answered, again } => {
            let again = again.unwrap_or(0).into();
            tx.execute(DONE, &[entity_ref, holder, answered.into(), again])
                .await?
        }
        Ended::Parts => tx.execute(PARTS, &[entity_ref, holder]).await?,
        Ended::Failed { again } => {
            tx.execute(FAILED, &[entity_ref, holder, again.into()])
                .await?
        }
    };
    Ok(())
}

/// Writes what is wrong with the locations of an entity as a whole; false when that was known.
pub(crate) async fn write_problems(tx: &mut Tx, entity_ref: &str, problems: &str) -> Result<bool> {
    const SQL: &str =
        "UPDATE catalog_reads SET problems = $2 WHERE entity_ref = $1 AND problems <> $2";
    let changed = tx
        .execute(SQL, &[entity_ref.into(), problems.into()])
        .await?;
    Ok(changed > 0)
}

/// Asks every entity that names locations to read them, and leaves no read to a process that is gone.
pub(crate) async fn request_all(tx: &mut Tx, alone: bool) -> Result<()> {
    tx.execute("UPDATE catalog_reads SET requested = requested + 1", &[])
        .await?;
    if alone {
        tx.execute("UPDATE catalog_reads SET until = 0, holder = ''", &[])
            .await?;
    }
    Ok(())
}

/// Gives back what `holders` had taken on: they are gone.
pub(crate) async fn take_back(tx: &mut Tx, holders: &[String]) -> Result<()> {
    const SQL: &str = "WITH item (holder) AS ($rows)
        UPDATE catalog_reads SET until = 0, holder = '' WHERE holder IN (SELECT holder FROM item)";
    let holders = Rows::of_texts(holders.iter().map(String::as_str));
    tx.execute_rows(SQL, &[], &holders).await?;
    Ok(())
}

/// Forgets entities that are gone.
pub(crate) async fn forget(tx: &mut Tx, refs: &Rows<'_>) -> Result<()> {
    const SQL: &str = "WITH item (r) AS ($rows)
        DELETE FROM catalog_reads WHERE entity_ref IN (SELECT r FROM item)";
    tx.execute_rows(SQL, &[], refs).await?;
    Ok(())
}

/// How long until the next read may be taken on, in milliseconds: 0 when one is due, nothing when none waits.
pub(crate) async fn next_in(database: &Database) -> Result<Option<i64>> {
    const SQL: &str = "SELECT MIN(due_at) - now_ms() FROM (
        SELECT MIN(until) AS due_at FROM catalog_reads WHERE requested > done
        UNION ALL SELECT MIN(again) FROM catalog_reads WHERE again > 0) AS waiting";
    let rows: Vec<(Option<i64>,)> = database.fetch(SQL, &[]).await?;
    Ok(rows
        .first()
        .and_then(|row| row.0)
        .map(|millis| millis.max(0)))
}

/// The entities whose locations lead to one of `keys`, as far as those are addresses of the web.
pub(crate) async fn leading_to(tx: &mut Tx, keys: &Rows<'_>) -> Result<Vec<String>> {
    const SQL: &str = "WITH item (key) AS ($rows)
        SELECT DISTINCT substr(p.source, 8) FROM item JOIN catalog_parts p ON p.part = item.key
        WHERE substr(p.part, 1, 4) = 'url:' AND p.source LIKE 'entity:%'";
    let rows: Vec<(String,)> = tx.fetch_rows(SQL, &[], keys).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}
