//! Moments as people read them: RFC 3339, UTC, with µs.

use std::time::{SystemTime, UNIX_EPOCH};

/// The present moment.
#[allow(clippy::disallowed_methods, reason = "only shown, and only to people")]
pub(super) fn now() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.unwrap_or_default();
    text(now.as_secs(), now.subsec_micros())
}

/// Seconds since 1970 as a date, by the days of 400-year eras that begin in March.
fn text(seconds: u64, micros: u32) -> String {
    let (days, second) = (seconds / 86_400 + 719_468, seconds % 86_400);
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let shifted = (5 * day + 2) / 153;
    let (month, day) = ((shifted + 2) % 12 + 1, day - (153 * shifted + 2) / 5 + 1);
    let year = era * 400 + year + u64::from(month <= 2);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micros:06}Z")
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn dates_are_right_at_leap_days_and_years_ends() {
        assert_eq!(text(0, 1), "1970-01-01T00:00:00.000001Z");
        assert_eq!(text(951_782_399, 0), "2000-02-28T23:59:59.000000Z");
        assert_eq!(text(951_782_400, 0), "2000-02-29T00:00:00.000000Z");
        assert_eq!(text(1_767_225_599, 999_999), "2025-12-31T23:59:59.999999Z");
        assert_eq!(text(1_772_323_200, 0), "2026-03-01T00:00:00.000000Z");
    }
}
