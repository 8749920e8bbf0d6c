//! Of several processes on one database, one runs a provider.
//!
//! What is said here is about PostgreSQL: an SQLite database belongs to one process.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use callboard_db::Dialect;
use callboard_db::testing::TestDatabase;
use callboard_feature::{Feature, Features};
use callboard_model::{Clock, Ids, Result};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::feature::{feature, pipeline};
use crate::provider::{EntityProvider, Mutation, ProviderConnection};
use crate::{Catalog, Foundations};

/// Shorter than others wait for a process that dies: who ends properly is followed sooner.
const PATIENCE: Duration = Duration::from_secs(10);
const PROCESSES: usize = 3;

/// What a provider does in the process of that number.
#[derive(Debug, PartialEq, Eq)]
enum Event {
    HandedOver(usize),
    Ended(usize),
}

/// Hands over everything it has, which is nothing, and tells of it.
struct Told(usize, UnboundedSender<Event>);

#[async_trait]
impl EntityProvider for Told {
    fn name(&self) -> &'static str {
        "told"
    }

    async fn run(&self, connection: ProviderConnection, stop: CancellationToken) -> Result<()> {
        connection.apply(Mutation::Full(Vec::new())).await?;
        self.1.send(Event::HandedOver(self.0)).unwrap();
        stop.cancelled().await;
        self.1.send(Event::Ended(self.0)).unwrap();
        Ok(())
    }
}

/// A process whose jobs can be started.
async fn process(test: &TestDatabase, provider: Told) -> Feature {
    let foundations = Foundations {
        database: test.open().await,
        clock: Clock::manual(0),
        ids: Ids::random(),
        working_directory: ".".into(),
        source: Default::default(),
    };
    let config = serde_json::from_value(serde_json::json!({})).unwrap();
    let catalog = Catalog::open(foundations, config).await.unwrap();
    let provider: Arc<dyn EntityProvider> = Arc::new(provider);
    let own = Feature::new("told").contribute(provider);
    let mut features = Features::collect([feature(&catalog), own]);
    pipeline(&catalog, &mut features).unwrap()
}

async fn next(events: &mut UnboundedReceiver<Event>) -> Event {
    let event = timeout(PATIENCE, events.recv()).await;
    event.expect("it is somebody's turn").unwrap()
}

#[tokio::test]
async fn of_processes_that_start_together_one_runs_a_provider_and_another_when_that_ends() {
    let test = TestDatabase::new().await;
    if test.open().await.dialect() == Dialect::Sqlite {
        return;
    }
    let (sender, mut events) = unbounded_channel();
    let mut processes = Vec::new();
    for number in 0..PROCESSES {
        processes.push(process(&test, Told(number, sender.clone())).await);
    }
    let (mut jobs, mut stops) = (JoinSet::new(), Vec::new());
    for parts in Features::collect(processes).into_parts() {
        let stop = CancellationToken::new();
        for job in parts.jobs {
            jobs.spawn(job.run(stop.clone()));
        }
        stops.push(stop);
    }
    let mut turns = Vec::new();
    for _ in 0..PROCESSES {
        let Event::HandedOver(number) = next(&mut events).await else {
            panic!("one ended that never began");
        };
        stops[number].cancel();
        assert_eq!(next(&mut events).await, Event::Ended(number));
        turns.push(number);
    }
    for ended in jobs.join_all().await {
        ended.unwrap();
    }
    assert!(events.is_empty(), "{:?}", events.recv().await);
    turns.sort_unstable();
    assert_eq!(turns, [0, 1, 2]);
}
