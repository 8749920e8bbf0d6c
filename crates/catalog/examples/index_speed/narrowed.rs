//! What it costs that a policy answers with conditions.

use std::future::IntoFuture;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use callboard_auth::{
    AllowAll, Conditions, Decision, Gate, PermissionInfo, PermissionPolicy, Principal,
};
use serde_json::{Value, json};

use crate::index::SharedIndex;
use crate::query::{Listing, Readable};
use crate::{listing, worked};

/// Lets everybody read what thirty groups own, and who is in the organisation.
#[derive(Debug)]
struct OwnedByThirty(Arc<Conditions>);

impl OwnedByThirty {
    fn new() -> Self {
        let claims: Vec<String> = (0..30)
            .map(|team| format!("group:default/team-{}", team * 13))
            .collect();
        let rule = |rule: &str, params: Value| json!({ "rule": rule, "resourceType": "catalog-entity", "params": params });
        let conditions = json!({ "anyOf": [
            rule("IS_ENTITY_OWNER", json!({ "claims": claims })),
            rule("IS_ENTITY_KIND", json!({ "kinds": ["user", "group"] })),
        ] });
        let conditions = Conditions::parse(&conditions).expect("the conditions are right");
        Self(Arc::new(conditions))
    }
}

impl PermissionPolicy for OwnedByThirty {
    fn decide(&self, _: &Principal, _: &PermissionInfo) -> Decision {
        Decision::Conditional(Arc::clone(&self.0))
    }
}

/// By-query without and with a policy that answers with conditions, over HTTP and from the policy's answer on, in answers
/// a second of work: other programs do not count then. The portal's layers around it cost both the same, so that they
/// would only bring the two closer together.
pub(crate) fn measure(index: &Arc<SharedIndex>) {
    println!("{:<44}{:>16}", "", "answers / s of work");
    for (name, filter, order) in [
        (
            "by-query: kind + type",
            "kind=component,spec.type=service",
            "",
        ),
        ("by-query: kind, by name", "kind=component", "metadata.name"),
        ("by-query: everything", "", ""),
    ] {
        for (turn, pages) in [("one page", 1), ("60 pages in turn", 60)] {
            let listing = listing(filter, order, "", "");
            let gates = [Gate::new(AllowAll), Gate::new(OwnedByThirty::new())];
            let mut seen = [(0, 0); 2];
            // In turn, so that both have the same neighbours on the machine.
            for _ in 0..ROUNDS {
                for (gate, (answers, work)) in gates.iter().zip(&mut seen) {
                    let (more, longer) = answered(index, gate, &listing, pages);
                    *answers += more;
                    *work += longer;
                }
            }
            let [whole, narrow] =
                seen.map(|(answers, work)| answers as f64 * 1e3 / work.max(1) as f64);
            println!("{:<44}{whole:>16.0}", format!("{name}, {turn}"));
            println!("{:<44}{narrow:>16.0}", "  of 30 groups");
            println!(
                "{:<44}{:>16.2}",
                "  of the same without a policy, wanted 0.7",
                narrow / whole
            );
        }
    }
}

/// Clients that ask at once.
const CLIENTS: usize = 8;
/// How long they ask.
const ASKED: Duration = Duration::from_millis(500);
/// How often each is asked.
const ROUNDS: usize = 6;

/// How many answers clients get to `pages` of a list in turn, and the milliseconds of work, theirs too.
fn answered(
    index: &Arc<SharedIndex>,
    gate: &Gate,
    listing: &Listing,
    pages: usize,
) -> (usize, u64) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    let (index, gate, listing) = (Arc::clone(index), gate.clone(), listing.clone());
    let place = Arc::new(AtomicUsize::new(0));
    let handler = move || {
        let mut listing = listing.clone();
        listing.offset = place.fetch_add(1, Ordering::Relaxed) % pages * 3;
        let body = page_of(&index, &gate, &listing);
        async { body }
    };
    let router = axum::Router::new().route("/", axum::routing::get(handler));
    let listener = runtime
        .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
        .expect("a port is free");
    let address = listener.local_addr().expect("it has an address");
    let serving = runtime.spawn(axum::serve(listener, router).into_future());
    let (before, ends) = (worked(), Instant::now() + ASKED);
    let answers: usize = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| scope.spawn(|| ask_until(address, ends)))
            .collect();
        let counts = clients.into_iter().map(|client| client.join());
        counts.map(|count| count.expect("a client ends")).sum()
    });
    serving.abort();
    (answers, worked() - before)
}

/// A page as it is answered, with its cursors.
fn page_of(index: &Arc<SharedIndex>, gate: &Gate, listing: &Listing) -> Vec<u8> {
    let readable = Readable::new(index, &gate.guest().scope()).expect("the rules are known");
    let page = readable.page(listing).expect("the listing is right");
    let mut body = Vec::new();
    for item in page.items.flatten() {
        body.extend_from_slice(&item);
    }
    for cursor in [page.next, page.previous].into_iter().flatten() {
        let printed = cursor.print().expect("a cursor is JSON");
        body.extend_from_slice(printed.as_bytes());
    }
    body
}

/// Asks over one connection again and again, and counts the answers.
fn ask_until(address: SocketAddr, ends: Instant) -> usize {
    let stream = TcpStream::connect(address).expect("it listens");
    stream.set_nodelay(true).expect("it is connected");
    let mut reader = BufReader::with_capacity(64 << 10, &stream);
    let (mut count, mut line, mut body) = (0, String::new(), Vec::new());
    while Instant::now() < ends {
        let ask = b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";
        (&stream).write_all(ask).expect("it takes requests");
        let mut length = 0;
        loop {
            line.clear();
            reader.read_line(&mut line).expect("it answers");
            if let Some(text) = line.strip_prefix("content-length: ") {
                length = text.trim().parse().expect("a length is a number");
            }
            if line == "\r\n" {
                break;
            }
        }
        body.resize(length, 0);
        reader.read_exact(&mut body).expect("it answers");
        count += 1;
    }
    count
}
