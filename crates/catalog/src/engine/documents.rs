//! Reads the documents that entities name: once for all who name one, and again when it may have changed.
//!
//! As with locations, a read is taken on for a time, so that no lock is held while a source is slow. Who names a
//! document is processed again when it is another one, or when whether it can be read changed.

use std::collections::BTreeSet;

use callboard_db::{Retries, Rows};
use callboard_model::{Error, LocationRef, Problem, Result};

use super::process::{self, Processing};
use super::{Engine, Ports};
use crate::hash;
use crate::placeholder::{Document, DocumentKey, Fetched, told};
use crate::processor::{DocumentRequest, FetchedDocument};
use crate::sql::documents::{self, ReadDocument, TakenDocument};
use crate::sql::entities::DueEntity;
use crate::sql::queue::PROCESS;
use crate::sql::{reads, refresh_keys};

/// How long a read is left to this process (milliseconds): longer than any source may take.
const HELD: i64 = 90_000;
/// When to try again after the database failed (milliseconds).
const AGAIN: i64 = 2_000;
/// The largest document.
const LARGEST: usize = 5 * 1024 * 1024;

impl Engine {
    /// The documents that `refs` named when they were processed last.
    pub(super) async fn documents_of(&self, refs: &Rows<'_>) -> Result<Fetched> {
        let keys = refresh_keys::of(&self.database, refs).await?;
        let wanted: BTreeSet<DocumentKey> = keys
            .into_iter()
            .filter(|row| row.is_document)
            .map(|row| row.key)
            .collect();
        if wanted.is_empty() {
            return Ok(Fetched::new());
        }
        let rows = documents::look(&self.database, wanted.iter()).await?;
        let fetched = rows.into_iter().map(|row| {
            let document = Document {
                content: (!row.content_hash.is_empty()).then(|| row.content.into()),
                problem: serde_json::from_str(&row.problem).ok(),
                hash: row.hash,
            };
            (row.key, document)
        });
        Ok(fetched.collect())
    }

    /// Takes on at most `most` documents that are due.
    pub(super) async fn take_documents(&self, most: usize) -> Result<Vec<TakenDocument>> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        if most == 0 || documents::next_in(&self.database).await? != Some(0) {
            return Ok(Vec::new());
        }
        let mut tx = self.database.begin().await?;
        let taken = documents::take(&mut tx, &self.holder, HELD, most).await?;
        tx.commit().await?;
        Ok(taken)
    }

    /// Reads one document. A failure of the database is logged, and the read comes again.
    pub(super) async fn fetch(&self, taken: TakenDocument) {
        let Err(error) = self.fetch_and_write(&taken).await else {
            self.wake();
            return;
        };
        tracing::error!(error = ?error, document = taken.key.address, "reading a document pauses");
        let ended = async {
            let mut tx = self.database.begin().await?;
            documents::put_back(&mut tx, &taken, &self.holder, AGAIN).await?;
            tx.commit().await
        };
        if let Err(error) = ended.await {
            tracing::debug!(error = ?error, "the document is read again when its time is over");
        }
    }

    async fn fetch_and_write(&self, taken: &TakenDocument) -> Result<()> {
        let ports = self
            .ports
            .get()
            .ok_or_else(|| Error::internal("catalog-ports", "a document was read without ports"))?;
        let (answer, watched) = read(ports, taken).await;
        let again = (!watched).then(|| ports.polling.next(&taken.key.address, taken.requested));
        let outcome = Outcome::of(answer, taken);
        let mut retries = Retries::default();
        while let Err(error) = self.write_document(taken, &outcome, again).await {
            if !retries.again(&error).await {
                return Err(error);
            }
        }
        Ok(())
    }

    async fn write_document(
        &self,
        taken: &TakenDocument,
        outcome: &Outcome,
        again: Option<i64>,
    ) -> Result<()> {
        let mut tx = self.database.begin().await?;
        let content = outcome
            .content
            .as_ref()
            .map(|content| (content.as_str(), outcome.content_hash.as_str()));
        let read = ReadDocument {
            fingerprint: &outcome.fingerprint,
            content,
            problem: &outcome.problem,
            hash: &outcome.hash,
            again,
        };
        let written = documents::end(&mut tx, taken, &self.holder, &read).await?;
        if written && outcome.hash != taken.hash {
            documents::process_users(&mut tx, &taken.key).await?;
        }
        tx.commit().await
    }

    /// Asks for `keys` to be read again now.
    pub(crate) async fn refetch(&self, keys: &[DocumentKey]) -> Result<()> {
        let mut tx = self.database.begin().await?;
        documents::request(&mut tx, keys).await?;
        tx.commit().await?;
        self.wake();
        Ok(())
    }

    /// Has everything looked at again now that depends on one of `keys` (CAT-38): entities are processed, the
    /// documents that they name are read, and so are locations that lead to an address.
    pub(crate) async fn refresh_keys(&self, keys: &[String]) -> Result<()> {
        let mut tx = self.database.begin().await?;
        let rows = Rows::of_texts(keys.iter().map(String::as_str));
        let found = refresh_keys::with(&mut tx, &rows).await?;
        let users: BTreeSet<&str> = found.iter().map(|row| row.entity_ref.as_str()).collect();
        let named = found.iter().filter(|row| row.is_document);
        let named: Vec<DocumentKey> = named.map(|row| row.key.clone()).collect();
        documents::request(&mut tx, &named).await?;
        PROCESS.append(&mut tx, users).await?;
        let locations = reads::leading_to(&mut tx, &rows).await?;
        reads::request(&mut tx, locations.iter().map(String::as_str)).await?;
        tx.commit().await?;
        self.wake();
        Ok(())
    }
}

/// Processes a claim that is only tried out: what it names is read at once, and kept nowhere.
pub(super) async fn try_out(ports: &Ports, due: &DueEntity) -> Processing {
    let mut fetched = Fetched::new();
    loop {
        let found = process::process(ports, due, &fetched);
        let asked = found.asked.keys();
        let missing: Vec<DocumentKey> = asked
            .filter(|key| !fetched.contains_key(*key))
            .cloned()
            .collect();
        if missing.is_empty() {
            return found;
        }
        for key in missing {
            let taken = TakenDocument {
                key: key.clone(),
                requested: 0,
                fingerprint: String::new(),
                content_hash: String::new(),
                hash: String::new(),
            };
            let (answer, _) = read(ports, &taken).await;
            let outcome = Outcome::of(answer, &taken);
            let document = Document {
                content: outcome.content.map(Into::into),
                problem: serde_json::from_str(&outcome.problem).ok(),
                hash: outcome.hash,
            };
            fetched.insert(key, document);
        }
    }
}

/// Asks the reader of the document; says too whether the reader tells by itself of changes.
async fn read(ports: &Ports, taken: &TakenDocument) -> (Result<FetchedDocument>, bool) {
    let address: Result<LocationRef, _> = taken.key.address.parse();
    let reader = address
        .as_ref()
        .ok()
        .and_then(|address| ports.readers.get(&address.kind));
    let (Ok(address), Some(reader)) = (&address, reader) else {
        let message = format!("nothing reads `{}`", taken.key.address);
        return (Err(Error::invalid("unknown-location-type", message)), true);
    };
    let request = DocumentRequest {
        place: address,
        root: &taken.key.root,
        known: &taken.fingerprint,
    };
    (reader.fetch(request).await, reader.watches())
}

/// What a read leads to.
struct Outcome {
    fingerprint: String,
    /// Missing when it is as it was.
    content: Option<String>,
    content_hash: String,
    /// JSON, or empty.
    problem: String,
    hash: String,
}

impl Outcome {
    fn of(answer: Result<FetchedDocument>, taken: &TakenDocument) -> Self {
        let (fingerprint, content, problem) = match answer {
            Ok(FetchedDocument::Unchanged) => (taken.fingerprint.clone(), None, None),
            Ok(FetchedDocument::Read {
                fingerprint,
                content,
            }) => match text(content) {
                Ok(text) => (fingerprint, Some(text), None),
                Err(problem) => (String::new(), None, Some(problem)),
            },
            Err(error) => (taken.fingerprint.clone(), None, Some(told(&error))),
        };
        let content_hash = match &content {
            Some(content) => hash::hex(content.as_bytes()),
            None => taken.content_hash.clone(),
        };
        // Plain texts, so writing them cannot fail.
        let problem = problem
            .and_then(|problem| serde_json::to_string(&problem).ok())
            .unwrap_or_default();
        let hash = hash::hex(format!("{content_hash} {problem}").as_bytes());
        let content = content.filter(|_| content_hash != taken.content_hash);
        Self {
            fingerprint,
            content,
            content_hash,
            problem,
            hash,
        }
    }
}

/// The content as text that every database takes.
fn text(content: Vec<u8>) -> Result<String, Problem> {
    if content.len() > LARGEST {
        let mebibytes = LARGEST / (1024 * 1024);
        return Err(Problem::new(
            "document-too-large",
            format!("it is larger than {mebibytes} MiB"),
        ));
    }
    if content.contains(&0) {
        return Err(Problem::new(
            "document-binary",
            "it is no text: it has zero bytes in it",
        ));
    }
    Ok(match String::from_utf8(content) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    })
}
