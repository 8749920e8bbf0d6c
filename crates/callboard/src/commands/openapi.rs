//! Prints the description of the API.

use std::process::ExitCode;

use callboard_config::{Config, Environment, Sources};
use callboard_db::Database;
use callboard_model::{Clock, Ids};

use super::{print, runtime};
use crate::{Access, Failure, Foundations, Portal};

/// What has operations of its own and is there only when somebody wants it.
const EVERYTHING: &str =
    "auth: { local: { enabled: true }, clientIdMetadataDocuments: { enabled: true } }";

/// Assembles a portal on an empty database in memory, which has every operation that any other can have.
pub(crate) fn run() -> Result<ExitCode, Failure> {
    let config = Config::load(
        &Sources::text("everything", EVERYTHING),
        &Environment::default(),
    )?;
    let description = runtime()?.block_on(async {
        let foundations = Foundations {
            database: Database::open(&callboard_db::Settings::SqliteMemory).await?,
            clock: Clock::system(),
            ids: Ids::random(),
            working_directory: ".".into(),
            access: Access::ThisMachine,
            spans: None,
        };
        let portal = Portal::open(&config, foundations).await?;
        Ok::<_, Failure>(portal.description())
    })?;
    print(&format!("{description}\n"))?;
    Ok(ExitCode::SUCCESS)
}
