//! Where events go.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use callboard_auth::{Audit, AuditEvent, AuditLog, Outcome};
use callboard_db::Database;
use callboard_model::{Clock, Ids, Result};

use crate::AuditConfig;
use crate::flood::{Flood, Taken};
use crate::line;
use crate::metrics::Counts;
use crate::queue::Queue;
use crate::row::{self, EventRow};
use crate::sql::MIGRATIONS;

/// What an audit trail stands on.
#[derive(Clone, Debug)]
pub struct Foundations {
    /// Where events are kept.
    pub database: Database,
    /// When they happened.
    pub clock: Clock,
    /// Where the ids of events come from.
    pub ids: Ids,
}

/// Everything that was done, in the log and in a table. Clones share it.
#[derive(Clone)]
pub struct AuditTrail(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) foundations: Foundations,
    pub(crate) config: AuditConfig,
    pub(crate) queue: Queue,
    pub(crate) counts: Counts,
    flood: Flood,
    /// What no other process has in its ids.
    process: String,
    recorded: AtomicU64,
    /// Whether it has been said that events are lost.
    is_said: AtomicBool,
}

impl AuditTrail {
    /// Opens it, and makes its table when it is missing.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn open(foundations: Foundations, config: AuditConfig) -> Result<Self> {
        foundations.database.migrate(&MIGRATIONS).await?;
        Ok(Self(Arc::new(Inner {
            process: foundations.ids.uuid().to_string(),
            foundations,
            config,
            queue: Queue::default(),
            counts: Counts::default(),
            flood: Flood::default(),
            recorded: AtomicU64::new(0),
            is_said: AtomicBool::new(false),
        })))
    }

    /// Where others write down what they do.
    pub fn log(&self) -> Audit {
        Audit::kept_by(Arc::clone(&self.0) as Arc<dyn AuditLog>)
    }
}

impl Inner {
    /// Counts events that are in the log only, and says why.
    pub(crate) fn lose(&self, events: u64, why: &str) {
        self.counts.lost(events);
        self.say(why);
    }

    /// Says, the first time, that events do not come to the table.
    pub(crate) fn say(&self, why: &str) {
        if !self.is_said.swap(true, Ordering::AcqRel) {
            tracing::warn!("audit events are in the log only for now, and not in the table: {why}");
        }
    }

    /// Whether an event is one too many of those that anybody can cause.
    fn is_flooded(&self, event: &AuditEvent, now: u64) -> bool {
        if event.actor.is_some() || event.outcome != Outcome::Denied {
            return false;
        }
        let taken = self.flood.take(now);
        if taken == Taken::First {
            tracing::warn!(
                "people whom nobody knows are refused so often that the log alone tells of the rest of this minute"
            );
        }
        taken != Taken::ToTheTable
    }

    /// Everything is stored. Says so, when the opposite was said.
    pub(crate) fn is_well(&self) {
        if self.is_said.swap(false, Ordering::AcqRel) {
            let lost = self.counts.all_lost();
            tracing::info!(lost, "audit events are stored again");
        }
    }

    fn next_id(&self) -> String {
        // The number first: events of one millisecond keep their order.
        let number = self.recorded.fetch_add(1, Ordering::Relaxed);
        format!("{number:012x}-{}", self.process)
    }
}

impl AuditLog for Inner {
    fn record(&self, event: AuditEvent) {
        let event = row::bounded(event);
        line::write(&event);
        self.counts.recorded(event.outcome);
        let now = self.foundations.clock.unix_millis();
        if self.is_flooded(&event, now) {
            self.counts.lost(1);
            return;
        }
        if !self.queue.push(EventRow::of(&event, self.next_id(), now)) {
            self.lose(1, "too many wait to be stored");
        }
    }
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AuditTrail({} wait)", self.queue.len())
    }
}

impl fmt::Debug for AuditTrail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
