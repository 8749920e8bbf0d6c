//! Watches the files that locations were read from, and tells whose.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use callboard_model::{EntityRef, Result};
use notify::event::{AccessKind, AccessMode, ModifyKind};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::Notify;
use tokio::time::{Interval, MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;

use super::file_target::FileTarget;
use super::followed_files::FollowedFiles;
use super::touched::{self, Follower, Touched};
use crate::engine::Engine;
use crate::placeholder::DocumentKey;

/// A file is written in several steps; they are taken together.
const GATHER: Duration = Duration::from_millis(40);
/// How long to wait for more when every file that was opened to be written has been closed.
const BREATH: Duration = Duration::from_millis(3);
/// How often folders are looked at that the system cannot watch for us.
const POLL: Duration = Duration::from_secs(2);

/// The watch over all files of all locations; clones share it.
#[derive(Clone)]
pub(crate) struct FileWatch(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    touched: Notify,
    watcher: Mutex<Option<RecommendedWatcher>>,
}

#[derive(Default)]
struct State {
    followed: FollowedFiles,
    watched: HashMap<PathBuf, RecursiveMode>,
    /// Whose files changed since they were last asked for, and which of them.
    touched: HashMap<Follower, Touched>,
    /// Whether the last change that was told is complete.
    complete: bool,
    /// Whose folders cannot be watched.
    polled: HashSet<Follower>,
}

impl FileWatch {
    pub(crate) fn new() -> Self {
        let watch = Self(Arc::new(Shared {
            state: Mutex::default(),
            touched: Notify::new(),
            watcher: Mutex::new(None),
        }));
        let shared = Arc::downgrade(&watch.0);
        let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            if let Some(shared) = shared.upgrade() {
                shared.take(event);
            }
        });
        match watcher {
            Ok(watcher) => {
                *watch
                    .0
                    .watcher
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner) = Some(watcher)
            }
            Err(error) => {
                tracing::warn!(%error, "files cannot be watched; they are looked at every {POLL:?} instead")
            }
        }
        watch
    }

    /// Watches `target` for `owner` from now on.
    pub(crate) fn follow(&self, owner: &EntityRef, target: &FileTarget) {
        self.follow_for(&Follower::Entity(owner.clone()), target);
    }

    /// Watches the file of a document from now on.
    pub(crate) fn follow_document(&self, document: DocumentKey, file: &Path) {
        let target = FileTarget::One(file.to_owned());
        self.follow_for(&Follower::Document(document), &target);
    }

    fn follow_for(&self, owner: &Follower, target: &FileTarget) {
        let (folder, mode) = folder_of(target);
        let known = {
            let mut state = self.0.state();
            state.followed.follow(owner, &folder, target);
            state.is_watched(&folder, mode)
        };
        if !known {
            self.watch(owner, folder, mode);
        }
    }

    fn watch(&self, owner: &Follower, folder: PathBuf, mode: RecursiveMode) {
        let mut watcher = self
            .0
            .watcher
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let watched = watcher.as_mut().map(|watcher| watcher.watch(&folder, mode));
        drop(watcher);
        let mut state = self.0.state();
        match watched {
            Some(Ok(())) => {
                state.watched.insert(folder, mode);
            }
            Some(Err(error)) => {
                tracing::warn!(%error, folder = %folder.display(), "the folder cannot be watched; it is looked at every {POLL:?} instead");
                state.polled.insert(owner.clone());
            }
            None => {
                state.polled.insert(owner.clone());
            }
        }
    }

    /// Has the owners of changed files processed again, until `stop`.
    pub(crate) async fn run(&self, engine: Engine, stop: CancellationToken) -> Result<()> {
        let mut poll = ticks(POLL);
        loop {
            tokio::select! {
                () = self.0.touched.notified() => self.gather().await,
                _ = poll.tick() => self.0.touch_polled(),
                () = stop.cancelled() => return Ok(()),
            }
            if let Err(error) = self.tell(&engine).await {
                tracing::error!(error = ?error, "telling of changed files pauses");
                // A pause that a stop ends at once.
                let _ = timeout(POLL, stop.cancelled()).await;
            }
        }
    }

    /// Has the owners of changed files processed again. When that fails they still are to be told.
    async fn tell(&self, engine: &Engine) -> Result<()> {
        let touched: Vec<(Follower, Touched)> = self.0.state().touched.drain().collect();
        let told = touched::tell(engine, &touched).await;
        if told.is_err() {
            self.0.state().touch(touched);
            self.0.touched.notify_one();
        }
        told
    }

    /// Waits until what is being written is complete, as far as that can be known.
    async fn gather(&self) {
        let complete = async {
            loop {
                let more = self.0.touched.notified();
                if !self.0.state().complete {
                    more.await;
                } else if timeout(BREATH, more).await.is_err() {
                    return;
                }
            }
        };
        // When the time is over, what there is has to do.
        let _ = timeout(GATHER, complete).await;
    }
}

fn ticks(period: Duration) -> Interval {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

impl Shared {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn touch_polled(&self) {
        let mut state = self.state();
        let polled: Vec<Follower> = state.polled.iter().cloned().collect();
        let all = polled.into_iter().map(|owner| (owner, Touched::All));
        state.touch(all);
    }

    fn take(&self, event: notify::Result<Event>) {
        let mut state = self.state();
        if let Ok(event) = &event {
            state.forget_replaced(event);
        }
        let everything = || {
            let owners = state.followed.owners().cloned();
            owners.map(|owner| (owner, Touched::All)).collect()
        };
        let touched: HashMap<Follower, Touched> = match &event {
            // The system lost count: look at everything.
            Err(_) => everything(),
            Ok(event) if event.need_rescan() => everything(),
            Ok(event) if !changes_something(event.kind) => return,
            Ok(event) => state.followed.touched_by(event),
        };
        if touched.is_empty() {
            return;
        }
        state.complete = event.is_ok_and(|event| completes(event.kind));
        state.touch(touched);
        drop(state);
        self.touched.notify_one();
    }
}

impl State {
    /// Notes that owners have to be told.
    fn touch(&mut self, touched: impl IntoIterator<Item = (Follower, Touched)>) {
        for (owner, more) in touched {
            match self.touched.entry(owner) {
                Entry::Occupied(mut touched) => touched.get_mut().add(more),
                Entry::Vacant(place) => {
                    place.insert(more);
                }
            }
        }
    }

    /// A watch holds on to the folder itself, not to its name: what goes away or gets another name is not
    /// watched any more, and a new folder of that name has to be watched anew.
    fn forget_replaced(&mut self, event: &Event) {
        if !matches!(
            event.kind,
            EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_))
        ) {
            return;
        }
        self.watched
            .retain(|folder, _| !event.paths.iter().any(|gone| folder.starts_with(gone)));
    }

    /// Whether `folder` is watched, by itself or with everything below a folder above it.
    fn is_watched(&self, folder: &Path, mode: RecursiveMode) -> bool {
        let above = || {
            folder
                .ancestors()
                .filter_map(|above| self.watched.get(above))
        };
        self.watched.get(folder) == Some(&mode)
            || above().any(|known| *known == RecursiveMode::Recursive)
    }
}

/// Reading a file is an event too, which must not lead to reading it again.
fn changes_something(kind: EventKind) -> bool {
    match kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => true,
        EventKind::Access(_) => false,
        _ => true,
    }
}

/// Whether a file is as it will be after this; where the system does not tell that, nothing is.
fn completes(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::Access(AccessKind::Close(AccessMode::Write))
            | EventKind::Remove(_)
            | EventKind::Modify(ModifyKind::Name(_))
    )
}

/// The folder to watch for a target: its own, or while that is missing the nearest one that exists.
fn folder_of(target: &FileTarget) -> (PathBuf, RecursiveMode) {
    let (wanted, mode) = match target {
        FileTarget::One(file) => (file.parent().unwrap_or(file), RecursiveMode::NonRecursive),
        FileTarget::Many {
            folder, depth: 1, ..
        } => (folder.as_path(), RecursiveMode::NonRecursive),
        FileTarget::Many { folder, .. } => (folder.as_path(), RecursiveMode::Recursive),
    };
    if wanted.is_dir() {
        return (wanted.to_owned(), mode);
    }
    let existing = wanted
        .ancestors()
        .find(|folder| folder.is_dir())
        .unwrap_or(Path::new("/"));
    (existing.to_owned(), RecursiveMode::NonRecursive)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use callboard_db::testing::TestDatabase;
    use callboard_model::{Ids, LocationRef};
    use tempfile::TempDir;

    use super::*;
    use crate::metrics::Metrics;
    use crate::sql::MIGRATIONS;

    struct Watched {
        folder: TempDir,
        watch: FileWatch,
        owner: EntityRef,
    }

    impl Watched {
        fn new() -> Self {
            let owner = "location:default/all".parse().unwrap();
            let folder = tempfile::tempdir().unwrap();
            Self {
                folder,
                watch: FileWatch::new(),
                owner,
            }
        }

        fn path(&self, name: &str) -> PathBuf {
            self.folder.path().join(name)
        }

        fn follow(&self, target: &str) {
            let base = LocationRef::file(self.path("base.yaml").display().to_string());
            self.watch
                .follow(&self.owner, &FileTarget::resolve(target, &base).unwrap());
        }

        /// Waits until a change is told, then looks again as a reader does, until `done`.
        async fn follow_until(&self, target: &str, done: impl Fn() -> bool) {
            let told = async {
                loop {
                    self.watch.0.touched.notified().await;
                    self.watch.0.state().touched.clear();
                    self.follow(target);
                    if done() {
                        return;
                    }
                }
            };
            tokio::time::timeout(Duration::from_secs(10), told)
                .await
                .expect("the change is told");
        }

        fn is_watched(&self, folder: &str) -> bool {
            self.watch
                .0
                .state()
                .watched
                .contains_key(&self.path(folder))
        }
    }

    #[tokio::test]
    async fn a_folder_that_is_replaced_is_watched_again() {
        for target in ["v1.2/all.yaml", "v1.2/*.yaml", "v1.2/**/*.yaml"] {
            let watched = Watched::new();
            let folder = watched.path("v1.2");
            fs::create_dir(&folder).unwrap();
            watched.follow(target);

            fs::remove_dir(&folder).unwrap();
            watched
                .follow_until(target, || !watched.is_watched("v1.2"))
                .await;
            fs::create_dir(&folder).unwrap();
            watched
                .follow_until(target, || watched.is_watched("v1.2"))
                .await;

            fs::write(folder.join("all.yaml"), "kind: Component\n").unwrap();
            watched.follow_until(target, || true).await;
        }
    }

    #[tokio::test]
    async fn a_change_that_cannot_be_told_is_told_later() {
        let watched = Watched::new();
        watched.follow("*.yaml");
        fs::write(watched.path("all.yaml"), "kind: Component\n").unwrap();
        watched.watch.0.touched.notified().await;

        let test = TestDatabase::new().await;
        let database = test.open().await;
        database.migrate(&MIGRATIONS).await.unwrap();
        let (changed, metrics) = (Arc::default(), Metrics::default());
        let engine = Engine::new(database.clone(), Ids::counted(), changed, metrics);
        let is_told = || watched.watch.0.state().touched.is_empty();
        database.close().await;
        watched.watch.tell(&engine).await.unwrap_err();
        assert!(!is_told());
        // The loop that tells is awake, although nothing else changes.
        watched.watch.0.touched.notified().await;
    }

    #[tokio::test]
    async fn a_folder_replaced_at_one_stroke_is_watched_again() {
        let watched = Watched::new();
        for name in ["now", "next"] {
            fs::create_dir(watched.path(name)).unwrap();
        }
        watched.follow("now/*.yaml");
        fs::rename(watched.path("now"), watched.path("before")).unwrap();
        fs::rename(watched.path("next"), watched.path("now")).unwrap();
        watched
            .follow_until("now/*.yaml", || watched.is_watched("now"))
            .await;

        fs::write(watched.path("now/all.yaml"), "kind: Component\n").unwrap();
        watched.follow_until("now/*.yaml", || true).await;
    }
}
