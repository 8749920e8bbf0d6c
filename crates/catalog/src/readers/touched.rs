//! Whose files changed, and how the pipeline is told.

use std::collections::BTreeSet;
use std::path::PathBuf;

use callboard_model::{EntityRef, Result};

use super::file::key;
use crate::engine::Engine;
use crate::placeholder::DocumentKey;

/// Who wants to know when a file changes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Follower {
    /// An entity that names it as a location.
    Entity(EntityRef),
    /// The document that it is.
    Document(DocumentKey),
}

/// What has to be looked at again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Touched {
    /// Everything: a folder came or went, or it is not known what happened.
    All,
    /// These files only.
    Files(BTreeSet<PathBuf>),
}

impl Touched {
    pub(super) fn add(&mut self, more: Self) {
        match (self, more) {
            (Self::Files(files), Self::Files(more)) => files.extend(more),
            (all, _) => *all = Self::All,
        }
    }
}

/// Has everything read again that `touched` names.
pub(super) async fn tell(engine: &Engine, touched: &[(Follower, Touched)]) -> Result<()> {
    let (mut entities, mut documents) = (Vec::new(), Vec::new());
    for touched in touched {
        match touched {
            (Follower::Entity(entity_ref), Touched::Files(files)) => {
                let parts: Vec<String> = files.iter().map(|path| key(path)).collect();
                engine.read_parts(entity_ref, &parts).await?;
            }
            (Follower::Entity(entity_ref), Touched::All) => entities.push(entity_ref.clone()),
            (Follower::Document(key), _) => documents.push(key.clone()),
        }
    }
    if !entities.is_empty() {
        engine.reprocess(&entities).await?;
    }
    if !documents.is_empty() {
        engine.refetch(&documents).await?;
    }
    Ok(())
}
