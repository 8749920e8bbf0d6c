//! Everything that this crate holds, opened once.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use callboard_auth::{AllowAll, Decision, Directory, PermissionInfo, PermissionPolicy, Principal};
use callboard_db::Database;
use callboard_model::{Clock, EntityRef, Result};
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::config::{PermissionSettings, Precedence};
use crate::decide::decide;
use crate::declared::Declared;
use crate::holder::{Holder, Reach, Subject};
use crate::snapshot::Snapshot;
use crate::sources::files::{Files, Looks};
use crate::sources::merge::Sources;
use crate::sources::{Said, Wrong, built_in, configuration};
use crate::sql;

/// How often to look for the changes of other replicas and of files.
const POLL: Duration = Duration::from_secs(1);
/// Where changes are announced to other replicas.
pub(crate) const CHANNEL: &str = "callboard_roles";
/// The most people whose roles are remembered.
const MOST_HOLDERS: usize = 10_000;
/// The most problems of sources that are told one by one.
const MOST_TOLD: usize = 50;

/// What roles stand on.
#[derive(Clone, Debug)]
pub struct Foundations {
    /// Where roles that were made over the API are kept.
    pub database: Database,
    /// What time it is.
    pub clock: Clock,
    /// Where relative paths in the configuration begin.
    pub working_directory: PathBuf,
}

/// The roles of a portal, and so its policy. Clones share everything.
#[derive(Clone)]
pub struct Roles(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) foundations: Foundations,
    pub(crate) settings: PermissionSettings,
    pub(crate) directory: Arc<dyn Directory>,
    files: Files,
    /// Held while sources are taken in, so that they are in their order.
    sources: tokio::sync::Mutex<Taken>,
    snapshot: watch::Sender<Arc<Snapshot>>,
    plugins: RwLock<Arc<BTreeSet<String>>>,
    holders: Mutex<HashMap<EntityRef, Arc<Held>>>,
    /// What features declare, once all are known.
    pub(crate) declared: OnceLock<Declared>,
}

/// What sources said when they were looked at last.
#[derive(Default)]
struct Taken {
    sources: Sources,
    version: i64,
    number: u64,
    looks: Looks,
    problems: Vec<Wrong>,
}

/// Somebody's roles, as they were for a snapshot and a state of the directory.
struct Held {
    snapshot: u64,
    directory: u64,
    holder: Holder,
}

impl Roles {
    /// Reads the roles of every source.
    ///
    /// # Errors
    /// `Invalid`, when the configuration is wrong; `Unavailable`, when the database is away. Files that are wrong are
    /// told in the log: their roles are not there then.
    pub async fn open(
        foundations: Foundations,
        settings: PermissionSettings,
        directory: Arc<dyn Directory>,
    ) -> Result<Self> {
        foundations.database.migrate(&sql::MIGRATIONS).await?;
        let taken = Taken {
            sources: Sources {
                built_in: built_in::roles(),
                configured: configuration::read(&settings)?,
                ..Sources::default()
            },
            ..Taken::default()
        };
        let roles = Self(Arc::new(Inner {
            files: Files::new(&settings, &foundations.working_directory),
            foundations,
            settings,
            directory,
            sources: tokio::sync::Mutex::new(taken),
            snapshot: watch::Sender::default(),
            plugins: RwLock::default(),
            holders: Mutex::default(),
            declared: OnceLock::new(),
        }));
        let looks = roles.0.files.look().await;
        roles.take_files(looks).await;
        roles.take_stored().await?;
        Ok(roles)
    }

    /// What decides: these roles, or nothing where they are not enabled.
    pub fn policy(&self) -> Arc<dyn PermissionPolicy> {
        if self.0.settings.enabled {
            Arc::new(self.clone())
        } else {
            Arc::new(AllowAll)
        }
    }

    /// All roles now.
    pub(crate) fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.0.snapshot.borrow())
    }

    /// Tells of every change of the roles.
    #[cfg(test)]
    pub(crate) fn snapshots(&self) -> watch::Receiver<Arc<Snapshot>> {
        self.0.snapshot.subscribe()
    }

    /// The plugins that were listed as having permissions.
    pub(crate) fn plugins(&self) -> Arc<BTreeSet<String>> {
        let plugins = self.0.plugins.read();
        Arc::clone(&plugins.unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn precedence(&self) -> Precedence {
        self.0.settings.rbac.policy_decision_precedence
    }

    pub(crate) fn reach(&self) -> Reach {
        let rbac = &self.0.settings.rbac;
        Reach {
            max_depth: rbac.max_depth,
            with_ownership: rbac.use_ownership_entity_refs,
        }
    }

    /// Somebody who may not be calling: what they own things as is told by the directory.
    pub(crate) fn subject(&self, entity_ref: EntityRef) -> Subject {
        let mut ownership = vec![entity_ref.clone()];
        ownership.extend(self.0.directory.groups_of(&entity_ref));
        Subject {
            entity_ref,
            ownership,
        }
    }

    /// Somebody's roles by `snapshot`, looked up without remembering them.
    pub(crate) fn holder(&self, subject: Subject, snapshot: &Snapshot) -> Holder {
        Holder::find(subject, snapshot, &*self.0.directory, self.reach())
    }

    /// Somebody's roles by `snapshot`, remembered for the next time.
    fn held(&self, subject: Subject, snapshot: &Snapshot) -> Arc<Held> {
        let directory = self.0.directory.revision();
        let key = subject.entity_ref.clone();
        let known = {
            let holders = self.0.holders.lock();
            let holders = holders.unwrap_or_else(PoisonError::into_inner);
            holders.get(&key).map(Arc::clone)
        };
        if let Some(held) = known
            && held.snapshot == snapshot.number
            && held.directory == directory
            && held.holder.subject == subject
        {
            return held;
        }
        let held = Arc::new(Held {
            snapshot: snapshot.number,
            directory,
            holder: self.holder(subject, snapshot),
        });
        let holders = self.0.holders.lock();
        let mut holders = holders.unwrap_or_else(PoisonError::into_inner);
        if holders.len() >= MOST_HOLDERS {
            holders.clear();
        }
        holders.insert(key, Arc::clone(&held));
        held
    }

    /// Follows the changes of other replicas and of files until `stop`.
    pub(crate) async fn follow(&self, stop: CancellationToken) -> Result<()> {
        let mut poll = interval(POLL);
        poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut others = self.0.foundations.database.announcements(CHANNEL);
        let mut looks = Looks::default();
        let mut away = false;
        loop {
            tokio::select! {
                () = others.next() => {}
                _ = poll.tick() => looks = self.look_again(looks).await,
                () = stop.cancelled() => return Ok(()),
            }
            let taken = self.catch_up().await;
            if let (Err(error), false) = (&taken, away) {
                tracing::error!(error = ?error, "the database is away: roles stay as they are");
            }
            away = taken.is_err();
        }
    }

    /// Takes the files in when they look other than they did when they were taken, and twice alike.
    pub(crate) async fn look_again(&self, before: Looks) -> Looks {
        if !self.0.files.are_followed() {
            return before;
        }
        let now = self.0.files.look().await;
        if now == before && now != self.0.sources.lock().await.looks {
            self.take_files(now.clone()).await;
        }
        now
    }

    /// Takes in what others stored.
    pub(crate) async fn catch_up(&self) -> Result<()> {
        let version = sql::read::version(&self.0.foundations.database).await?;
        if version == self.0.sources.lock().await.version {
            return Ok(());
        }
        self.take_stored().await
    }

    /// Takes in what is stored.
    pub(crate) async fn take_stored(&self) -> Result<()> {
        let mut taken = self.0.sources.lock().await;
        let mut tx = self.0.foundations.database.begin().await?;
        let stored = sql::read::all(&mut tx).await?;
        tx.commit().await?;
        taken.version = stored.version;
        taken.sources.stored = stored.roles.into_values().collect();
        let plugins = Arc::new(stored.plugins);
        *self
            .0
            .plugins
            .write()
            .unwrap_or_else(PoisonError::into_inner) = plugins;
        self.publish(&mut taken);
        Ok(())
    }

    /// Takes in what files say; a file that cannot be used leaves its roles as they were.
    async fn take_files(&self, looks: Looks) {
        let mut taken = self.0.sources.lock().await;
        taken.looks = looks;
        match self.0.files.roles().await {
            Ok(said) => taken.sources.roles_file = said,
            Err(error) => unusable(&error, &taken.sources.roles_file),
        }
        // What the configuration wants to be read once is not read again because another file changed.
        if taken.number == 0 || self.0.settings.rbac.policy_file_reload {
            match self.0.files.policies().await {
                Ok(said) => taken.sources.csv_file = said,
                Err(error) => unusable(&error, &taken.sources.csv_file),
            }
        }
        self.publish(&mut taken);
    }

    fn publish(&self, taken: &mut Taken) {
        let (contents, problems) = taken.sources.merged();
        if problems != taken.problems {
            tell(&problems);
            taken.problems = problems;
        }
        taken.number += 1;
        let snapshot = Arc::new(Snapshot::new(contents, taken.number));
        self.0.snapshot.send_replace(snapshot);
    }
}

fn unusable(error: &callboard_model::Error, before: &Said) {
    let kept = before.roles.len();
    tracing::error!(error = error.message(), kept, "roles stay as they are");
}

fn tell(problems: &[Wrong]) {
    for problem in problems.iter().take(MOST_TOLD) {
        tracing::warn!("roles: {problem}: this does not count");
    }
    if problems.len() > MOST_TOLD {
        let more = problems.len() - MOST_TOLD;
        tracing::warn!("roles: {more} more do not count");
    }
}

impl PermissionPolicy for Roles {
    fn decide(&self, principal: &Principal, permission: &PermissionInfo) -> Decision {
        let Some(subject) = Subject::of(principal) else {
            // What a program may do was decided when it was given its token.
            return Decision::Allow;
        };
        let snapshot = self.snapshot();
        let held = self.held(subject, &snapshot);
        decide(&snapshot, &held.holder, permission, self.precedence()).decision
    }
}

impl fmt::Debug for Roles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Roles")
            .field("enabled", &self.0.settings.enabled)
            .field("snapshot", &self.snapshot().number)
            .finish_non_exhaustive()
    }
}
