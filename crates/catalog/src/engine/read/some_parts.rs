//! Reads some parts of a location by themselves, as soon as it is told that they changed.

use std::time::Duration;

use callboard_model::{EntityRef, Result};
use tokio::time::interval;

use super::HELD;
use crate::engine::Engine;
use crate::sql::reads::{self, Ended, TakenParts};

/// How often to ask for a location that another read holds, and for how long before leaving it to a read of all of it.
const ASK: Duration = Duration::from_millis(25);
const MOST: u32 = 40;

impl Engine {
    /// Reads `parts` of the locations that `owner` names. Whatever stands in the way of that leads to a look at all of
    /// them, as after a start, so a change that was told is never lost.
    pub(crate) async fn read_parts(&self, owner: &EntityRef, parts: &[String]) -> Result<()> {
        match self.try_parts(owner, parts).await {
            Ok(true) => Ok(()),
            Ok(false) => self.reprocess(std::slice::from_ref(owner)).await,
            Err(error) => {
                tracing::debug!(error = ?error, %owner, "all parts are looked at instead of some");
                self.reprocess(std::slice::from_ref(owner)).await
            }
        }
    }

    async fn try_parts(&self, owner: &EntityRef, parts: &[String]) -> Result<bool> {
        let mut turns = interval(ASK);
        for _ in 0..MOST {
            turns.tick().await;
            let mut tx = self.database.begin().await?;
            let taken =
                reads::take_parts(&mut tx, owner.as_str(), &self.holder, HELD, parts).await?;
            tx.commit().await?;
            let taken = match taken {
                TakenParts::Taken(taken) => taken,
                TakenParts::Due => return Ok(true),
                TakenParts::Unknown => return Ok(false),
                TakenParts::Busy => continue,
            };
            let read = self.try_read(&taken).await;
            if read.is_err() {
                let mut tx = self.database.begin().await?;
                reads::end(&mut tx, &taken.entity_ref, &self.holder, Ended::Parts).await?;
                tx.commit().await?;
            }
            return read.map(|()| true);
        }
        Ok(false)
    }
}
