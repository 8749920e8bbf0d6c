//! Which traces are kept.

use opentelemetry_sdk::trace::Sampler;

use crate::variables::Variables;

const SAMPLER: &str = "OTEL_TRACES_SAMPLER";
const ARGUMENT: &str = "OTEL_TRACES_SAMPLER_ARG";

/// What the variables ask for: all traces that a caller did not leave out, unless told.
pub(crate) fn sampler(variables: &mut Variables<'_>) -> Sampler {
    let ratio = variables
        .parse(ARGUMENT, "a number between 0 and 1", |value| {
            let ratio: f64 = value.parse().ok()?;
            (0.0..=1.0).contains(&ratio).then_some(ratio)
        })
        .unwrap_or(1.0);
    let expected = "`always_on`, `always_off`, `traceidratio`, or one of them after `parentbased_`";
    variables
        .parse(SAMPLER, expected, |name| named(name, ratio))
        .unwrap_or_else(|| like_the_caller(Sampler::AlwaysOn))
}

fn named(name: &str, ratio: f64) -> Option<Sampler> {
    match name {
        "always_on" => Some(Sampler::AlwaysOn),
        "always_off" => Some(Sampler::AlwaysOff),
        "traceidratio" => Some(Sampler::TraceIdRatioBased(ratio)),
        _ => {
            let root = name.strip_prefix("parentbased_")?;
            let is_nested = root.starts_with("parentbased_");
            (!is_nested).then(|| named(root, ratio).map(like_the_caller))?
        }
    }
}

fn like_the_caller(root: Sampler) -> Sampler {
    Sampler::ParentBased(Box::new(root))
}

#[cfg(test)]
mod tests {
    use callboard_config::Environment;

    use super::*;

    #[test]
    fn every_standard_sampler_is_known_and_others_are_told() {
        let sampled = |name: &str, argument: &str| {
            let pairs = [(SAMPLER, name), (ARGUMENT, argument)];
            let environment = Environment::from_pairs(pairs);
            let mut variables = Variables::of(&environment);
            let sampler = sampler(&mut variables);
            (format!("{sampler:?}"), variables.invalid.len())
        };

        assert_eq!(sampled("", ""), ("ParentBased(AlwaysOn)".to_owned(), 0));
        assert_eq!(sampled("always_off", ""), ("AlwaysOff".to_owned(), 0));
        assert_eq!(
            sampled("parentbased_traceidratio", "0.25"),
            ("ParentBased(TraceIdRatioBased(0.25))".to_owned(), 0)
        );
        assert_eq!(
            sampled("xray", "7"),
            ("ParentBased(AlwaysOn)".to_owned(), 2)
        );
        assert_eq!(sampled("parentbased_parentbased_always_on", "").1, 1);
    }
}
