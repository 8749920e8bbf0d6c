//! What the environment asks for.

use std::fmt;
use std::time::Duration;

use callboard_config::Environment;
use opentelemetry_sdk::trace::Sampler;
use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::sampling::sampler;
use crate::variables::Variables;

/// Spans that wait at most, whatever the environment says: each is about a kilobyte.
const LONGEST_QUEUE: usize = 1_000_000;

/// Where traces go, and which.
#[derive(Clone, Debug)]
pub struct TraceSettings {
    pub(crate) endpoint: Url,
    pub(crate) headers: HeaderMap,
    /// How long the collector may take to answer.
    pub(crate) timeout: Duration,
    /// What every span says about this program.
    pub(crate) resource: Vec<(String, String)>,
    pub(crate) sampler: Sampler,
    pub(crate) batching: Batching,
}

/// How spans are put together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Batching {
    /// Spans that wait; more are dropped.
    pub(crate) queue: usize,
    /// Spans sent at once.
    pub(crate) largest: usize,
    /// How long a span may wait for others.
    pub(crate) delay: Duration,
}

/// A variable whose value is passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidVariable {
    pub(crate) name: &'static str,
    pub(crate) expected: &'static str,
}

impl fmt::Display for InvalidVariable {
    /// Without the value, which may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, expected } = self;
        write!(
            f,
            "the variable `{name}` is passed over: expected {expected}"
        )
    }
}

impl TraceSettings {
    /// What `environment` asks for, `None` when for nothing; and the variables that are passed over. A wrong one is
    /// no reason not to start: it may be meant for other programs beside this one.
    pub fn of(environment: &Environment) -> (Option<Self>, Vec<InvalidVariable>) {
        let mut variables = Variables::of(environment);
        let settings = settings(&mut variables);
        (settings, variables.invalid)
    }

    /// Adds the program's version to what every span says.
    #[must_use]
    pub fn version(mut self, version: &str) -> Self {
        let known = self.resource.iter().any(|(key, _)| key == VERSION);
        if !known {
            self.resource.push((VERSION.to_owned(), version.to_owned()));
        }
        self
    }
}

const NAME: &str = "service.name";
const VERSION: &str = "service.version";

fn settings(variables: &mut Variables<'_>) -> Option<TraceSettings> {
    if variables.is_true("OTEL_SDK_DISABLED") || !exports(variables) {
        return None;
    }
    let endpoint = endpoint(variables)?;
    for name in [
        "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
        "OTEL_EXPORTER_OTLP_PROTOCOL",
    ] {
        variables.parse(
            name,
            "`http/protobuf`, which is what is spoken",
            |protocol| (protocol == "http/protobuf").then_some(()),
        );
    }
    Some(TraceSettings {
        endpoint,
        headers: headers(variables),
        timeout: variables
            .millis("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT")
            .or_else(|| variables.millis("OTEL_EXPORTER_OTLP_TIMEOUT"))
            .unwrap_or(Duration::from_secs(10)),
        resource: resource(variables),
        sampler: sampler(variables),
        batching: batching(variables),
    })
}

fn exports(variables: &mut Variables<'_>) -> bool {
    variables
        .parse(
            "OTEL_TRACES_EXPORTER",
            "`otlp` or `none`",
            |name| match name {
                "none" => Some(false),
                "otlp" => Some(true),
                _ => None,
            },
        )
        .unwrap_or(true)
}

fn endpoint(variables: &mut Variables<'_>) -> Option<Url> {
    let expected = "an address such as `http://localhost:4318`";
    let url = |value: &str| Url::parse(value).ok().filter(is_web);
    if variables.text(TRACES_ENDPOINT).is_some() {
        return variables.parse(TRACES_ENDPOINT, expected, url);
    }
    variables.parse(ENDPOINT, expected, |value| {
        let mut url = url(value)?;
        let path = format!("{}/v1/traces", url.path().trim_end_matches('/'));
        url.set_path(&path);
        Some(url)
    })
}

const TRACES_ENDPOINT: &str = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.has_host()
}

fn headers(variables: &mut Variables<'_>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for name in [
        "OTEL_EXPORTER_OTLP_HEADERS",
        "OTEL_EXPORTER_OTLP_TRACES_HEADERS",
    ] {
        for (key, value) in variables.pairs(name) {
            match (HeaderName::try_from(key), HeaderValue::try_from(value)) {
                (Ok(key), Ok(mut value)) => {
                    value.set_sensitive(true);
                    headers.insert(key, value);
                }
                _ => variables.refuse(name, "names and values of HTTP headers"),
            }
        }
    }
    headers
}

fn resource(variables: &mut Variables<'_>) -> Vec<(String, String)> {
    let mut resource = variables.pairs("OTEL_RESOURCE_ATTRIBUTES");
    let named = variables.text("OTEL_SERVICE_NAME");
    if named.is_some() {
        resource.retain(|(key, _)| key != NAME);
    }
    if !resource.iter().any(|(key, _)| key == NAME) {
        let name = named.unwrap_or("callboard");
        resource.push((NAME.to_owned(), name.to_owned()));
    }
    resource
}

fn batching(variables: &mut Variables<'_>) -> Batching {
    let queue = variables
        .count("OTEL_BSP_MAX_QUEUE_SIZE", LONGEST_QUEUE)
        .unwrap_or(2_048);
    let largest = variables.count("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", queue);
    Batching {
        queue,
        largest: largest.unwrap_or(512).min(queue),
        delay: variables
            .millis("OTEL_BSP_SCHEDULE_DELAY")
            .unwrap_or(Duration::from_secs(5)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(&str, &str)]) -> (Option<TraceSettings>, Vec<String>) {
        let (settings, invalid) = TraceSettings::of(&Environment::from_pairs(pairs.to_vec()));
        (settings, invalid.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn nothing_runs_unless_somebody_wants_to_know() {
        let endpoint = (ENDPOINT, "http://collector:4318");
        for pairs in [
            vec![],
            vec![(ENDPOINT, "")],
            vec![endpoint, ("OTEL_SDK_DISABLED", "TRUE")],
            vec![endpoint, ("OTEL_TRACES_EXPORTER", "none")],
        ] {
            assert!(of(&pairs).0.is_none(), "{pairs:?}");
        }
        assert!(of(&[endpoint]).0.is_some());
    }

    #[test]
    fn the_path_is_added_to_the_endpoint_of_all_signals_only() {
        let endpoint = |name, value| of(&[(name, value)]).0.unwrap().endpoint.to_string();

        assert_eq!(
            endpoint(ENDPOINT, "http://collector:4318"),
            "http://collector:4318/v1/traces"
        );
        assert_eq!(
            endpoint(ENDPOINT, "https://example.com/otlp/"),
            "https://example.com/otlp/v1/traces"
        );
        assert_eq!(
            endpoint(TRACES_ENDPOINT, "http://collector:4318/traces"),
            "http://collector:4318/traces"
        );
    }

    #[test]
    fn the_service_has_a_name_and_what_the_environment_says() {
        let resource = |pairs: &[(&str, &str)]| {
            let mut all = vec![(ENDPOINT, "http://collector:4318")];
            all.extend(pairs);
            let resource = of(&all).0.unwrap().version("1.2.3").resource;
            let pairs = resource.iter().map(|(key, value)| format!("{key}={value}"));
            pairs.collect::<Vec<_>>().join(" ")
        };
        let attributes = (
            "OTEL_RESOURCE_ATTRIBUTES",
            "service.name=a,team=green%20room",
        );

        assert_eq!(
            resource(&[]),
            "service.name=callboard service.version=1.2.3"
        );
        assert_eq!(
            resource(&[attributes]),
            "service.name=a team=green room service.version=1.2.3"
        );
        assert_eq!(
            resource(&[attributes, ("OTEL_SERVICE_NAME", "b")]),
            "team=green room service.name=b service.version=1.2.3"
        );
    }

    #[test]
    fn what_is_passed_over_is_told_without_its_value() {
        let (settings, told) = of(&[
            (ENDPOINT, "http://collector:4318"),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "authorization=hush%0A"),
            ("OTEL_RESOURCE_ATTRIBUTES", "hush"),
            ("OTEL_EXPORTER_OTLP_TIMEOUT", "hush"),
            ("OTEL_BSP_MAX_QUEUE_SIZE", "0"),
        ]);

        assert!(settings.is_some());
        assert_eq!(told.len(), 5, "{told:?}");
        assert!(!format!("{told:?}").contains("hush"), "{told:?}");
        assert!(of(&[(ENDPOINT, "collector:4318")]).0.is_none());
        assert_eq!(of(&[(ENDPOINT, "collector:4318")]).1.len(), 1);
    }

    #[test]
    fn headers_are_decoded_and_never_printed() {
        let (settings, told) = of(&[
            (ENDPOINT, "http://collector:4318"),
            (
                "OTEL_EXPORTER_OTLP_HEADERS",
                "authorization=Bearer%20hush, x-team = green",
            ),
        ]);

        let settings = settings.unwrap();
        assert_eq!(told, [""; 0]);
        assert_eq!(settings.headers["authorization"], "Bearer hush");
        assert_eq!(settings.headers["x-team"], "green");
        assert!(!format!("{settings:?}").contains("hush"));
    }

    #[test]
    fn a_batch_is_never_larger_than_the_queue() {
        let pairs = [
            (ENDPOINT, "http://collector:4318"),
            ("OTEL_BSP_MAX_QUEUE_SIZE", "10"),
        ];
        let batching = of(&pairs).0.unwrap().batching;

        assert_eq!((batching.queue, batching.largest), (10, 10));
    }
}
