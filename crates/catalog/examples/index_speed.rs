//! Measures the index alone: `cargo run --release -p callboard-catalog --example index_speed [entities | file]`.
//!
//! Prints the time to load, the memory, and what each question takes in one thread: the median and the 99th
//! percentile. A file has one final entity as JSON on each line; without one they are made up.
#![expect(
    dead_code,
    unused_imports,
    unreachable_pub,
    reason = "compiles the crate's private modules into a program, and asks only some questions"
)]

#[path = "../src/hash.rs"]
mod hash;
#[path = "../src/index/mod.rs"]
mod index;
#[path = "index_speed/narrowed.rs"]
mod narrowed;
#[path = "../src/permissions/mod.rs"]
mod permissions;
#[path = "../src/query/mod.rs"]
mod query;

use std::hint::black_box;
use std::io::{BufRead, BufReader};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use callboard_auth::{AllowAll, Gate};
use callboard_model::EntityRef;
use serde_json::{Value, json};
use uuid::Uuid;

use index::{Change, SharedIndex};
use query::{
    Cursor, FacetCache, FacetCounts, Fields, Filter, FullText, Listing, OrderField, Readable, Slice,
};

const TEAMS: usize = 400;

/// Entities in one page of the feed.
const PAGE: usize = 2_000;

fn main() {
    let asked = std::env::args().nth(1).unwrap_or("25000".to_owned());
    let lines = std::fs::File::open(&asked).map(|file| BufReader::new(file).lines());
    let index = Arc::new(SharedIndex::default());
    let before = resident();
    let mut loading = Loading::default();
    match lines {
        Ok(lines) => {
            let changes = lines.map(|line| from_line(&line.expect("the file can be read")));
            loading.load(&index, changes);
        }
        Err(_) => {
            let count = asked.parse().expect("a number or a file is expected");
            loading.load(&index, (0..count).map(change));
        }
    }
    let count = loading.count;
    println!(
        "{count} entities, {} bytes of JSON each",
        loading.bytes / count
    );
    println!(
        "load: {:.0} ms, {} ms of work on all cores",
        millis(loading.time),
        loading.work
    );
    println!(
        "memory with the JSON{:>34} MB, {} bytes an entity",
        (resident() - before) / 1_000_000,
        (resident() - before) / count
    );
    println!("{:<44}{:>13}{:>13}", "", "p50", "p99");
    let mut number = 0;
    measure("change one entity", || {
        number += 7;
        let mut change = loading.sample[number % loading.sample.len()].clone();
        let json = change.json.take().unwrap_or_default();
        let text = String::from_utf8_lossy(&json).replacen("tier", &format!("tier{number}"), 1);
        change.json = Some(Bytes::from(text));
        index.apply(vec![change], 2);
        number
    });
    questions(&index, &loading.sample);
    narrowed::measure(&index);
}

/// What loading took.
#[derive(Default)]
struct Loading {
    count: usize,
    bytes: usize,
    time: Duration,
    work: u64,
    /// Some of the entities.
    sample: Vec<Change>,
}

impl Loading {
    fn load(&mut self, index: &SharedIndex, mut changes: impl Iterator<Item = Change>) {
        loop {
            let page: Vec<Change> = changes.by_ref().take(PAGE).collect();
            if page.is_empty() {
                return;
            }
            self.count += page.len();
            let json = page.iter().filter_map(|change| change.json.as_ref());
            self.bytes += json.map(Bytes::len).sum::<usize>();
            if self.sample.len() < 2_000 {
                self.sample.extend(page.iter().step_by(20).cloned());
            }
            let (start, idle) = (Instant::now(), worked());
            index.apply(page, 1);
            self.time += start.elapsed();
            self.work += worked() - idle;
        }
    }
}

fn from_line(line: &str) -> Change {
    let entity: Value = serde_json::from_str(line).expect("lines are JSON");
    let text = |value: &Value| value.as_str().unwrap_or("default").to_owned();
    let metadata = &entity["metadata"];
    let entity_ref = EntityRef::new(
        &text(&entity["kind"]),
        &text(&metadata["namespace"]),
        &text(&metadata["name"]),
    );
    Change {
        entity_ref: entity_ref.expect("the reference is right"),
        uid: text(&metadata["uid"]).parse().expect("the uid is right"),
        json: Some(Bytes::copy_from_slice(line.as_bytes())),
    }
}

/// How many facets come back; some are counted beside other work.
fn counted(
    runtime: &tokio::runtime::Runtime,
    counting: impl Future<Output = callboard_model::Result<Arc<Vec<FacetCounts>>>>,
) -> usize {
    runtime.block_on(counting).map_or(0, |counts| counts.len())
}

fn questions(index: &Arc<SharedIndex>, sample: &[Change]) {
    let scope = Gate::new(AllowAll).guest().scope();
    let readable = Readable::new(index, &scope).expect("there are no conditions");
    let list = |name: &str, filter: &str, order: &str, term: &str, fields: &str| {
        let listing = listing(filter, order, term, fields);
        measure(name, || {
            let page = readable.page(&listing).expect("the listing is right");
            unpacked(page.items.flatten())
        });
        let mut next = listing.clone();
        for _ in 0..20 {
            let page = readable.page(&next).expect("the listing is right");
            let Some(cursor) = page.next else { return };
            next.cursor = cursor;
        }
        measure("  its page 20", || {
            let page = readable.page(&next).expect("the cursor is right");
            unpacked(page.items.flatten())
        });
    };
    list(
        "kind + type",
        "kind=component,spec.type=service",
        "",
        "",
        "",
    );
    list(
        "kind + type, by name",
        "kind=component,spec.type=service",
        "metadata.name",
        "",
        "",
    );
    list("everything", "", "", "", "");
    list(
        "kind=user, by name descending",
        "kind=user",
        "metadata.name,desc",
        "",
        "",
    );
    list(
        "kind=component, by lifecycle",
        "kind=component",
        "spec.lifecycle",
        "",
        "",
    );
    list(
        "one owner, by name",
        "relations.ownedby=group:default/team-7",
        "metadata.name",
        "",
        "",
    );
    list(
        "a rare tag, by title",
        "metadata.tags=tag-3",
        "metadata.title",
        "",
        "",
    );
    list(
        "kind + type + text, by name",
        "kind=component,spec.type=service",
        "metadata.name",
        "vice-12",
        "metadata.name,metadata.title",
    );
    list(
        "text of one letter",
        "kind=component",
        "metadata.name",
        "a",
        "metadata.name",
    );
    list(
        "text that nobody has",
        "kind=component",
        "metadata.name",
        "qqq",
        "metadata.name",
    );

    let names = [
        "kind",
        "spec.type",
        "metadata.tags",
        "relations.ownedBy",
        "spec.lifecycle",
    ]
    .map(str::to_owned);
    let kind = Filter::parse(["kind=component"]).expect("the filter is right");

    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    let facets = |name: &str, names: &[String], filter: Option<&Filter>| {
        measure(name, || {
            counted(
                &runtime,
                readable.facets(
                    names.to_vec(),
                    filter.map(Filter::expression),
                    &Arc::default(),
                ),
            )
        });
    };
    facets("5 facets", &names, None);
    facets("5 facets of components", &names, kind.as_ref());
    facets(
        "facet of names",
        &["metadata.name".to_owned()],
        kind.as_ref(),
    );
    let cache = Arc::<FacetCache>::default();
    measure("5 facets of components, asked before", || {
        counted(
            &runtime,
            readable.facets(
                names.to_vec(),
                kind.as_ref().map(Filter::expression),
                &cache,
            ),
        )
    });

    let refs: Vec<String> = (0..100)
        .map(|number| sample[number * 31 % sample.len()].entity_ref.to_string())
        .collect();
    let mut number = 0;
    measure("5 facets, something else changes each time", || {
        number += 1;
        let mut change = sample[number % sample.len()].clone();
        let json = change.json.take().unwrap_or_default();
        let text = String::from_utf8_lossy(&json).replacen(
            "description\":\"",
            &format!("description\":\"{number} "),
            1,
        );
        change.json = Some(Bytes::from(text));
        index.apply(vec![change], 2);
        counted(&runtime, readable.facets(names.to_vec(), None, &cache))
    });

    measure("100 references", || {
        let found = readable.by_refs(&refs, None).expect("nothing is asked");
        unpacked(found.flatten())
    });
    measure("one name", || {
        readable.by_ref(&refs[50]).map_or(0, |json| json.len())
    });
    measure("the plain list", || {
        let part = readable.slice(&Slice::default());
        part.map_or(0, |(listed, _)| listed.len())
    });
    let fields = Fields::parse(["metadata.name,metadata.annotations,kind"])
        .ok()
        .flatten()
        .expect("fields are right");
    let part = readable.slice(&Slice {
        limit: Some(20),
        ..Slice::default()
    });
    let (mut listed, _) = part.expect("the slice is right");
    let items = listed.fetch(index, 20);
    measure("fields of 20 entities", || {
        let mut body = Vec::new();
        for item in &items {
            fields.append(item, &mut body).expect("entities are JSON");
        }
        body.len()
    });
}

fn listing(filter: &str, order: &str, term: &str, fields: &str) -> Listing {
    let text = FullText {
        term: term.to_owned(),
        fields: (!fields.is_empty()).then(|| fields.split(',').map(str::to_owned).collect()),
    };
    let order = (!order.is_empty())
        .then(|| OrderField::parse_order_field(order).expect("the order is right"));
    let cursor = Cursor {
        filter: Filter::parse([filter]).expect("the filter is right"),
        order_fields: order.into_iter().collect(),
        full_text_filter: Some(text),
        ..Cursor::default()
    };
    Listing {
        cursor,
        limit: 20,
        offset: 0,
        count: true,
    }
}

/// Prints the median and the 99th percentile.
fn measure(name: &str, mut ask: impl FnMut() -> usize) {
    let start = Instant::now();
    let mut rounds = Vec::new();
    while rounds.len() < 25 || start.elapsed() < Duration::from_millis(150) {
        let round = Instant::now();
        black_box(ask());
        rounds.push(round.elapsed());
    }
    rounds.sort();
    let micros = |place: usize| millis(rounds[place]) * 1_000.0;
    println!(
        "{name:<44}{:>10.1} µs{:>10.1} µs",
        micros(rounds.len() / 2),
        micros(rounds.len() * 99 / 100)
    );
}

/// Milliseconds of work on all cores so far, as Linux counts them; 0 elsewhere.
fn worked() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.split(' ').skip(13).take(2);
    fields
        .filter_map(|ticks| ticks.parse::<u64>().ok())
        .sum::<u64>()
        * 10
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// Bytes of the entities' JSON.
fn unpacked(entities: impl IntoIterator<Item = Bytes>) -> usize {
    entities.into_iter().map(|json| json.len()).sum()
}

/// Bytes of memory in use, as Linux counts them; 0 elsewhere.
fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    pages
        .split(' ')
        .nth(1)
        .and_then(|pages| pages.parse::<usize>().ok())
        .unwrap_or(0)
        * 4_096
}

fn kind(number: usize) -> &'static str {
    match number % 25 {
        0..14 => "Component",
        14..18 => "API",
        18..21 => "Resource",
        21..23 => "User",
        23 => "Group",
        _ => "System",
    }
}

fn entity_ref(number: usize) -> String {
    format!("{}:default/{}", kind(number).to_lowercase(), name(number))
}

fn name(number: usize) -> String {
    const WORDS: [&str; 8] = [
        "payment", "basket", "search", "invoice", "device", "service", "ledger", "catalog",
    ];
    let mixed = number.wrapping_mul(2_654_435_761) % 1_000_003;
    format!("{}-{}-{mixed}", WORDS[mixed % 8], WORDS[mixed / 8 % 8])
}

fn change(number: usize) -> Change {
    let uid =
        Uuid::from_u128((number as u128).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835));
    Change {
        entity_ref: entity_ref(number).parse().expect("the reference is right"),
        uid,
        json: Some(Bytes::from(entity(number, uid).to_string())),
    }
}

fn entity(number: usize, uid: Uuid) -> Value {
    let (name, team) = (name(number), number * 7 % TEAMS);
    let pick = |choices: &[&'static str]| choices[number / 25 % choices.len()];
    let source =
        format!("url:https://git.example.com/team-{team}/{name}/tree/main/catalog-info.yaml");
    let others: Vec<String> = (1..4).map(|step| entity_ref(number + step * 25)).collect();
    let mut relations = vec![
        json!({ "type": "ownedBy", "targetRef": format!("group:default/team-{team}") }),
        json!({ "type": "partOf", "targetRef": format!("system:default/system-{}", team / 3) }),
    ];
    relations.extend(
        others
            .iter()
            .map(|other| json!({ "type": "dependsOn", "targetRef": other })),
    );
    json!({
        "apiVersion": "backstage.io/v1alpha1",
        "kind": kind(number),
        "metadata": {
            "name": name, "namespace": "default", "title": format!("The {name}"), "uid": uid,
            "etag": format!("{number:040x}"),
            "description": format!("What {name} does in a sentence or two, long enough to be real, and not always short."),
            "labels": { "tier": pick(&["one", "two", "three"]), "example.com/cost": format!("c{}", team % 50) },
            "annotations": {
                "backstage.io/managed-by-location": source, "backstage.io/managed-by-origin-location": source,
                "backstage.io/view-url": source, "backstage.io/edit-url": source,
                "backstage.io/source-location": source, "example.com/project": format!("team-{team}/{name}"),
            },
            "tags": [pick(&["java", "go", "rust", "python"]), format!("tag-{}", number % 97)],
            "links": [{ "url": format!("https://wiki.example.com/{name}"), "title": "Wiki" }],
        },
        "spec": {
            "type": pick(&["service", "website", "library", "tool"]),
            "lifecycle": pick(&["production", "production", "experimental", "deprecated"]),
            "owner": format!("team-{team}"), "system": format!("system-{}", team / 3), "dependsOn": others,
        },
        "relations": relations,
    })
}
