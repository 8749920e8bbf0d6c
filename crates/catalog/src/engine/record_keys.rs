//! Writes what entities depend on besides what their source says: documents and refresh keys.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use callboard_db::{Rows, Tx};
use callboard_model::Result;

use crate::placeholder::{Asked, DocumentKey};
use crate::sql::documents;
use crate::sql::queue::PROCESS;
use crate::sql::refresh_keys::{self, KeyRow};

/// What one entity depends on.
#[derive(Debug, Default)]
pub(super) struct Dependencies {
    /// The documents that it names, each with the hash that it saw.
    pub(super) documents: Asked,
    /// What its processors emitted.
    pub(super) keys: Vec<String>,
    /// Whether that is all: what an entity with errors depends on is not known to the end.
    pub(super) complete: bool,
}

/// Writes what differs from what is known, and asks for documents that are not there. Whose document became another
/// one since it was looked at is processed again.
pub(super) async fn write(tx: &mut Tx, entities: &[(&str, &Dependencies)]) -> Result<()> {
    let rows = Rows::of_texts(entities.iter().map(|(entity_ref, _)| *entity_ref));
    let known: BTreeSet<KeyRow> = refresh_keys::known(tx, &rows).await?.into_iter().collect();
    let now: BTreeSet<KeyRow> = entities
        .iter()
        .flat_map(|(entity_ref, dependencies)| dependencies.rows(entity_ref))
        .collect();
    if known.is_empty() && now.is_empty() {
        return Ok(());
    }
    let complete: HashMap<&str, bool> = entities
        .iter()
        .map(|(entity_ref, dependencies)| (*entity_ref, dependencies.complete))
        .collect();
    let is_gone = |row: &&KeyRow| {
        let same = |is_document| {
            now.contains(&KeyRow {
                is_document,
                ..(*row).clone()
            })
        };
        complete.get(row.entity_ref.as_str()) == Some(&true) && !same(true) && !same(false)
    };
    let gone: Vec<KeyRow> = known.iter().filter(is_gone).cloned().collect();
    refresh_keys::delete(tx, &gone).await?;
    let new: Vec<KeyRow> = now.difference(&known).cloned().collect();
    refresh_keys::upsert(tx, &new).await?;
    want(tx, entities, &new).await
}

async fn want(tx: &mut Tx, entities: &[(&str, &Dependencies)], new: &[KeyRow]) -> Result<()> {
    let mut users: BTreeMap<&DocumentKey, Vec<&str>> = BTreeMap::new();
    for row in new.iter().filter(|row| row.is_document) {
        users.entry(&row.key).or_default().push(&row.entity_ref);
    }
    if users.is_empty() {
        return Ok(());
    }
    let saw: HashMap<&str, &Asked> = entities
        .iter()
        .map(|(entity_ref, dependencies)| (*entity_ref, &dependencies.documents))
        .collect();
    let kept = documents::want(tx, users.keys().copied()).await?;
    let mut again = BTreeSet::new();
    for (key, hash) in kept.iter().filter(|(_, hash)| !hash.is_empty()) {
        let users = users.get(key).into_iter().flatten();
        again.extend(
            users.filter(|user| saw.get(**user).and_then(|asked| asked.get(key)) != Some(hash)),
        );
    }
    PROCESS.append(tx, again.into_iter().copied()).await
}

impl Dependencies {
    pub(super) fn is_empty(&self) -> bool {
        self.documents.is_empty() && self.keys.is_empty()
    }

    fn rows(&self, entity_ref: &str) -> impl Iterator<Item = KeyRow> {
        let row = |key: DocumentKey, is_document| KeyRow {
            entity_ref: entity_ref.to_owned(),
            key,
            is_document,
        };
        let emitted = self.keys.iter().map(|key| DocumentKey {
            address: key.clone(),
            root: String::new(),
        });
        let emitted = emitted.filter(|key| !self.documents.contains_key(key));
        let documents = self
            .documents
            .keys()
            .cloned()
            .map(move |key| row(key, true));
        documents.chain(emitted.map(move |key| row(key, false)))
    }
}
