//! How fast a list reads. After each part it rests for seven times as long as
//! that part took, so that one list seldom has more than an eighth of a server's
//! or of this process's time, and claims come between. Where the server is busy
//! a part takes longer, and so does the rest: then a page ends with less.

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// How many times as long as its part a rest is.
const RESTS: u32 = 7;
/// The longest rest: a page of a slow server must come to an end too.
const LONGEST: Duration = Duration::from_millis(100);
/// For how long a page goes on to look for records, with its rests.
const LOOKS_FOR: Duration = Duration::from_millis(250);

/// The pace of one page.
#[derive(Debug)]
pub(crate) struct Pace {
    began: Instant,
    part_began: Instant,
}

impl Pace {
    /// The first part begins.
    pub(crate) fn begin() -> Self {
        let now = Instant::now();
        Self {
            began: now,
            part_began: now,
        }
    }

    /// Whether a page goes on with a part, after the rest that is due: its first one
    /// always comes, and the others while there is time.
    pub(crate) async fn goes_on(&mut self, is_first: bool) -> bool {
        if is_first {
            return true;
        }
        let has_time = self.has_time();
        if has_time {
            self.rest().await;
        }
        has_time
    }

    fn has_time(&self) -> bool {
        self.began.elapsed() < LOOKS_FOR
    }

    /// Rests from the part that has ended; the next one begins after it.
    pub(crate) async fn rest(&mut self) {
        let rest = self.part_began.elapsed().saturating_mul(RESTS);
        sleep(rest.min(LONGEST)).await;
        self.part_began = Instant::now();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_list_has_an_eighth_of_the_time_and_no_rest_is_long() {
        let began = Instant::now();
        let mut pace = Pace::begin();
        for (part, passed) in [(30, 130), (5, 170), (10, 250)] {
            sleep(Duration::from_millis(part)).await;
            pace.rest().await;
            assert_eq!(began.elapsed(), Duration::from_millis(passed));
            assert_eq!(pace.has_time(), passed < 250);
        }
    }
}
