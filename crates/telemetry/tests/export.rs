//! Spans on their way to a collector that takes them, is away, or never answers.
#![expect(clippy::unwrap_used, reason = "a step that fails is a failed test")]

use std::io::{Result, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use callboard_config::Environment;
use callboard_telemetry::testing::TestCollector;
use callboard_telemetry::{TraceSettings, Traces, WithTraceId, continue_trace};
use reqwest::header::{HeaderMap, HeaderValue};
use tracing::subscriber::{DefaultGuard, set_default};
use tracing::{debug_span, info};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{fmt, registry};

const PATIENCE: Duration = Duration::from_secs(60);
/// Only spans of the program itself are told.
const OURS: &str = "callboard_test";
const CALLER: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

/// Traces of what this thread does, until the guard is dropped.
fn traces(endpoint: &str, more: &[(&str, &str)]) -> (Traces, DefaultGuard) {
    let mut pairs = vec![("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)];
    pairs.extend(more);
    let (settings, invalid) = TraceSettings::of(&Environment::from_pairs(pairs));
    assert_eq!(invalid, []);
    let traces = Traces::start(settings.unwrap().version("1.2.3")).unwrap();
    let guard = set_default(registry().with(traces.layer()));
    (traces, guard)
}

fn called_by(flags: &str) -> HeaderMap {
    let parent = format!("00-{CALLER}-00f067aa0ba902b7-{flags}");
    HeaderMap::from_iter([(
        "traceparent".parse().unwrap(),
        HeaderValue::try_from(parent).unwrap(),
    )])
}

#[test]
fn a_collector_gets_what_spans_say() {
    let collector = TestCollector::start();
    let headers = ("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20hush");
    let (traces, _guard) = traces(&collector.endpoint(), &[headers]);

    debug_span!(target: OURS, "outer", entities = 7).in_scope(|| {
        debug_span!(target: OURS, "inner", otel.status_code = "ERROR").in_scope(|| {});
    });
    let counts = traces.counts().clone();
    traces.end(PATIENCE);

    let spans = collector.spans();
    let named = |name: &str| spans.iter().find(|span| span.name == name).unwrap();
    let (outer, inner) = (named("outer"), named("inner"));
    assert_eq!(outer.attributes["entities"], "7");
    assert_eq!(inner.trace_id, outer.trace_id);
    assert_eq!(inner.parent_span_id, outer.span_id);
    assert!(inner.is_error && !outer.is_error);
    assert_eq!(outer.resource["service.name"], "callboard");
    assert_eq!(outer.resource["service.version"], "1.2.3");
    assert_eq!(outer.headers["authorization"], "Bearer hush");
    assert_eq!(
        (counts.sent(), counts.failed(), counts.dropped()),
        (2, 0, 0)
    );
}

#[test]
fn spans_are_sent_while_the_program_goes_on() {
    let collector = TestCollector::start();
    let soon = ("OTEL_BSP_SCHEDULE_DELAY", "1");
    let (_traces, _guard) = traces(&collector.endpoint(), &[soon]);

    debug_span!(target: OURS, "work").in_scope(|| {});

    collector.wait_for(|spans| spans.len() == 1);
}

#[test]
fn a_trace_that_a_caller_began_goes_on() {
    let collector = TestCollector::start();
    let (traces, _guard) = traces(&collector.endpoint(), &[]);

    let request = |name, flags| {
        let span = debug_span!(target: OURS, "request", otel.name = name);
        continue_trace(&span, &called_by(flags));
        span.in_scope(|| {});
    };
    request("kept", "01");
    request("left out by the caller", "00");
    request("malformed", "hello");
    traces.end(PATIENCE);

    let spans = collector.spans();
    let names: Vec<&str> = spans.iter().map(|span| span.name.as_str()).collect();
    assert_eq!(names, ["kept", "malformed"]);
    assert_eq!(spans[0].trace_id, CALLER);
    assert_eq!(spans[0].parent_span_id, "00f067aa0ba902b7");
    assert_ne!(spans[1].trace_id, CALLER);
}

#[test]
fn a_collector_that_is_away_costs_spans_and_nothing_else() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr();
    let (traces, _guard) = traces(&format!("http://{}", free.unwrap()), &[]);

    for _ in 0..10 {
        debug_span!(target: OURS, "work").in_scope(|| {});
    }
    let counts = traces.counts().clone();
    traces.end(PATIENCE);

    assert_eq!(
        (counts.sent(), counts.failed(), counts.dropped()),
        (0, 10, 0)
    );
}

#[test]
fn a_collector_that_never_answers_holds_nothing_up() {
    // Connections are taken by the system, and nobody ever reads from them.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", silent.local_addr().unwrap());
    let small = [
        ("OTEL_BSP_MAX_QUEUE_SIZE", "5"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "3600000"),
    ];
    let (traces, _guard) = traces(&endpoint, &small);
    let started = Instant::now();

    for _ in 0..100 {
        debug_span!(target: OURS, "work").in_scope(|| {});
    }
    let counts = traces.counts().clone();
    traces.end(Duration::from_millis(10));

    // At most one batch is on its way, and as many spans wait.
    assert!(counts.dropped() >= 90, "{}", counts.dropped());
    assert!(started.elapsed() < PATIENCE);
}

#[test]
fn lines_of_the_log_say_which_trace_they_belong_to() {
    let collector = TestCollector::start();
    let (traces, guard) = traces(&collector.endpoint(), &[]);
    drop(guard);
    let written = Lines::default();
    let lines = written.clone();
    let log = fmt::layer()
        .json()
        .map_event_format(WithTraceId)
        .with_writer(move || lines.clone());
    let _guard = set_default(registry().with(traces.layer()).with(log));

    info!(target: OURS, "outside");
    debug_span!(target: OURS, "work").in_scope(|| info!(target: OURS, "inside"));
    traces.end(PATIENCE);

    let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let span = &collector.spans()[0];
    let ids = format!(
        r#","trace_id":"{}","span_id":"{}"}}"#,
        span.trace_id, span.span_id
    );
    assert!(!lines[0].contains("trace_id"), "{text}");
    assert!(
        lines[1].starts_with('{') && lines[1].ends_with(&ids),
        "{text}"
    );
}

/// A log in memory.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}
