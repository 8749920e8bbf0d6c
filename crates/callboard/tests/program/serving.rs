//! Starting, serving and ending.

use std::time::{Duration, Instant};

use insta::assert_snapshot;

use crate::folder::Folder;
use crate::process::Running;

#[test]
fn it_serves_until_it_is_told_to_stop() {
    let folder = Folder::new();
    let running = Running::start(&folder, &[]);

    assert!(
        running
            .get("/.backstage/health/v1/readiness")
            .starts_with("HTTP/1.1 200 OK")
    );
    assert!(running.get("/catalog").contains("<base href=\"/\" />"));

    let output = running.terminate();
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    // A database that was closed clean has no journal beside it.
    assert_eq!(folder.files("data"), ["callboard.sqlite"]);
}

#[test]
fn a_request_in_flight_is_finished_before_it_ends() {
    let folder = Folder::new();
    let running = Running::start(&folder, &[]);
    let body = r#"{"entityRefs":["component:default/none"]}"#;
    let (sent, rest) = body.split_at(10);
    let mut request = running.begin(&format!(
        "POST /api/catalog/entities/by-refs HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {}\r\nexpect: 100-continue\r\n\r\n",
        body.len()
    ));
    // The server asks for the body when the handler reads it: from here on the request is in flight.
    assert!(request.read_head().starts_with("HTTP/1.1 100"));
    request.send(sent);

    let stopping = running.signal_to_stop();
    stopping.wait_for_log("no new requests are taken");
    request.send(rest);

    let answer = request.read_to_end();
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(answer.ends_with(r#"{"items":[null]}"#), "{answer}");
    assert_eq!(stopping.wait().code, Some(0));
}

#[test]
fn an_open_stream_of_changes_does_not_hold_the_end_up() {
    let folder = Folder::new();
    let running = Running::start(&folder, &[]);
    let mut stream =
        running.begin("GET /api/catalog/revision/stream HTTP/1.1\r\nhost: localhost\r\n\r\n");
    assert!(stream.read_head().starts_with("HTTP/1.1 200"));

    let told = Instant::now();
    assert_eq!(running.terminate().code, Some(0));
    // Requests in flight are given ten seconds.
    assert!(
        told.elapsed() < Duration::from_secs(5),
        "{:?}",
        told.elapsed()
    );
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let folder = Folder::new();
    let running = Running::start(&folder, &[]);
    let mut request = running.begin(
        "POST /api/catalog/entities/by-refs HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 9\r\nexpect: 100-continue\r\n\r\n",
    );
    request.read_head();

    let stopping = running.signal_to_stop();
    stopping.wait_for_log("no new requests are taken");

    assert_eq!(stopping.signal_until_it_ends().code, Some(130));
}

#[test]
fn an_open_event_stream_does_not_hold_it_up() {
    let folder = Folder::new();
    let running = Running::start(&folder, &[]);
    let mut stream =
        running.begin("GET /api/catalog/revision/stream HTTP/1.1\r\nhost: localhost\r\n\r\n");
    assert!(stream.read_head().starts_with("HTTP/1.1 200 OK"));

    let output = running.terminate();

    assert_eq!(output.code, Some(0));
    assert!(!output.stderr.contains("did not end"), "{}", output.stderr);
}

#[test]
fn a_port_in_use_is_one_clear_sentence_and_no_data() {
    let (first, second) = (Folder::new(), Folder::new());
    let running = Running::start(&first, &[]);
    second.configure(&format!("backend: {{ listen: ':{}' }}", running.port()));

    let output = second.run(&[]);

    assert_eq!(output.code, Some(1));
    assert_snapshot!(output.stderr.replace(&running.port().to_string(), "PORT"), @r"
    error: `127.0.0.1:PORT` is in use by another program
    hint: stop that program, or set another port in `backend.listen`
    ");
    assert!(second.files("data").is_empty());
}

#[test]
fn other_machines_are_served_only_when_somebody_says_so() {
    let folder = Folder::new();
    folder.configure("backend: { listen: '0.0.0.0:0' }");

    let output = folder.run(&["serve"]);

    assert_eq!(output.code, Some(1));
    assert_snapshot!(output.stderr, @r"
    error: `backend.listen` is `0.0.0.0:0`, which other machines can reach, and no sign-in is configured: everybody there could read and change everything
    hint: listen on `127.0.0.1`, or add --allow-unauthenticated-network-access if the network around this server keeps strangers out
    ");
    let allowed = Running::start(&folder, &["--allow-unauthenticated-network-access"]);
    assert_eq!(allowed.terminate().code, Some(0));
}

#[test]
fn an_unusable_database_is_one_clear_sentence() {
    let folder = Folder::new();
    folder.configure(
        "backend: { listen: ':0', database: { connection: { filename: app-config.yaml } } }",
    );

    let output = folder.run(&[]);

    assert_eq!(output.code, Some(1));
    assert!(output.stderr.contains("error: "), "{}", output.stderr);
    assert!(output.stderr.contains("hint: "), "{}", output.stderr);
    assert!(!output.stderr.contains("panicked"), "{}", output.stderr);
}
