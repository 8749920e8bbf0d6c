//! A load generator: a few connections, each asking again as soon as it has its answer.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use hdrhistogram::Histogram;

use crate::http::{Connection, get};

/// How many connections ask at once.
const CONNECTIONS: usize = 8;
/// How long to ask before anything is counted.
const WARM_UP: Duration = Duration::from_millis(500);

/// What the load generator saw.
pub(super) struct Seen {
    /// Answers a second, over all connections.
    pub(super) rate: f64,
    /// Microseconds that half of the answers took at most.
    pub(super) median: f64,
    /// Microseconds that 99 of 100 answers took at most.
    pub(super) p99: f64,
    /// The size of an answer.
    pub(super) bytes: usize,
}

/// Asks for `path` over and over. Every answer must be that of the first request, byte for byte.
pub(super) fn run(address: SocketAddr, path: &str, time: Duration) -> Result<Seen> {
    let request = get(path);
    let expected = {
        let mut connection = Connection::open(address)?;
        let answer = connection.ask(&request)?;
        ensure!(
            answer.status == 200,
            "GET {path} answered {}",
            answer.status
        );
        answer.body.to_vec()
    };
    let start = Instant::now() + WARM_UP;
    let ask = || one(address, &request, &expected, start, start + time);
    let histograms = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(ask)).collect();
        let joined = threads
            .into_iter()
            .map(|thread| thread.join().ok().context("a thread panicked")?);
        joined.collect::<Result<Vec<_>>>()
    });
    let mut all = histogram()?;
    for one in histograms.with_context(|| format!("while GET {path} was repeated"))? {
        all.add(one)?;
    }
    Ok(Seen {
        rate: all.len() as f64 / time.as_secs_f64(),
        median: all.value_at_quantile(0.5) as f64 / 1e3,
        p99: all.value_at_quantile(0.99) as f64 / 1e3,
        bytes: expected.len(),
    })
}

/// One connection's answer times in nanoseconds, of the answers that came between `from` and `to`.
fn one(
    address: SocketAddr,
    request: &[u8],
    expected: &[u8],
    from: Instant,
    to: Instant,
) -> Result<Histogram<u64>> {
    let mut connection = Connection::open(address)?;
    let mut times = histogram()?;
    let mut asked = Instant::now();
    while asked < to {
        let answer = connection.ask(request)?;
        ensure!(
            answer.status == 200,
            "an answer had the status {}",
            answer.status
        );
        ensure!(
            answer.body == expected,
            "an answer was not that of the first request"
        );
        let answered = Instant::now();
        if answered >= from && answered <= to {
            times.saturating_record((answered - asked).as_nanos() as u64);
        }
        asked = answered;
    }
    Ok(times)
}

/// Up to a minute, with three digits.
fn histogram() -> Result<Histogram<u64>> {
    Ok(Histogram::new_with_bounds(1, 60_000_000_000, 3)?)
}
