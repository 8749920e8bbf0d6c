//! How long a folder takes from YAML to visible, and from the database to visible, without a server.
//!
//! `cargo run --release -p callboard-catalog --example load -- FOLDER/'**/*.yaml' ENTITIES`

use std::path::PathBuf;
use std::time::Instant;

use callboard_catalog::{Catalog, CatalogConfig, Foundations, feature, pipeline};
use callboard_db::{Database, Settings};
use callboard_feature::Features;
use callboard_model::{Clock, Ids, Result};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(target), Some(entities)) = (
        arguments.next(),
        arguments.next().and_then(|count| count.parse().ok()),
    ) else {
        eprintln!("usage: load PATTERN ENTITIES");
        return Ok(());
    };
    let file = PathBuf::from("target/load.sqlite");
    for suffix in ["", "-wal", "-shm"] {
        // Absent at the first run.
        let _ = std::fs::remove_file(format!("{}{suffix}", file.display()));
    }
    let start = Instant::now();
    let catalog = run(&file, &target, entities).await?;
    println!("YAML to visible: {:?}", start.elapsed());
    drop(catalog);
    let start = Instant::now();
    open(&file, &target).await?;
    println!("database to visible: {:?}", start.elapsed());
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .filter(|line| line.starts_with("VmRSS") || line.starts_with("VmHWM"))
        .for_each(|line| println!("{line}"));
    Ok(())
}

async fn open(file: &PathBuf, target: &str) -> Result<Catalog> {
    let database = Database::open(&Settings::SqliteFile(file.clone())).await?;
    let config: CatalogConfig = serde_json::from_value(serde_json::json!({
        "locations": [{ "type": "file", "target": target }],
        "rules": [{ "allow": ["Component", "API", "Resource", "System", "Domain", "Group", "User", "Location", "Template"] }],
    }))
    .expect("the literal is a configuration");
    let working_directory = std::env::current_dir().expect("there is a working directory");
    Catalog::open(
        Foundations {
            database,
            clock: Clock::system(),
            ids: Ids::random(),
            working_directory,
        },
        config,
    )
    .await
}

async fn run(file: &PathBuf, target: &str, entities: i64) -> Result<Catalog> {
    let catalog = open(file, target).await?;
    let mut features = Features::collect([feature(&catalog)]);
    let jobs = pipeline(&catalog, &mut features)?;
    features.add(jobs);
    let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
    for job in features
        .into_parts()
        .into_iter()
        .flat_map(|parts| parts.jobs)
    {
        tasks.spawn(job.run(stop.clone()));
    }
    let mut revisions = catalog.revisions();
    // Every entity takes at least one revision.
    while *revisions.borrow_and_update() < entities {
        let _ = revisions.changed().await;
    }
    stop.cancel();
    tasks.close();
    tasks.wait().await;
    Ok(catalog)
}
