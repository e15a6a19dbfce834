//! A moment for people: UTC, beside the machine's form of it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A moment of this process's wall clock, in whole seconds. What a store says
/// of its own clock is a duration, and becomes a moment here only to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment(u64);

impl Moment {
    #[allow(clippy::disallowed_methods, reason = "shown to people")]
    pub(super) fn now() -> Self {
        Self::of(SystemTime::now())
    }

    pub(super) fn of(time: SystemTime) -> Self {
        Self(
            time.duration_since(UNIX_EPOCH)
                .unwrap_or_default()
                .as_secs(),
        )
    }

    pub(super) fn before(self, ago: Duration) -> Self {
        Self(self.0.saturating_sub(ago.as_secs()))
    }

    pub(super) fn after(self, later: Duration) -> Self {
        Self(self.0.saturating_add(later.as_secs()))
    }

    /// How long before `now` it was.
    pub(super) fn until(self, now: Self) -> Duration {
        Duration::from_secs(now.0.saturating_sub(self.0))
    }

    /// Hours since 1970.
    pub(super) fn hour(self) -> u64 {
        self.0 / 3600
    }

    /// As `<time datetime>` and JSON have it: `2026-11-24T15:24:18Z`.
    pub(super) fn iso(self) -> String {
        let (year, month, day) = self.date();
        let (hour, minute, second) = self.clock();
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }

    /// As people read it: `2026-11-24 15:24:18 UTC`.
    pub(super) fn text(self) -> String {
        let (year, month, day) = self.date();
        let (hour, minute, second) = self.clock();
        format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC")
    }

    fn clock(self) -> (u64, u64, u64) {
        (self.0 / 3600 % 24, self.0 / 60 % 60, self.0 % 60)
    }

    /// The civil date of a day count, by the 400-year cycle of the calendar,
    /// with years that begin in March so that a leap day is the last.
    fn date(self) -> (u64, u64, u64) {
        const DAYS_TO_1970: u64 = 719_468;
        const CYCLE: u64 = 146_097;
        let days = self.0 / 86_400 + DAYS_TO_1970;
        let (cycle, day) = (days / CYCLE, days % CYCLE);
        let year = (day - day / 1_460 + day / 36_524 - day / (CYCLE - 1)) / 365;
        let of_year = day - (365 * year + year / 4 - year / 100);
        let march = (5 * of_year + 2) / 153;
        let of_month = of_year - (153 * march + 2) / 5 + 1;
        let month = if march < 10 { march + 3 } else { march - 9 };
        (cycle * 400 + year + u64::from(month <= 2), month, of_month)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (951_868_800, "2000-03-01T00:00:00Z"),
            (1_735_689_599, "2024-12-31T23:59:59Z"),
            (1_764_000_000, "2025-11-24T16:00:00Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(Moment(seconds).iso(), text);
        }
    }
}
