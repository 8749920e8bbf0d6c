//! The folder that a catalog is written to: files grouped like repositories, a hundred to a folder.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::document::Document;
use super::summary::Summary;

/// No file has more entities than this.
const MOST_ENTITIES: usize = 40;
/// No folder has more entries than this.
const MOST_FOLDERS: usize = 100;

/// A catalog's folder while it is written.
pub(super) struct Files {
    folder: PathBuf,
    opened: usize,
    summary: Summary,
}

impl Files {
    /// Makes `folder`; refuses one that has something in it.
    pub(super) fn create(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot make the folder {}", folder.display()))?;
        if fs::read_dir(folder)?.next().is_some() {
            bail!(
                "{} is not empty: name a new folder, or remove this one first",
                folder.display()
            );
        }
        let folder = folder.canonicalize()?;
        Ok(Self {
            folder,
            opened: 0,
            summary: Summary::default(),
        })
    }

    /// Begins the repository `name` among those of `family`.
    pub(super) fn open(&mut self, family: &str, name: String) -> File<'_> {
        let shelf = format!("{:03}", self.opened / MOST_FOLDERS);
        self.opened += 1;
        let folder = self
            .folder
            .join("catalog")
            .join(family)
            .join(shelf)
            .join(name);
        File {
            files: self,
            folder,
            part: 0,
            entities: 0,
            text: String::new(),
        }
    }

    /// Writes the configuration and the summary.
    pub(super) fn finish(self) -> Result<Summary> {
        let target = self.folder.join("catalog/**/*.yaml");
        let config = format!(
            "# Loads the generated catalog beside this file.\n\
             app:\n  title: Generated catalog\n\
             catalog:\n  rules:\n    - allow: [Component, API, Resource, System, Domain, Group, User, Location]\n  \
             locations:\n    - type: file\n      target: {}\n",
            serde_json::Value::from(target.display().to_string()),
        );
        write(&self.folder.join("app-config.yaml"), &config)?;
        let summary = serde_json::to_string_pretty(&self.summary)? + "\n";
        write(&self.folder.join("summary.json"), &summary)?;
        Ok(self.summary)
    }
}

/// The files of one repository, while they are written.
pub(super) struct File<'a> {
    files: &'a mut Files,
    folder: PathBuf,
    part: usize,
    entities: usize,
    text: String,
}

impl File<'_> {
    /// Adds an entity, to a further file when this one has enough.
    pub(super) fn add(&mut self, document: Document) -> Result<()> {
        if self.entities == MOST_ENTITIES {
            self.flush()?;
        }
        if self.entities > 0 {
            self.text.push_str("---\n");
        }
        self.text.push_str(&document.text);
        self.entities += 1;
        self.files.summary.add(&document);
        Ok(())
    }

    /// Ends the repository.
    pub(super) fn close(mut self) -> Result<()> {
        self.flush()
    }

    fn flush(&mut self) -> Result<()> {
        if self.entities == 0 {
            return Ok(());
        }
        self.part += 1;
        let name = match self.part {
            1 => "catalog-info.yaml".to_owned(),
            part => format!("catalog-info-{part}.yaml"),
        };
        fs::create_dir_all(&self.folder)
            .with_context(|| format!("cannot make the folder {}", self.folder.display()))?;
        write(&self.folder.join(name), &self.text)?;
        self.files.summary.files += 1;
        self.files.summary.bytes += self.text.len() as u64;
        self.text.clear();
        self.entities = 0;
        Ok(())
    }
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}
