//! What entities name besides locations, as it was read last, and whose turn it is to read it.

use callboard_db::{Database, Rows, Tx};
use callboard_model::Result;

use crate::placeholder::DocumentKey;

/// A document that this process reads now.
#[derive(Clone, Debug)]
pub(crate) struct TakenDocument {
    pub(crate) key: DocumentKey,
    pub(crate) requested: i64,
    pub(crate) fingerprint: String,
    pub(crate) content_hash: String,
    pub(crate) hash: String,
}

/// A document as it is kept.
#[derive(Debug)]
pub(crate) struct DocumentRow {
    pub(crate) key: DocumentKey,
    pub(crate) content: String,
    /// Empty while there was no good content.
    pub(crate) content_hash: String,
    /// JSON, or empty.
    pub(crate) problem: String,
    pub(crate) hash: String,
}

fn rows<'a>(keys: impl Iterator<Item = &'a DocumentKey> + Clone) -> Rows<'a> {
    Rows::of_texts(keys.clone().map(|key| key.address.as_str()))
        .texts(keys.map(|key| key.root.as_str()))
}

/// What is kept of `keys`.
pub(crate) async fn look(
    database: &Database,
    keys: impl Iterator<Item = &DocumentKey> + Clone,
) -> Result<Vec<DocumentRow>> {
    const SQL: &str = "WITH item (address, root) AS ($rows)
        SELECT d.address, d.root, d.content, d.content_hash, d.problem, d.hash
        FROM item JOIN catalog_documents d ON d.address = item.address AND d.root = item.root";
    type Row = (String, String, String, String, String, String);
    let found: Vec<Row> = database.fetch_rows(SQL, &[], &rows(keys)).await?;
    Ok(found
        .into_iter()
        .map(
            |(address, root, content, content_hash, problem, hash)| DocumentRow {
                key: DocumentKey { address, root },
                content,
                content_hash,
                problem,
                hash,
            },
        )
        .collect())
}

/// Makes sure that `keys` are kept or about to be read, and answers the hash of each. They stay locked until the
/// transaction ends, so that who reads one of them sees who wants it; the keys have to be in order.
pub(crate) async fn want(
    tx: &mut Tx,
    keys: impl Iterator<Item = &DocumentKey> + Clone,
) -> Result<Vec<(DocumentKey, String)>> {
    const SQL: &str = "WITH item (address, root) AS ($rows)
        INSERT INTO catalog_documents (address, root, fingerprint, content, content_hash, problem, hash,
            requested, done, holder, until, again)
        SELECT address, root, '', '', '', '', '', 1, 0, '', 0, 0 FROM item WHERE true
        ON CONFLICT (address, root) DO UPDATE SET requested = catalog_documents.requested
        RETURNING address, root, hash";
    let kept: Vec<(String, String, String)> = tx.fetch_rows(SQL, &[], &rows(keys)).await?;
    Ok(kept
        .into_iter()
        .map(|(address, root, hash)| (DocumentKey { address, root }, hash))
        .collect())
}

/// Asks for `keys` to be read again.
pub(crate) async fn request(tx: &mut Tx, keys: &[DocumentKey]) -> Result<()> {
    let mut keys: Vec<&DocumentKey> = keys.iter().collect();
    keys.sort_unstable();
    keys.dedup();
    // Locked in the one order first, so that nobody waits in a circle.
    const LOCK: &str = "WITH item (address, root) AS ($rows)
        SELECT d.address FROM catalog_documents d
        JOIN item ON d.address = item.address AND d.root = item.root
        ORDER BY d.address, d.root FOR UPDATE OF d";
    const SQL: &str = "WITH item (address, root) AS ($rows)
        UPDATE catalog_documents SET requested = requested + 1
        WHERE (address, root) IN (SELECT address, root FROM item)";
    let rows = rows(keys.iter().copied());
    let _: Vec<(String,)> = tx.fetch_rows(LOCK, &[], &rows).await?;
    tx.execute_rows(SQL, &[], &rows).await?;
    Ok(())
}

/// Asks for every document, and leaves no read to a process that is gone.
pub(crate) async fn request_all(tx: &mut Tx, alone: bool) -> Result<()> {
    const LOCK: &str = "SELECT address FROM catalog_documents ORDER BY address, root FOR UPDATE";
    let _: Vec<(String,)> = tx.fetch(LOCK, &[]).await?;
    tx.execute(
        "UPDATE catalog_documents SET requested = requested + 1",
        &[],
    )
    .await?;
    if alone {
        tx.execute("UPDATE catalog_documents SET until = 0, holder = ''", &[])
            .await?;
    }
    Ok(())
}

/// Gives back what `holders` had taken on: they are gone. The caller has locked every document.
pub(crate) async fn take_back(tx: &mut Tx, holders: &[String]) -> Result<()> {
    const SQL: &str = "WITH item (holder) AS ($rows)
        UPDATE catalog_documents SET until = 0, holder = '' WHERE holder IN (SELECT holder FROM item)";
    let holders = Rows::of_texts(holders.iter().map(String::as_str));
    tx.execute_rows(SQL, &[], &holders).await?;
    Ok(())
}

/// How long until the next document may be read, in milliseconds; nothing when none waits.
pub(crate) async fn next_in(database: &Database) -> Result<Option<i64>> {
    const SQL: &str = "SELECT MIN(due_at) - now_ms() FROM (
        SELECT MIN(until) AS due_at FROM catalog_documents WHERE requested > done
        UNION ALL SELECT MIN(again) FROM catalog_documents WHERE again > 0) AS waiting";
    let rows: Vec<(Option<i64>,)> = database.fetch(SQL, &[]).await?;
    Ok(rows
        .first()
        .and_then(|row| row.0)
        .map(|millis| millis.max(0)))
}

/// Takes on at most `limit` reads for `millis`, and forgets those that nobody names any more.
pub(crate) async fn take(
    tx: &mut Tx,
    holder: &str,
    millis: i64,
    limit: i64,
) -> Result<Vec<TakenDocument>> {
    const SQL: &str =
        "SELECT address, root, CASE WHEN requested > done THEN requested ELSE requested + 1 END,
            fingerprint, content_hash, hash FROM catalog_documents
        WHERE (requested > done AND until < now_ms()) OR (again > 0 AND again <= now_ms())
        ORDER BY address, root LIMIT $1 FOR UPDATE SKIP LOCKED";
    const NAMED: &str = "WITH item (address, root) AS ($rows)
        SELECT item.address, item.root FROM item WHERE EXISTS
        (SELECT 1 FROM catalog_refresh_keys k WHERE k.key = item.address AND k.root = item.root AND k.is_document = 1)";
    type Row = (String, String, i64, String, String, String);
    let due: Vec<Row> = tx.fetch(SQL, &[limit.into()]).await?;
    let mut due: Vec<TakenDocument> = due
        .into_iter()
        .map(
            |(address, root, requested, fingerprint, content_hash, hash)| TakenDocument {
                key: DocumentKey { address, root },
                requested,
                fingerprint,
                content_hash,
                hash,
            },
        )
        .collect();
    // A statement of its own sees what was committed before the rows were locked.
    let named: Vec<(String, String)> = tx
        .fetch_rows(NAMED, &[], &rows(due.iter().map(|taken| &taken.key)))
        .await?;
    let is_named = |key: &DocumentKey| {
        named
            .iter()
            .any(|named| named.0 == key.address && named.1 == key.root)
    };
    let gone: Vec<DocumentKey> = due
        .iter()
        .map(|taken| taken.key.clone())
        .filter(|key| !is_named(key))
        .collect();
    due.retain(|taken| is_named(&taken.key));
    const FORGET: &str = "WITH item (address, root) AS ($rows)
        DELETE FROM catalog_documents WHERE (address, root) IN (SELECT address, root FROM item)";
    tx.execute_rows(FORGET, &[], &rows(gone.iter())).await?;
    const HOLD: &str = "WITH item (address, root) AS ($rows) UPDATE catalog_documents
        SET holder = $1, until = now_ms() + $2, again = 0,
            requested = CASE WHEN requested > done THEN requested ELSE requested + 1 END
        WHERE (address, root) IN (SELECT address, root FROM item)";
    tx.execute_rows(
        HOLD,
        &[holder.into(), millis.into()],
        &rows(due.iter().map(|taken| &taken.key)),
    )
    .await?;
    Ok(due)
}

/// What reading a document gave.
#[derive(Debug)]
pub(crate) struct ReadDocument<'a> {
    pub(crate) fingerprint: &'a str,
    /// Missing when the content is as it was.
    pub(crate) content: Option<(&'a str, &'a str)>,
    pub(crate) problem: &'a str,
    pub(crate) hash: &'a str,
    /// In how many milliseconds to read it again, if by the clock at all.
    pub(crate) again: Option<i64>,
}

/// Writes what reading `taken` gave; false when another process has it now.
pub(crate) async fn end(
    tx: &mut Tx,
    taken: &TakenDocument,
    holder: &str,
    read: &ReadDocument<'_>,
) -> Result<bool> {
    const SQL: &str = "UPDATE catalog_documents SET fingerprint = $4, problem = $5, hash = $6, holder = '', until = 0,
        done = CASE WHEN done > $7 THEN done ELSE $7 END,
        again = CASE WHEN $8 > 0 THEN now_ms() + $8 ELSE 0 END
        WHERE address = $1 AND root = $2 AND holder = $3";
    const CONTENT: &str = "UPDATE catalog_documents SET content = $3, content_hash = $4
        WHERE address = $1 AND root = $2";
    let (address, root) = (taken.key.address.as_str(), taken.key.root.as_str());
    let written = tx
        .execute(
            SQL,
            &[
                address.into(),
                root.into(),
                holder.into(),
                read.fingerprint.into(),
                read.problem.into(),
                read.hash.into(),
                taken.requested.into(),
                read.again.unwrap_or(0).into(),
            ],
        )
        .await?;
    if let Some((content, content_hash)) = read.content.filter(|_| written > 0) {
        tx.execute(
            CONTENT,
            &[
                address.into(),
                root.into(),
                content.into(),
                content_hash.into(),
            ],
        )
        .await?;
    }
    Ok(written > 0)
}

/// Gives a read back, to be tried again after `millis`.
pub(crate) async fn put_back(
    tx: &mut Tx,
    taken: &TakenDocument,
    holder: &str,
    millis: i64,
) -> Result<()> {
    const SQL: &str = "UPDATE catalog_documents SET holder = '', until = now_ms() + $4
        WHERE address = $1 AND root = $2 AND holder = $3";
    let key = &taken.key;
    let params = [
        key.address.as_str().into(),
        key.root.as_str().into(),
        holder.into(),
        millis.into(),
    ];
    tx.execute(SQL, &params).await?;
    Ok(())
}

/// Has everybody processed who names the document.
pub(crate) async fn process_users(tx: &mut Tx, key: &DocumentKey) -> Result<()> {
    const SQL: &str = "INSERT INTO catalog_to_process (entity_ref)
        SELECT entity_ref FROM catalog_refresh_keys WHERE key = $1 AND root = $2 AND is_document = 1";
    tx.execute(
        SQL,
        &[key.address.as_str().into(), key.root.as_str().into()],
    )
    .await?;
    Ok(())
}
