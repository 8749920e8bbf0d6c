use proptest::prelude::*;
use serde_json::json;

use super::*;

fn millis(value: Value) -> u128 {
    parse(&value).unwrap().as_millis()
}

fn refused(value: Value) -> String {
    parse(&value).unwrap_err().to_string()
}

#[test]
fn the_three_notations_mean_the_same() {
    for value in [
        json!({ "hours": 1, "minutes": 30 }),
        json!("PT1H30M"),
        json!("1h30m"),
        json!("90 minutes"),
    ] {
        assert_eq!(millis(value.clone()), 5_400_000, "{value}");
    }
}

#[test]
fn units_have_long_and_short_names() {
    let cases = [
        ("100ms", 100),
        ("90s", 90_000),
        ("1.5h", 5_400_000),
        (".5s", 500),
        ("2 Days", 172_800_000),
        ("1w", 604_800_000),
        ("1h 30m", 5_400_000),
        ("0s", 0),
        ("1y", 31_536_000_000),
        ("0.1s", 100),
    ];
    for (text, expected) in cases {
        assert_eq!(millis(json!(text)), expected, "{text}");
    }
}

#[test]
fn iso_durations_have_dates_times_and_fractions() {
    let cases = [
        ("P1D", 86_400_000),
        ("P2DT6H", 194_400_000),
        ("PT0.5S", 500),
        ("PT1,5S", 1_500),
        ("P1M", 2_592_000_000),
        ("PT0S", 0),
    ];
    for (text, expected) in cases {
        assert_eq!(millis(json!(text)), expected, "{text}");
    }
    for text in [
        "P", "PT", "P1", "P1H", "PT1D", "PT1M1H", "P1D2", "PTS", "PT1H1H",
    ] {
        assert_eq!(
            parse(&json!(text)),
            Err(InvalidDuration::Iso(text.to_owned()))
        );
    }
}

#[test]
fn a_mapping_takes_numbers_as_text_too() {
    assert_eq!(millis(json!({ "seconds": "30" })), 30_000);
    assert_eq!(millis(json!({ "milliseconds": 1.5 })), 1);
}

#[test]
fn what_is_no_duration_is_told_why() {
    assert_eq!(
        refused(json!(30)),
        "`30` is a number without a unit; write a unit after it, such as `30s` or `30m`"
    );
    assert_eq!(
        refused(json!("30")),
        "`30` is a number without a unit; write a unit after it, such as `30s` or `30m`"
    );
    assert_eq!(
        refused(json!("-1h")),
        "`-1h` is negative, and a duration is not"
    );
    assert_eq!(
        refused(json!({ "hour": 1 })),
        format!(
            "`hour` is not a unit of time; expected one or more of {}",
            unit_names()
        )
    );
    assert_eq!(
        refused(json!({ "hours": true })),
        "`hours` must be a number, but it is `true`"
    );
    assert_eq!(
        refused(json!({})),
        format!(
            "the duration is empty; expected one or more of {}",
            unit_names()
        )
    );
    for text in ["", "h", "1 fortnight", "1h2", "one hour", "1..5h", "NaN s"] {
        assert_eq!(
            refused(json!(text)),
            format!(
                "`{text}` is not a duration; expected such as `30s`, `1h30m`, `2 days` or `PT1H30M`"
            )
        );
    }
    assert_eq!(
        refused(json!("99999999999999999999999y")),
        "`99999999999999999999999y` is longer than can be counted"
    );
}

proptest! {
    #[test]
    fn whole_amounts_read_back_in_every_notation(hours in 0u32..100_000, minutes in 0u32..60, seconds in 0u32..60) {
        let expected = Duration::from_secs(u64::from(hours) * 3_600 + u64::from(minutes) * 60 + u64::from(seconds));
        let mapping = json!({ "hours": hours, "minutes": minutes, "seconds": seconds });
        for value in [mapping, json!(format!("PT{hours}H{minutes}M{seconds}S")), json!(format!("{hours}h{minutes}m{seconds}s"))] {
            prop_assert_eq!(parse(&value), Ok(expected));
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        let _ = parse(&json!(text));
    }

    #[test]
    fn no_near_miss_makes_it_panic(text in "-?P?T?[0-9.,]{0,4}[a-zA-Z ]{0,3}[-0-9.,]{0,4}[A-Zmsh]{0,2}") {
        let _ = parse(&json!(text));
    }
}
