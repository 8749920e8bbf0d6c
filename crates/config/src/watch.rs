//! Notices that the files of the configuration changed (CFG-07).

use std::path::PathBuf;
use std::time::SystemTime;

use crate::{Config, ConfigErrors, Environment, Sources};

/// Looks at the files of a configuration. They are few, so looking at their times now and then costs next to
/// nothing, and works on every file system.
#[derive(Debug)]
pub struct Watch {
    sources: Sources,
    environment: Environment,
    /// Every file that is read, or would be if it existed.
    files: Vec<PathBuf>,
    /// What they were like when they were read last.
    read: Vec<Look>,
    /// What they were like at the last look, if that was different.
    changing: Option<Vec<Look>>,
}

/// What a file is like; none when it is not there.
type Look = Option<(SystemTime, u64)>;

impl Watch {
    /// Follows the files that `config` was read from, just now.
    pub fn new(sources: Sources, environment: Environment, config: &Config) -> Self {
        let mut watch = Self {
            sources,
            environment,
            files: Vec::new(),
            read: Vec::new(),
            changing: None,
        };
        watch.follow(config.files());
        watch
    }

    /// Looks at the files; answers with what they say when they changed and rest now, as they do from the second
    /// look on: a file that is just being written is not read half.
    ///
    /// # Errors
    /// What is wrong in the files now. They are read again when they change again.
    pub fn look(&mut self) -> Option<Result<Config, ConfigErrors>> {
        let found = looks(&self.files);
        if found == self.read {
            self.changing = None;
            return None;
        }
        if self.changing.as_ref() != Some(&found) {
            self.changing = Some(found);
            return None;
        }
        let loaded = Config::load(&self.sources, &self.environment);
        let files = loaded.as_ref().map(|config| config.files().to_vec());
        self.follow(&files.unwrap_or_else(|_| self.files.clone()));
        // What changed while it was being read is found at the next look.
        if self.files.len() == found.len() {
            self.read = found;
        }
        self.changing = None;
        Some(loaded)
    }

    fn follow(&mut self, read: &[PathBuf]) {
        self.files = self.sources.candidates(&self.environment);
        for file in read {
            if !self.files.contains(file) {
                self.files.push(file.clone());
            }
        }
        self.read = looks(&self.files);
    }
}

fn looks(files: &[PathBuf]) -> Vec<Look> {
    let look = |file: &PathBuf| {
        let metadata = std::fs::metadata(file).ok()?;
        Some((metadata.modified().ok()?, metadata.len()))
    };
    files.iter().map(look).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn watched() -> (tempfile::TempDir, Watch) {
        let folder = tempfile::tempdir().unwrap();
        fs::write(
            folder.path().join("app-config.yaml"),
            "a: 1\nb: { $file: b.txt }\n",
        )
        .unwrap();
        fs::write(folder.path().join("b.txt"), "one").unwrap();
        let environment = Environment::from_pairs([("", ""); 0]);
        let sources = Sources::defaults_in(folder.path());
        let config = Config::load(&sources, &environment).unwrap();
        let watch = Watch::new(sources, environment, &config);
        (folder, watch)
    }

    fn value(looked: Option<Result<Config, ConfigErrors>>, key: &str) -> String {
        looked.unwrap().unwrap().value(key).unwrap().to_string()
    }

    #[test]
    fn nothing_is_read_while_nothing_changes() {
        let (_folder, mut watch) = watched();
        assert!((0..3).all(|_| watch.look().is_none()));
    }

    #[test]
    fn a_change_is_read_once_when_the_files_rest() {
        let (folder, mut watch) = watched();
        fs::write(folder.path().join("app-config.yaml"), "a: 1234567890\n").unwrap();
        assert!(watch.look().is_none());
        assert_eq!(value(watch.look(), "a"), "1234567890");
        assert!((0..3).all(|_| watch.look().is_none()));
    }

    #[test]
    fn a_file_that_is_included_or_appears_later_counts_too() {
        let (folder, mut watch) = watched();
        fs::write(folder.path().join("b.txt"), "three").unwrap();
        assert!(watch.look().is_none());
        assert_eq!(value(watch.look(), "b"), "\"three\"");
        fs::write(folder.path().join("app-config.local.yaml"), "a: 2\n").unwrap();
        assert!(watch.look().is_none());
        assert_eq!(value(watch.look(), "a"), "2");
    }

    #[test]
    fn what_is_broken_is_told_once_and_read_again_when_it_is_whole() {
        let (folder, mut watch) = watched();
        fs::write(folder.path().join("app-config.yaml"), "a: [1, 2\n").unwrap();
        assert!(watch.look().is_none());
        assert!(watch.look().unwrap().is_err());
        assert!((0..3).all(|_| watch.look().is_none()));
        fs::write(folder.path().join("app-config.yaml"), "a: 7\n").unwrap();
        assert!(watch.look().is_none());
        assert_eq!(value(watch.look(), "a"), "7");
    }
}
