//! The pictures in the README: pages of the example catalog, light and dark.

use anyhow::{Context, Result};

use crate::portal::{self, Setup, Storage};
use crate::program::Program;
use crate::test::needs;

/// The pictures, from the repository's root.
const PICTURES: &str = "docs/images";
/// What the example catalog has when it is complete.
const LOADED: &str = "/api/catalog/entities/by-query?limit=0&filter=kind=template";

/// Take the pictures of the README anew, from the example catalog
#[derive(clap::Args)]
pub(crate) struct Screenshots {}

impl Screenshots {
    /// Runs the command.
    pub(crate) fn run(self) -> Result<()> {
        needs::program("chromium", "chromium")?;
        needs::npm_packages("ui")?;
        needs::npm_packages("e2e")?;
        Program::new("npm run --silent build").inside("ui").must()?;
        Program::new("cargo build --package callboard --locked --quiet").must()?;

        // The entity page shows where its file is, so that is a path which could be anybody's.
        let folder = std::env::temp_dir().join("callboard");
        std::fs::create_dir(&folder)
            .with_context(|| format!("{} must not exist: move it away", folder.display()))?;
        let copy = Program::new("cp -R app-config.yaml examples");
        copy.with(folder.display().to_string()).must()?;
        let setup = Setup {
            binary: portal::dev_binary()?,
            config: Some(folder.join("app-config.yaml")),
            folder: folder.clone(),
            database: Storage::Sqlite,
        };
        let mut portal = setup.start()?;
        portal.wait_for("/.backstage/health/v1/readiness", |_| true)?;
        portal.wait_for(LOADED, |body| {
            !String::from_utf8_lossy(body).contains("\"totalItems\":0")
        })?;
        let pictures = crate::root().join(PICTURES).display().to_string();
        let address = format!("http://{}", portal.address);
        let taken = Program::new("node screenshots.js")
            .with(address)
            .with(pictures)
            .inside("e2e")
            .must();
        portal.stop()?;
        std::fs::remove_dir_all(folder)?;
        print!("{}", taken?);
        Ok(())
    }
}
