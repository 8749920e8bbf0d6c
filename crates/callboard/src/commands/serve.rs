//! Starts the portal.

use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;

use annotate_snippets::Level;
use callboard_accounts::FirstInvitation;
use callboard_auth::Strangers;
use callboard_config::{Config, Registry, Watch};
use callboard_model::{Clock, Ids};
use callboard_telemetry::SpanCounts;
use clap::Args;
use tokio_util::sync::CancellationToken;

use super::{print, runtime, working_directory};
use crate::cli::Global;
use crate::failure::print_diagnostic;
use crate::server;
use crate::settings::{AppSettings, BackendSettings};
use crate::{Access, Failure, Foundations, Portal, VERSION, features};

#[derive(Debug, Args)]
pub(crate) struct Flags {
    /// Let everybody who can reach this machine read everything: no sign-in is configured.
    #[arg(long)]
    allow_unauthenticated_network_access: bool,
}

pub(crate) fn run(
    global: &Global,
    flags: &Flags,
    spans: Option<SpanCounts>,
) -> Result<ExitCode, Failure> {
    let config = global.load()?;
    for warning in Registry::new(features::sections()).check(&config).warnings {
        print_diagnostic(&warning, Level::WARNING);
    }
    let access = access(&config, flags)?;
    let runtime = runtime()?;
    let ended = runtime.block_on(serve(&config, global.watch(&config), access, spans));
    // A blocking read that hangs must not keep the process alive.
    runtime.shutdown_background();
    ended.map(|()| ExitCode::SUCCESS)
}

/// A portal where everybody has to sign in may stand on a network.
fn access(config: &Config, flags: &Flags) -> Result<Access, Failure> {
    let is_guarded = features::strangers(config)? == Strangers::HaveToSignIn;
    Ok(
        if is_guarded || flags.allow_unauthenticated_network_access {
            Access::Network
        } else {
            Access::ThisMachine
        },
    )
}

async fn serve(
    config: &Config,
    watch: Watch,
    access: Access,
    spans: Option<SpanCounts>,
) -> Result<(), Failure> {
    let app: AppSettings = config.read("app")?;
    let backend: BackendSettings = config.read("backend")?;
    let working_directory = working_directory()?;
    // From here on a signal ends the program in order, even while it starts.
    let stop = CancellationToken::new();
    let _signals = server::cancel_at_signal(stop.clone())?;
    // First the port, then the database: of two portals in one folder the second touches nothing.
    let listener = server::bind(&backend.listen, access).await?;
    let address = server::address_of(&listener)?;
    let database = backend.database.open(&working_directory).await?;
    let foundations = Foundations {
        database: database.clone(),
        clock: Clock::system(),
        ids: Ids::random(),
        working_directory: working_directory.clone(),
        access,
        spans,
    };
    let opened = stop
        .run_until_cancelled(Portal::open_watched(config, foundations, Some(watch)))
        .await;
    let outcome = match opened {
        None => Ok(()),
        Some(Err(failure)) => Err(failure),
        Some(Ok(portal)) => {
            let greeted = greet(&app, address, config, &working_directory)
                .and_then(|()| invite(portal.first_invitation()));
            server::run(listener, portal, &stop).await;
            greeted.map_err(Failure::from)
        }
    };
    database.close().await;
    outcome
}

/// Tells whoever started the portal how the first administrator comes in. On the standard output and nowhere else: a log
/// is read by many.
fn invite(invitation: Option<&FirstInvitation>) -> callboard_model::Result<()> {
    match invitation {
        None => Ok(()),
        Some(link) => print(&format!(
            "There is no account yet. The first administrator sets a password at:\n\n  {link}\n\n"
        )),
    }
}

/// Says where the portal is and what to do next; a log that is read by programs gets one line.
fn greet(
    app: &AppSettings,
    address: SocketAddr,
    config: &Config,
    folder: &Path,
) -> callboard_model::Result<()> {
    let url = format!("{}{}", server::url_of(address), app.base_path());
    if !std::io::stdout().is_terminal() {
        return print(&format!("Callboard {VERSION} listens on {url}\n"));
    }
    let next = if config.has("catalog.locations") {
        "Open it in a browser. Save an entity file, and the page shows it.".to_owned()
    } else {
        let file = folder.join("app-config.yaml");
        format!(
            "The catalog is empty: name your files under `catalog.locations` in {}",
            file.display()
        )
    };
    let name = match app.title.as_str() {
        "Callboard" => format!("\x1b[1mCallboard\x1b[0m {VERSION}"),
        title => format!("\x1b[1m{title}\x1b[0m on Callboard {VERSION}"),
    };
    print(&format!(
        "\n  {name}\n\n  \x1b[1;36m{url}\x1b[0m\n\n  {next}\n  Ctrl+C stops it.\n\n"
    ))
}
