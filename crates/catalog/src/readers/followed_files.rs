//! Which files matter to whom, found by the path that changed.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use notify::event::{ModifyKind, RemoveKind};
use notify::{Event, EventKind};

use super::file_target::FileTarget;
use super::touched::{Follower, Touched};

/// All targets of all followers.
#[derive(Default)]
pub(super) struct FollowedFiles {
    targets: Vec<Followed>,
    /// The place in `targets`, by follower and what the target is called.
    places: HashMap<(Follower, String), usize>,
    /// Who may be concerned by a change at a path, or by what comes and goes right below it. A hundred
    /// thousand files are followed, and a saved one must not be compared with each.
    by_path: HashMap<PathBuf, BTreeSet<usize>>,
    /// Patterns, which are few, are compared with every change.
    patterns: Vec<usize>,
}

struct Followed {
    owner: Follower,
    /// The folder that is watched for it.
    folder: PathBuf,
    target: FileTarget,
}

impl FollowedFiles {
    /// Remembers that `owner` follows `target`, for which `folder` is watched. A target counts once; its folder may
    /// be another one than last time, when it came or went.
    pub(super) fn follow(&mut self, owner: &Follower, folder: &Path, target: &FileTarget) {
        let name = (owner.clone(), target.pattern());
        let place = match self.places.entry(name) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(new) => {
                let place = *new.insert(self.targets.len());
                self.targets.push(Followed {
                    owner: owner.clone(),
                    folder: folder.to_owned(),
                    target: target.clone(),
                });
                if matches!(target, FileTarget::Many { .. }) {
                    self.patterns.push(place);
                }
                place
            }
        };
        let followed = &mut self.targets[place];
        if followed.folder != folder {
            let before = std::mem::replace(&mut followed.folder, folder.to_owned());
            remove(&mut self.by_path, &before, place);
        }
        if let FileTarget::One(file) = target {
            insert(&mut self.by_path, file, place);
            insert(&mut self.by_path, folder, place);
        }
    }

    /// Everybody who follows anything, some of them repeatedly.
    pub(super) fn owners(&self) -> impl Iterator<Item = &Follower> {
        self.targets.iter().map(|followed| &followed.owner)
    }

    /// Who has to look again after `event`, and at what.
    pub(super) fn touched_by(&self, event: &Event) -> HashMap<Follower, Touched> {
        let renames = matches!(
            event.kind,
            EventKind::Create(_) | EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_))
        );
        // Something of that name may have been a folder; a file that is there, or was removed as one, is one.
        let removed = event.kind == EventKind::Remove(RemoveKind::File);
        let are_files = removed || event.paths.iter().all(|path| path.is_file());
        let mut touched: HashMap<Follower, Touched> = HashMap::new();
        for place in self.candidates(event, renames) {
            let followed = &self.targets[place];
            let Some(more) = followed.touched_by(event, renames, are_files) else {
                continue;
            };
            match touched.entry(followed.owner.clone()) {
                Entry::Occupied(mut known) => known.get_mut().add(more),
                Entry::Vacant(new) => {
                    new.insert(more);
                }
            }
        }
        touched
    }

    /// All that `event` can concern, and perhaps some more.
    fn candidates(&self, event: &Event, renames: bool) -> BTreeSet<usize> {
        let folders = event.paths.iter().filter_map(|path| path.parent());
        let folders = folders.filter(|_| renames);
        let paths = event.paths.iter().map(PathBuf::as_path).chain(folders);
        let single = paths.filter_map(|path| self.by_path.get(path)).flatten();
        single.chain(&self.patterns).copied().collect()
    }
}

fn insert(by_path: &mut HashMap<PathBuf, BTreeSet<usize>>, path: &Path, place: usize) {
    match by_path.get_mut(path) {
        Some(places) => {
            places.insert(place);
        }
        None => {
            by_path.insert(path.to_owned(), BTreeSet::from([place]));
        }
    }
}

fn remove(by_path: &mut HashMap<PathBuf, BTreeSet<usize>>, path: &Path, place: usize) {
    if let Some(places) = by_path.get_mut(path) {
        places.remove(&place);
        if places.is_empty() {
            by_path.remove(path);
        }
    }
}

impl Followed {
    fn touched_by(&self, event: &Event, renames: bool, are_files: bool) -> Option<Touched> {
        let concerns = |path: &&PathBuf| self.target.concerns(&self.folder, path, renames);
        let paths: BTreeSet<&PathBuf> = event.paths.iter().filter(concerns).collect();
        match &self.target {
            _ if paths.is_empty() => None,
            FileTarget::Many { .. } if are_files => {
                let files = paths.into_iter().filter(|path| self.target.names(path));
                let files: BTreeSet<PathBuf> = files.cloned().collect();
                (!files.is_empty()).then_some(Touched::Files(files))
            }
            _ => Some(Touched::All),
        }
    }
}

impl FileTarget {
    fn pattern(&self) -> String {
        match self {
            Self::One(path) => path.display().to_string(),
            Self::Many { pattern, .. } => pattern.clone(),
        }
    }

    /// Whether a change at `path` may change what the target holds. When names come and go, a folder or a
    /// link in between may be meant.
    fn concerns(&self, folder: &Path, path: &Path, renames: bool) -> bool {
        match self {
            Self::One(file) => {
                file == path || (renames && (path.parent() == Some(folder) || path == folder))
            }
            Self::Many {
                folder: below,
                glob,
                ..
            } => {
                let may_be_folder = path.extension().is_none() && path.starts_with(below);
                let beside = path == folder || path.parent() == Some(folder);
                glob.is_match(path) || (renames && (may_be_folder || beside))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use callboard_model::LocationRef;
    use notify::event::{CreateKind, DataChange, RenameMode};
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    const PATHS: &[&str] = &[
        "/a",
        "/a/b",
        "/a/b/1.yaml",
        "/a/b/2.yaml",
        "/a/c",
        "/a/c/1.yaml",
        "/a/b/c/1.yaml",
    ];
    const PATTERNS: &[&str] = &["/a/*/1.yaml", "/a/**/*.yaml"];

    fn owner(name: &str) -> Follower {
        Follower::Entity(format!("location:{name}").parse().unwrap())
    }

    fn target(text: &str) -> FileTarget {
        FileTarget::resolve(text, &LocationRef::file("/base.yaml")).unwrap()
    }

    fn kinds() -> impl Strategy<Value = EventKind> {
        select(vec![
            EventKind::Create(CreateKind::File),
            EventKind::Remove(RemoveKind::File),
            EventKind::Remove(RemoveKind::Folder),
            EventKind::Modify(ModifyKind::Name(RenameMode::Both)),
            EventKind::Modify(ModifyKind::Data(DataChange::Content)),
        ])
    }

    proptest! {
        /// What is found by path is what a look at every target finds.
        #[test]
        fn nobody_is_overlooked(
            follows in proptest::collection::vec(
                (select(vec!["x", "y"]), select([PATHS, PATTERNS].concat()), select(PATHS)), 1..12,
            ),
            paths in proptest::collection::vec(select(PATHS), 1..3), kind in kinds(),
        ) {
            let mut followed = FollowedFiles::default();
            for (name, text, folder) in &follows {
                followed.follow(&owner(name), Path::new(folder), &target(text));
            }
            let mut event = Event::new(kind);
            event.paths = paths.iter().map(PathBuf::from).collect();
            let renames = !matches!(kind, EventKind::Modify(ModifyKind::Data(_)));
            let are_files = kind == EventKind::Remove(RemoveKind::File);
            let mut expected: HashMap<Follower, Touched> = HashMap::new();
            for each in &followed.targets {
                if let Some(more) = each.touched_by(&event, renames, are_files) {
                    expected.entry(each.owner.clone()).or_insert_with(|| more.clone()).add(more);
                }
            }
            prop_assert_eq!(followed.touched_by(&event), expected);
        }
    }

    #[test]
    fn a_saved_file_is_compared_with_its_own_targets_only() {
        let mut followed = FollowedFiles::default();
        for number in 0..1_000 {
            let file = format!("/docs/{number}/about.txt");
            let folder = format!("/docs/{number}");
            followed.follow(
                &owner(&format!("l{number}")),
                Path::new(&folder),
                &target(&file),
            );
        }
        let event = Event::new(EventKind::Modify(ModifyKind::Data(DataChange::Content)))
            .add_path("/docs/7/about.txt".into());
        assert_eq!(followed.candidates(&event, false), BTreeSet::from([7]));
        assert_eq!(
            followed.touched_by(&event),
            HashMap::from([(owner("l7"), Touched::All)])
        );
    }

    #[test]
    fn a_target_whose_folder_appears_is_found_below_it_alone() {
        let mut followed = FollowedFiles::default();
        let (owner, target) = (owner("all"), target("/a/b/1.yaml"));
        followed.follow(&owner, Path::new("/a"), &target);
        followed.follow(&owner, Path::new("/a/b"), &target);

        let beside = |path: &str| {
            let event = Event::new(EventKind::Create(CreateKind::File)).add_path(path.into());
            followed.touched_by(&event).len()
        };
        assert_eq!(beside("/a/b/2.yaml"), 1);
        assert_eq!(beside("/a/2.yaml"), 0);
    }
}
