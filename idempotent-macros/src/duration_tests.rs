//! What the attribute reads as a duration, and what it says of the rest.

use super::*;
use proc_macro2::Span;

fn parsed(text: &str, bounds: Bounds) -> Result<u64, String> {
    parse("ttl", &LitStr::new(text, Span::call_site()), bounds).map_err(|error| error.to_string())
}

#[test]
fn every_unit_and_their_sums_are_read() {
    for (text, millis) in [
        ("24h", 86_400_000),
        ("1500ms", 1_500),
        ("30s", 30_000),
        ("7d", 604_800_000),
        ("1m30s", 90_000),
        ("1d2h3m4s5ms", 93_784_005),
        ("1ms", 1),
        ("3650d", 315_360_000_000),
        ("007s", 7_000),
        ("90m", 5_400_000),
    ] {
        assert_eq!(parsed(text, TTL), Ok(millis), "{text}");
    }
}

#[test]
fn what_is_no_duration_is_refused_with_its_reason() {
    for (text, reason) in [
        ("", "it is empty"),
        ("24", "24 has no unit"),
        ("h", "\"h\" is not a number"),
        ("-5s", "\"-\" is not a number"),
        ("1.5h", "fractions are not read"),
        ("1,5h", "fractions are not read"),
        ("5 s", "\" \" after 5 is not a unit"),
        ("1m 30s", "\" \" is not a number"),
        ("24hours", "\"hours\" is written h"),
        ("5min", "\"min\" is written m"),
        ("5M", "\"M\" is not a unit"),
        ("3weeks", "\"weeks\" is not a unit"),
        ("30s1m", "the unit m comes twice or after a shorter one"),
        ("1s1s", "the unit s comes twice or after a shorter one"),
        (
            "99999999999999999999h",
            "99999999999999999999h is more than can be counted",
        ),
        (
            "18446744073709551615d",
            "18446744073709551615d is more than can be counted",
        ),
        ("5µs", "\"µ\" after 5 is not a unit"),
        ("١s", "\"١\" is not a number"),
    ] {
        let message = parsed(text, TTL).expect_err(text);
        assert!(message.contains(reason), "{text}: {message}");
        assert!(message.contains("such as \"24h\""), "{text}: {message}");
    }
}

#[test]
fn zero_and_absurd_are_refused_with_the_bounds() {
    for (text, bounds, message) in [
        (
            "0s",
            TTL,
            "`ttl = \"0s\"` is zero: give it from \"1ms\" to \"3650d\"",
        ),
        (
            "3651d",
            TTL,
            "`ttl = \"3651d\"` is too long: it goes from \"1ms\" to \"3650d\"",
        ),
        (
            "9ms",
            LEASE,
            "`ttl = \"9ms\"` is too short: it goes from \"10ms\" to \"1d\"",
        ),
        (
            "25h",
            LEASE,
            "`ttl = \"25h\"` is too long: it goes from \"10ms\" to \"1d\"",
        ),
        (
            "1h1ms",
            WAIT,
            "`ttl = \"1h1ms\"` is too long: it goes from \"1ms\" to \"1h\"",
        ),
        (
            "999ms",
            MAX_KEY_AGE,
            "`ttl = \"999ms\"` is too short: it goes from \"1s\" to \"3650d\"",
        ),
    ] {
        assert_eq!(parsed(text, bounds).expect_err(text), message);
    }
}

#[test]
fn the_bounds_themselves_are_allowed() {
    for (text, bounds) in [
        ("1ms", TTL),
        ("10ms", LEASE),
        ("1d", LEASE),
        ("1ms", WAIT),
        ("1h", WAIT),
        ("1s", MAX_KEY_AGE),
        ("3650d", MAX_KEY_AGE),
    ] {
        assert!(parsed(text, bounds).is_ok(), "{text}");
    }
}
