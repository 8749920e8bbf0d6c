//! A folder of malformed files: each gives a clear error, and what is good beside them loads.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::world::{World, component};

/// What `expected.json` says about a file.
#[derive(Deserialize)]
struct Expected {
    outcome: Outcome,
    loads: Vec<String>,
    problem: Option<String>,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    Refused,
    Partly,
    Problem,
    Accepted,
    Empty,
}

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/malformed")
}

fn expected() -> BTreeMap<String, Expected> {
    serde_json::from_slice(&fs::read(corpus().join("expected.json")).unwrap()).unwrap()
}

/// The codes of all problems that any entity shows.
async fn codes(world: &World) -> Vec<String> {
    let entities = world.entities().await;
    let items = entities
        .values()
        .filter_map(|entity| entity["status"]["items"].as_array())
        .flatten();
    items
        .map(|item| item["error"]["code"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn every_malformed_file_gives_its_error_and_hides_nothing_beside_it() {
    let expected = expected();
    assert!(expected.len() >= 60);
    let good: Vec<&String> = expected
        .iter()
        .filter(|(name, _)| name.starts_with("good-"))
        .flat_map(|(_, file)| &file.loads)
        .collect();
    assert!(good.len() >= 3);
    let mut wrong = Vec::new();
    let world = World::new().await;
    for name in expected.keys() {
        fs::copy(corpus().join(name), world.folder.path().join(name)).unwrap();
    }
    for (name, file) in expected
        .iter()
        .filter(|(name, _)| !name.starts_with("good-"))
    {
        world.read(&["good-*.yaml", name]).await;

        let mut refs = world.refs().await;
        let lost: Vec<_> = good.iter().filter(|good| !refs.contains(good)).collect();
        refs.retain(|entity| !good.contains(&entity));
        let mut loads = file.loads.clone();
        loads.sort();
        let codes = codes(&world).await;
        let is_fine = matches!(file.outcome, Outcome::Accepted | Outcome::Empty);
        let told = file
            .problem
            .as_ref()
            .is_none_or(|problem| codes.contains(problem));
        if !lost.is_empty() || refs != loads || is_fine != codes.is_empty() || !told {
            wrong.push(format!(
                "{name}: lost {lost:?}, loaded {refs:?} instead of {loads:?}, problems {codes:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn all_malformed_files_at_once_leave_the_good_ones_alone() {
    let world = World::new().await;
    let expected = expected();
    for name in expected.keys() {
        fs::copy(corpus().join(name), world.folder.path().join(name)).unwrap();
    }
    world.read(&["*.y*ml"]).await;
    let refs = world.refs().await;
    let good = expected
        .iter()
        .filter(|(name, _)| name.starts_with("good-"))
        .flat_map(|(_, file)| &file.loads);
    let lost: Vec<_> = good.filter(|good| !refs.contains(good)).collect();
    assert!(lost.is_empty(), "{lost:?}");
}

#[tokio::test]
async fn a_scalar_of_a_hundred_megabytes_is_refused_unread() {
    let world = World::new().await;
    world.write("good.yaml", &component("good", "x", ""));
    let huge = fs::File::create(world.folder.path().join("huge.yaml")).unwrap();
    // A hole in the file: nothing has to be written to the disk.
    huge.set_len(100 * 1024 * 1024).unwrap();
    world.read(&["*.yaml"]).await;
    assert_eq!(world.refs().await, ["component:default/good"]);
    let messages = world.messages("location:default/root-yaml").await;
    assert_eq!(
        messages,
        ["/huge.yaml: it is larger than 10 MiB (split it into several files)"]
    );
}
