//! Writes a catalog of any size that looks like that of a large company.
//!
//! Every entity is computed from the seed and its own number, so the same arguments give the same
//! files on every machine, and a catalog of a million components needs little memory.
//!
//! Never here: entities by hand (`examples/` has those).
//! Start reading at [`Catalog::write`].

mod chance;
mod definitions;
mod document;
mod files;
mod names;
mod organisation;
mod shape;
mod software;
mod summary;

use std::path::{Path, PathBuf};

use anyhow::Result;

use files::Files;
use shape::{Shape, Share};
use software::Software;
pub(crate) use summary::Summary;

/// Write a catalog of any size, always the same for the same arguments
#[derive(clap::Args)]
pub(crate) struct GenCatalog {
    /// How many components; for 14 of them there are about 11 other entities
    #[arg(long, default_value_t = 14_000)]
    components: usize,
    /// Another seed gives another catalog of the same size
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The folder to write to; it is made when it is missing, and must be empty otherwise
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

impl GenCatalog {
    /// Runs the command.
    pub(crate) fn run(self) -> Result<()> {
        let summary = Catalog::new(self.components, self.seed).write(&self.out)?;
        println!("{summary}");
        println!(
            "\nOpen it with:\n  callboard --config {}",
            self.out.join("app-config.yaml").display()
        );
        Ok(())
    }
}

/// A catalog that has yet to be written.
pub(crate) struct Catalog {
    shape: Shape,
    seed: u64,
}

impl Catalog {
    /// The catalog of `components` components that belongs to `seed`.
    pub(crate) fn new(components: usize, seed: u64) -> Self {
        Self {
            shape: Shape::of(components),
            seed,
        }
    }

    /// Writes the catalog into `folder`, with a configuration that loads it and a summary.
    pub(crate) fn write(&self, folder: &Path) -> Result<Summary> {
        let mut files = Files::create(folder)?;
        self.write_domains(&mut files)?;
        self.write_groups(&mut files)?;
        for system in 0..self.shape.systems {
            self.write_system(&mut files, system)?;
        }
        files.finish()
    }

    fn write_domains(&self, files: &mut Files) -> Result<()> {
        let mut file = files.open("domains", "domains".to_owned());
        for domain in 0..self.shape.domains {
            file.add(organisation::domain(&self.shape, self.seed, domain))?;
        }
        file.close()
    }

    /// Writes each group with its members into one file.
    fn write_groups(&self, files: &mut Files) -> Result<()> {
        for group in 0..self.shape.groups {
            let mut file = files.open("org", names::group(group));
            file.add(organisation::group(&self.shape, self.seed, group))?;
            for user in self.shape.members(group) {
                file.add(organisation::user(&self.shape, self.seed, user, group))?;
            }
            file.close()?;
        }
        Ok(())
    }

    /// Writes a system and all that it has, as they would lie in one repository.
    fn write_system(&self, files: &mut Files, system: usize) -> Result<()> {
        let software = Software {
            shape: &self.shape,
            seed: self.seed,
        };
        let mut file = files.open("systems", names::system(system));
        file.add(software.system(system))?;
        for component in self.shape.of_system(Share::Components, system) {
            file.add(software.component(component))?;
        }
        for api in self.shape.of_system(Share::Apis, system) {
            file.add(software.api(api))?;
        }
        for resource in self.shape.of_system(Share::Resources, system) {
            file.add(software.resource(resource))?;
        }
        file.close()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, HashSet};

    use super::*;

    fn written(components: usize, seed: u64) -> (Summary, BTreeMap<String, Vec<u8>>) {
        let folder = tempfile::tempdir().unwrap();
        let summary = Catalog::new(components, seed).write(folder.path()).unwrap();
        let mut files = BTreeMap::new();
        let mut folders = vec![folder.path().join("catalog")];
        while let Some(next) = folders.pop() {
            for entry in std::fs::read_dir(next).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path
                        .strip_prefix(folder.path())
                        .unwrap()
                        .display()
                        .to_string();
                    files.insert(name, std::fs::read(&path).unwrap());
                }
            }
        }
        (summary, files)
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes() {
        assert_eq!(written(60, 7).1, written(60, 7).1);
        assert_ne!(written(60, 7).1, written(60, 8).1);
    }

    #[test]
    fn the_bytes_do_not_change_between_machines_and_versions() {
        let (_, files) = written(200, 1);
        let sum = files.values().flatten().fold(0u64, |sum, byte| {
            sum.wrapping_mul(1_099_511_628_211)
                .wrapping_add(u64::from(*byte) + 1)
        });
        assert_eq!(
            sum, 13_612_698_965_233_465_382,
            "regenerate published figures when this is changed on purpose"
        );
    }

    #[test]
    fn no_file_has_more_than_forty_entities() {
        let (summary, files) = written(2_000, 3);
        let documents =
            |text: &Vec<u8>| String::from_utf8_lossy(text).matches("apiVersion:").count();
        assert_eq!(
            files.values().map(documents).sum::<usize>(),
            summary.entities
        );
        assert!(files.values().all(|text| documents(text) <= 40));
    }

    #[test]
    fn every_reference_leads_to_an_entity_and_no_entity_is_there_twice() {
        let catalog = Catalog::new(900, 5);
        let (shape, software) = (
            &catalog.shape,
            Software {
                shape: &catalog.shape,
                seed: 5,
            },
        );
        let mut all = Vec::new();
        all.extend((0..shape.domains).map(|number| organisation::domain(shape, 5, number)));
        all.extend((0..shape.groups).map(|number| organisation::group(shape, 5, number)));
        all.extend((0..shape.users).map(|number| organisation::user(shape, 5, number, 0)));
        all.extend((0..shape.systems).map(|number| software.system(number)));
        all.extend((0..shape.components).map(|number| software.component(number)));
        all.extend((0..shape.apis).map(|number| software.api(number)));
        all.extend((0..shape.resources).map(|number| software.resource(number)));

        let ids: HashSet<_> = all.iter().map(|entity| entity.id.clone()).collect();
        assert_eq!(ids.len(), all.len());
        for (relation, target) in all.iter().flat_map(|entity| &entity.relations) {
            assert!(
                ids.contains(target),
                "{relation} leads to {target:?}, which does not exist"
            );
        }
    }
}
