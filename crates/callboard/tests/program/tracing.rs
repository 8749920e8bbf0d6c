//! Traces of the program, as a collector gets them.

use std::net::TcpListener;

use callboard_telemetry::testing::{ReceivedSpan, TestCollector};

use crate::folder::Folder;
use crate::process::Running;

const CHECKOUT: &str = "
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: checkout }
spec: { type: service, lifecycle: production, owner: payments }
";
const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
const CALLER: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

fn named<'a>(spans: &'a [ReceivedSpan], name: &str) -> &'a ReceivedSpan {
    let found = spans.iter().find(|span| span.name == name);
    found.unwrap_or_else(|| panic!("no {name} in {spans:#?}"))
}

#[test]
fn requests_and_the_steps_of_the_catalog_are_traced_until_the_end() {
    let collector = TestCollector::start();
    let folder = Folder::new();
    folder.configure(
        "{ backend: { listen: ':0' }, catalog: { locations: [{ type: file, target: checkout.yaml }] } }",
    );
    folder.write("checkout.yaml", CHECKOUT);
    let endpoint = collector.endpoint();
    let variables = [
        (ENDPOINT, endpoint.as_str()),
        ("OTEL_SERVICE_NAME", "board"),
        ("OTEL_BSP_SCHEDULE_DELAY", "1"),
    ];
    let running = Running::start_in(&folder, &[], &variables);

    let steps = [
        "Ingest",
        "LocationRead",
        "ProcessingRun",
        "StitchingRun",
        "FeedRun",
    ];
    collector.wait_for(|spans| {
        let seen = |name| spans.iter().any(|span| span.name == name);
        steps.into_iter().all(seen)
    });
    let request = format!(
        "GET /api/catalog/entities/by-name/component/default/none HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ntraceparent: 00-{CALLER}-00f067aa0ba902b7-01\r\n\r\n"
    );
    running.begin(&request).read_to_end();
    let metrics = running.get("/metrics");
    let output = running.terminate();

    assert_eq!(output.code, Some(0), "{}", output.stderr);
    let spans = collector.spans();
    let request = named(
        &spans,
        "GET /api/catalog/entities/by-name/{kind}/{namespace}/{name}",
    );
    assert_eq!(request.trace_id, CALLER);
    assert_eq!(request.parent_span_id, "00f067aa0ba902b7");
    assert_eq!(request.attributes["http.request.method"], "GET");
    assert_eq!(request.attributes["http.response.status_code"], "404");
    assert!(!request.is_error, "{request:?}");
    assert_eq!(request.resource["service.name"], "board");
    // The last request was answered just before the end.
    named(&spans, "GET /metrics");
    let run = named(&spans, "ProcessingRun");
    assert_eq!(named(&spans, "ProcessingStage").parent_span_id, run.span_id);
    assert_ne!(named(&spans, "transaction").parent_span_id, "");
    assert!(
        metrics.contains("callboard_trace_spans_total{outcome=\"sent\"}"),
        "{metrics}"
    );
}

#[test]
fn a_portal_whose_collector_is_away_serves_and_ends_all_the_same() {
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let endpoint = format!("http://{free}");
    let folder = Folder::new();
    let variables = [
        (ENDPOINT, endpoint.as_str()),
        ("OTEL_TRACES_SAMPLER", "xray"),
    ];
    let running = Running::start_in(&folder, &[], &variables);

    let answer = running.get("/.backstage/health/v1/readiness");
    let output = running.terminate();

    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    for told in ["`OTEL_TRACES_SAMPLER` is passed over", "spans are lost"] {
        assert!(output.stderr.contains(told), "{told}: {}", output.stderr);
    }
}
