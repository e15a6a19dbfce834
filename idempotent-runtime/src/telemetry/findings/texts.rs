//! What each finding says: the one source for the log, the list and the
//! chapter.

use std::time::Duration;

use super::{Example, FindingKind};

/// The words of a finding; what stands in braces is filled in.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Text {
    /// Its name in the log.
    pub name: &'static str,
    /// What happened.
    pub what: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// What to do.
    pub action: &'static str,
}

impl FindingKind {
    /// All of them, worst first.
    pub const ALL: &'static [Self] = &[
        Self::DuplicateExecution,
        Self::ForgottenRecord,
        Self::UnprotectedRepeat,
        Self::UnprotectedKey,
        Self::KeysTried,
        Self::RepeatedEffect,
        Self::LateRetry,
        Self::SuspectedDuplicate,
        Self::CrossScopeKey,
        Self::ReplayDrift,
        Self::LeasePressure,
    ];

    /// Its words.
    pub const fn text(self) -> Text {
        let (name, what, why, action) = match self {
            Self::DuplicateExecution => (
                "duplicate execution",
                "A body of `{place}` ran to its end (fence {fence}) although another attempt of \
                 its key had finished.",
                "Its effects may exist twice.",
                "Lengthen `lease` ({lease}), or commit with `transaction`.",
            ),
            Self::ForgottenRecord => (
                "forgotten record",
                "A record of `{place}` that was finished here was gone before its ttl ({ttl}) \
                 ended, and its body ran again.",
                "The store loses records: any retry may run twice.",
                "Look for eviction, an asynchronous failover, a restore, or a deletion by hand.",
            ),
            Self::UnprotectedRepeat => (
                "unprotected repeat",
                "`{place}` got the same request twice, and answered differently or had failed.",
                "A retry repeats its effect.",
                "Add `#[idempotent]` to its handler.",
            ),
            Self::UnprotectedKey => (
                "unprotected key",
                "`{place}` got a request with an idempotency key, and is not idempotent.",
                "Clients ask for protection and get none.",
                "Add `#[idempotent]` to its handler.",
            ),
            Self::KeysTried => (
                "keys tried",
                "20 keys of `{place}` or more were used in a second scope within a minute: \
                 someone tries keys.",
                "Each scope has its own answers, so that none was given away; whoever it is looks \
                 for keys that give another's.",
                "Find the caller by the access log, limit its rate, and check that the scope is \
                 what authenticates the caller.",
            ),
            Self::RepeatedEffect => (
                "repeated effect",
                "The effect `{effect}` of `{place}` happened again for one record.",
                "The effect comes before what guards it, so that a rerun repeats it.",
                "Make it a step, give it a child key, or use `transaction`.",
            ),
            Self::LateRetry => (
                "late retry",
                "A key of `{place}` came back {ago} after its record could have expired, and ran \
                 again.",
                "Clients retry for longer than answers are kept.",
                "Lengthen `ttl` ({ttl}), or set `max_key_age`.",
            ),
            Self::SuspectedDuplicate => (
                "suspected duplicate",
                "`{place}` got the same request again after {ago}, under another key: perhaps a \
                 retry that changed its key, perhaps a second order.",
                "A key that changes with each retry protects nothing.",
                "Ask the client's owner to keep the key over the retries of one request.",
            ),
            Self::CrossScopeKey => (
                "cross-scope key",
                "A key of `{place}` was used in two scopes within {ago}.",
                "The scope changes between retries, so that they run twice; or someone tries keys.",
                "Take the scope from what authenticates the caller, and look at who sends them.",
            ),
            Self::ReplayDrift => (
                "replay drift",
                "Two runs of `{place}` for one record answered differently.",
                "A retry after a crash gets another answer than the first call did.",
                "Remove clocks and random ids from the answer, or derive them from the key.",
            ),
            Self::LeasePressure => (
                "lease pressure",
                "An attempt of `{place}` went without a confirmed renewal for {used} of its \
                 lease ({lease}).",
                "Its record may be taken over while it runs.",
                "Unblock the runtime, speed the store up, or lengthen `lease`.",
            ),
        };
        Text {
            name,
            what,
            why,
            action,
        }
    }
}

/// The words with what is known filled in.
pub(super) fn fill(words: &str, place: &str, example: &Example) -> String {
    let mut filled = String::with_capacity(words.len() + place.len());
    let mut rest = words;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        filled.push_str(before);
        filled.push_str(&value(name, place, example).unwrap_or_else(|| "unknown".to_owned()));
        rest = after;
    }
    filled + rest
}

fn value(name: &str, place: &str, example: &Example) -> Option<String> {
    let time = |time: Option<Duration>| time.map(|time| format!("{time:?}"));
    match name {
        "place" => Some(place.to_owned()),
        "fence" => example.fence.map(|fence| fence.get().to_string()),
        // Some are only known to the second.
        "ago" if example.ago.is_some_and(|ago| ago.is_zero()) => {
            Some("less than a second".to_owned())
        }
        "ago" => time(example.ago.map(readable)),
        "lease" => time(example.lease),
        "ttl" => time(example.ttl),
        "used" => example
            .lease_used
            .map(|part| format!("{:.0} %", part * 100.0)),
        "effect" => example.effect.map(str::to_owned),
        _ => None,
    }
}

/// To a tenth of a second, where it is more than one.
fn readable(time: Duration) -> Duration {
    let tenths = time.as_millis().div_euclid(100) * 100;
    match u64::try_from(tenths) {
        Ok(millis) if millis >= 1_000 => Duration::from_millis(millis),
        _ => time,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lease::Fence;

    #[test]
    fn every_brace_of_every_text_is_filled() {
        let example = Example {
            record: None,
            fence: Some(Fence::new(7)),
            ago: Some(Duration::from_secs(90)),
            lease: Some(Duration::from_secs(30)),
            lease_used: Some(0.93),
            ttl: Some(Duration::from_hours(24)),
            effect: Some("charge"),
        };
        for kind in FindingKind::ALL {
            let text = kind.text();
            for words in [text.what, text.why, text.action] {
                let filled = fill(words, "app::pay", &example);
                assert!(!filled.contains("unknown"), "{filled}");
                assert!(!filled.contains(['{', '}']), "{filled}");
            }
        }
        let used = fill(FindingKind::LeasePressure.text().what, "app::pay", &example);
        assert!(used.contains("93 % of its lease (30s)"), "{used}");
    }

    #[test]
    fn a_time_of_less_than_a_second_is_said_in_words() {
        let example = Example {
            record: None,
            fence: None,
            ago: Some(Duration::ZERO),
            lease: None,
            lease_used: None,
            ttl: None,
            effect: None,
        };
        let said = fill("used in two scopes within {ago}", "app::pay", &example);
        assert_eq!(said, "used in two scopes within less than a second");
        assert_eq!(
            readable(Duration::from_micros(1_001_526)),
            Duration::from_secs(1)
        );
        assert_eq!(
            readable(Duration::from_micros(51_526)),
            Duration::from_micros(51_526)
        );
    }

    #[test]
    fn the_list_of_kinds_is_whole_and_in_order() {
        assert!(FindingKind::ALL.is_sorted());
        assert_eq!(FindingKind::ALL.last(), Some(&FindingKind::LeasePressure));
        assert_eq!(
            FindingKind::ALL.len(),
            FindingKind::LeasePressure as usize + 1
        );
    }
}
