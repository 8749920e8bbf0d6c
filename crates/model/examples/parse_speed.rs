//! How many entities one core parses, validates and relates in a second.
//!
//! `cargo run --release --example parse_speed -p callboard-model [ENTITIES]`

use std::time::Instant;

use callboard_model::kinds::Kinds;
use callboard_model::{parse, validate, yaml};

/// The allocator of the product, so that the figures are the product's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const RUNS: usize = 5;

fn main() {
    let count = std::env::args()
        .nth(1)
        .and_then(|text| text.parse().ok())
        .unwrap_or(25_000);
    let text = catalog(count);
    let kinds = Kinds::built_in();
    let options = yaml::Options {
        max_bytes: text.len(),
        max_nodes: usize::MAX,
        ..yaml::Options::default()
    };

    let stream = best(|| yaml::parse(&text, &options));
    report(
        "YAML to values with their places",
        count,
        text.len(),
        stream.0,
    );

    let parsed = best(|| parse::entities(text.as_bytes(), kinds, &options));
    assert_eq!(
        parsed.1.entities.len(),
        count,
        "{:?}",
        parsed.1.problems.first()
    );
    assert!(
        parsed
            .1
            .entities
            .iter()
            .all(|entity| entity.problems.is_empty())
    );
    report(
        "parse::entities (YAML, envelope, kind, relations)",
        count,
        text.len(),
        parsed.0,
    );

    let entities = parsed.1.entities;
    let checked = best(|| {
        entities
            .iter()
            .map(|parsed| validate::envelope(&parsed.entity).len())
            .sum::<usize>()
    });
    report("validate::envelope", count, text.len(), checked.0);
    let checked = best(|| {
        entities
            .iter()
            .map(|parsed| kinds.validate(&parsed.entity).len())
            .sum::<usize>()
    });
    report("Kinds::validate", count, text.len(), checked.0);
    let related = best(|| {
        entities
            .iter()
            .map(|parsed| kinds.relations(&parsed.entity).0.len())
            .sum::<usize>()
    });
    report(
        &format!("Kinds::relations ({} of them)", related.1),
        count,
        text.len(),
        related.0,
    );
}

/// The shortest of a few runs, and its result.
fn best<T>(run: impl Fn() -> T) -> (f64, T) {
    let mut best = None;
    for _ in 0..RUNS {
        let start = (Instant::now(), processor_seconds());
        let result = run();
        let seconds = match (start.1, processor_seconds()) {
            (Some(before), Some(after)) => after - before,
            _ => start.0.elapsed().as_secs_f64(),
        };
        if best
            .as_ref()
            .is_none_or(|(shortest, _)| seconds < *shortest)
        {
            best = Some((seconds, result));
        }
    }
    best.expect("there is at least one run")
}

/// The time that this thread has had a processor, where the system tells it: unlike the clock on the
/// wall it stays the same on a busy machine.
fn processor_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: u64 = text.split(' ').next()?.parse().ok()?;
    Some(nanoseconds as f64 / 1e9)
}

fn report(what: &str, count: usize, bytes: usize, seconds: f64) {
    let (entities, megabytes) = (count as f64 / seconds, bytes as f64 / 1e6 / seconds);
    println!(
        "{what:<52} {:>7.1} ms {entities:>10.0} entities/s {megabytes:>7.1} MB/s",
        seconds * 1e3
    );
}

/// Components that look like those of a real company, about a kilobyte each.
fn catalog(count: usize) -> String {
    (0..count).map(component).collect()
}

fn component(number: usize) -> String {
    let (team, system, next) = (number % 400, number % 900, number + 1);
    format!(
        "---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: service-{number}
  title: Service {number}
  description: Keeps the orders of shop {number} and tells others when one of them changes.
  labels:
    example.com/tier: \"{tier}\"
    region: eu-west-1
  annotations:
    backstage.io/source-location: url:https://git.example.com/shop/service-{number}/
    backstage.io/techdocs-ref: dir:.
    github.com/project-slug: shop/service-{number}
    example.com/runbook: https://docs.example.com/runbooks/service-{number}
  tags: [java, spring-boot, orders]
  links:
    - url: https://grafana.example.com/d/service-{number}
      title: Dashboard
      icon: dashboard
    - url: https://logs.example.com/service-{number}
      title: Logs
spec:
  type: service
  lifecycle: production
  owner: group:team-{team}
  system: system-{system}
  providesApis:
    - api-{number}
  consumesApis:
    - api-{next}
    - shared/api-common
  dependsOn:
    - resource:database-{number}
    - component:service-{next}
",
        tier = number % 3 + 1,
    )
}
