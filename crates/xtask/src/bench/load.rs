//! A load generator: a few connections, each asking again as soon as it has its answer.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use hdrhistogram::Histogram;

use super::report::Times;
use crate::http::Connection;

/// How many connections ask at once.
const CONNECTIONS: usize = 8;
/// How long to ask before anything is counted.
const WARM_UP: Duration = Duration::from_millis(500);

/// What the load generator saw.
pub(super) struct Seen {
    /// Answers a second, over all connections.
    pub(super) rate: f64,
    pub(super) times: Times,
    /// The size of an answer, on average.
    pub(super) bytes: usize,
}

/// A request with the answer that it must have.
struct Question {
    request: Vec<u8>,
    answer: Vec<u8>,
}

/// Asks `requests` in turn over and over. Every answer must be the first one to that request, byte for byte.
pub(super) fn run(address: SocketAddr, requests: &[Vec<u8>], time: Duration) -> Result<Seen> {
    over(CONNECTIONS, address, requests, time)
}

/// The same over one connection, so that nothing waits for anything else.
pub(super) fn alone(address: SocketAddr, requests: &[Vec<u8>], time: Duration) -> Result<Seen> {
    over(1, address, requests, time)
}

fn over(
    connections: usize,
    address: SocketAddr,
    requests: &[Vec<u8>],
    time: Duration,
) -> Result<Seen> {
    let questions = ask_once(address, requests)?;
    let start = Instant::now() + WARM_UP;
    let histograms = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..connections)
            .map(|number| {
                let questions = &questions;
                // Each connection begins at another place.
                let skipped = number * questions.len() / connections;
                scope.spawn(move || one(address, questions, skipped, start, start + time))
            })
            .collect();
        let joined = threads
            .into_iter()
            .map(|thread| thread.join().ok().context("a thread panicked")?);
        joined.collect::<Result<Vec<_>>>()
    });
    let mut all = histogram()?;
    for one in histograms.with_context(|| format!("while {} was repeated", first_line(requests)))? {
        all.add(one)?;
    }
    let milliseconds = |quantile| all.value_at_quantile(quantile) as f64 / 1e6;
    Ok(Seen {
        rate: all.len() as f64 / time.as_secs_f64(),
        times: Times {
            p50: milliseconds(0.5),
            p99: milliseconds(0.99),
        },
        bytes: questions
            .iter()
            .map(|question| question.answer.len())
            .sum::<usize>()
            / questions.len().max(1),
    })
}

fn ask_once(address: SocketAddr, requests: &[Vec<u8>]) -> Result<Vec<Question>> {
    let mut connection = Connection::open(address)?;
    let ask = |request: &Vec<u8>| {
        let answer = connection.ask(request)?;
        ensure!(
            answer.status == 200,
            "{} was answered with {}",
            first_line(std::slice::from_ref(request)),
            answer.status
        );
        Ok(Question {
            request: request.clone(),
            answer: answer.body.to_vec(),
        })
    };
    requests.iter().map(ask).collect()
}

fn first_line(requests: &[Vec<u8>]) -> String {
    let text = requests
        .first()
        .map(|request| String::from_utf8_lossy(request));
    let line = text.as_deref().and_then(|text| text.lines().next());
    line.unwrap_or_default().to_owned()
}

/// One connection's answer times in nanoseconds, of the answers that came between `from` and `to`.
fn one(
    address: SocketAddr,
    questions: &[Question],
    skipped: usize,
    from: Instant,
    to: Instant,
) -> Result<Histogram<u64>> {
    let mut connection = Connection::open(address)?;
    let mut times = histogram()?;
    let mut asked = Instant::now();
    for question in questions.iter().cycle().skip(skipped) {
        if asked >= to {
            break;
        }
        let answer = connection.ask(&question.request)?;
        ensure!(
            answer.status == 200,
            "an answer had the status {}",
            answer.status
        );
        ensure!(
            answer.body == question.answer,
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
