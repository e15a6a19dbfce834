//! For how long to wait before the next try.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};

/// Exponential pauses.
#[derive(Debug, Clone)]
pub(super) struct Pauses {
    pub(super) first: Duration,
    pub(super) longest: Duration,
}

impl Pauses {
    /// The pause after this many tries, from 1: half of it is fixed and half
    /// is random, so that clients that failed together do not come together.
    pub(super) fn after(&self, tries: u32) -> Duration {
        let factor = 1_u32 << (tries - 1).min(16);
        let whole = self.first.saturating_mul(factor).min(self.longest);
        whole / 2 + (whole / 2).mul_f64(random())
    }
}

/// From 0 to 1. Without randomness from the system it is 1: the longest pause.
fn random() -> f64 {
    getrandom::u32().map_or(1.0, |number| f64::from(number) / f64::from(u32::MAX))
}

/// What `Retry-After` asks for: seconds, or a date, which is measured from the
/// answer's own `Date` where it has one, as clocks differ.
pub(super) fn asked(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    let sent = headers.get(DATE).and_then(|date| date.to_str().ok());
    let sent = sent.and_then(|date| httpdate::parse_http_date(date).ok());
    Some(
        date.duration_since(sent.unwrap_or_else(now))
            .unwrap_or_default(),
    )
}

/// A date is the server's word in this process's time, if it gave no other;
/// no record's life is measured by it.
#[allow(clippy::disallowed_methods)]
fn now() -> SystemTime {
    SystemTime::now()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest_and_are_never_less_than_half() {
        let pauses = Pauses {
            first: Duration::from_millis(100),
            longest: Duration::from_secs(1),
        };
        for (tries, whole) in [(1, 100), (2, 200), (4, 800), (5, 1_000), (40, 1_000)] {
            let whole = Duration::from_millis(whole);
            for _ in 0..50 {
                let pause = pauses.after(tries);
                assert!(pause >= whole / 2 && pause <= whole, "{tries}: {pause:?}");
            }
        }
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let asks = |retry_after: &'static str, date: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, HeaderValue::from_static(retry_after));
            if let Some(date) = date {
                headers.insert(DATE, HeaderValue::from_static(date));
            }
            asked(&headers)
        };
        let noon = Some("Sun, 06 Nov 1994 12:00:00 GMT");
        assert_eq!(asks(" 7", None), Some(Duration::from_secs(7)));
        let later = asks("Sun, 06 Nov 1994 12:01:30 GMT", noon);
        assert_eq!(later, Some(Duration::from_secs(90)));
        let past = asks("Sun, 06 Nov 1994 11:00:00 GMT", noon);
        assert_eq!(past, Some(Duration::ZERO));
        let long_ago = asks("Sun, 06 Nov 1994 12:01:30 GMT", None);
        assert_eq!(long_ago, Some(Duration::ZERO));
        for nonsense in ["soon", "-1", "1.5", ""] {
            assert_eq!(asks(nonsense, noon), None, "{nonsense:?}");
        }
        assert_eq!(asked(&HeaderMap::new()), None);
    }
}
