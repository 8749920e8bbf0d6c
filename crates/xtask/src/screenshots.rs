//! The pictures in the README: pages of the example catalog, light and dark.

use anyhow::Result;

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

        let folder = tempfile::tempdir()?;
        let setup = Setup {
            binary: portal::dev_binary()?,
            folder: folder.path().to_owned(),
            config: Some(crate::root().join("app-config.yaml")),
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
        print!("{}", taken?);
        Ok(())
    }
}
