//! After any sequence of changes the catalog is what a slow, obvious model says.
//!
//! A [`Step`](steps::Step) is one change of a provider or of a place that locations read. After each one the
//! [`Stage`](stage::Stage) works until nothing is due, and the [`Model`](model::Model) compares everything that can be
//! seen, and the tables behind it, with what follows from the inputs alone.

mod model;
mod shelves;
mod stage;
mod steps;

use proptest::prelude::*;
use tokio::runtime::Builder;

use self::model::Model;
use self::stage::Stage;
use self::steps::{Step, steps};

/// A share of what `PROPTEST_CASES` says, which is 256 when nobody says otherwise. On PostgreSQL every case makes and
/// drops a schema, and every statement is a journey.
fn cases() -> u32 {
    let share = match callboard_db::testing::postgres_server() {
        Some(_) => 64,
        None => 10,
    };
    ProptestConfig::default().cases.div_ceil(share)
}

fn play(steps: &[Step]) -> Result<(), TestCaseError> {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut stage = Stage::new().await;
        let mut model = Model::default();
        for step in steps {
            stage.play(step).await;
            model.play(step);
            let seen = stage.seen().await;
            if model.is_open(&seen) {
                break;
            }
            model.check(&seen)?;
            stage.restful().await?;
        }
        Ok(())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn the_catalog_follows_from_what_sources_say(steps in steps()) {
        play(&steps)?;
    }
}
