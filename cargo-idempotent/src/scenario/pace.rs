//! How long keys take under a load of duplicates, against the same load of unique
//! requests and against one request alone. A busy machine looks alike, so this is told
//! and warned of, and accuses nobody.

use std::{
    sync::{Mutex, PoisonError},
    thread,
    time::Duration,
};

use crate::{
    net::{Answer, Target, exchange, now},
    run::Bench,
};

const THREADS: usize = 4;

/// A key that takes so many times as long as it should waits for others.
const TIMES: u32 = 3;

/// Less than that is a scheduler's doing.
const FLOOR: Duration = Duration::from_millis(5);

/// Of slower services a load would take minutes.
const SLOW: Duration = Duration::from_secs(1);

/// What a load came to.
pub(super) struct Load {
    pub(super) answers: Vec<Result<Answer, String>>,
    /// The longest that a key took, its duplicates included, in the middle of all keys.
    pub(super) median: Duration,
}

/// Sends each piece of work, a key's number and its bytes, from some threads.
pub(super) fn load(target: &Target, keys: usize, work: Vec<(usize, Vec<u8>)>) -> Load {
    let queue = Mutex::new(work);
    let done = Mutex::new((Vec::new(), vec![Duration::ZERO; keys]));
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).pop();
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while let Some((key, bytes)) = next() {
                    let start = now();
                    let answer = exchange(target, &bytes);
                    let took = now() - start;
                    let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
                    done.0.push(answer);
                    done.1[key] = done.1[key].max(took);
                }
            });
        }
    });
    let (answers, mut longest) = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    longest.sort();
    Load {
        answers,
        median: longest[(keys - 1) / 2],
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    mixed: Duration,
    unique: Duration,
    alone: Duration,
}

impl Pace {
    /// Sends as many unique requests as the mixed load had; why not, if so.
    pub(super) fn beside(
        bench: &mut Bench<'_>,
        mixed: Duration,
        requests: usize,
    ) -> Result<Self, String> {
        let alone = bench.latency.at(50);
        if alone > SLOW {
            return Err(format!("one request alone takes {} ms", alone.as_millis()));
        }
        let mut work = Vec::new();
        for key in 0..requests {
            let intent = bench.intent()?;
            work.push((key, bench.bytes(&intent.request)));
        }
        let target = bench.target.clone();
        let load = load(&target, requests, work);
        bench.requests += requests;
        for answer in load.answers {
            answer.map_err(|e| bench.failure(e))?;
        }
        Ok(Self {
            mixed,
            unique: load.median,
            alone,
        })
    }

    /// Whether keys waited for others.
    pub(super) fn waits(&self) -> bool {
        let over = |base: Duration| self.mixed > base * TIMES && self.mixed > base + FLOOR;
        over(self.unique) || over(self.alone)
    }

    pub(super) fn fact(&self) -> String {
        let ms = |span: Duration| format!("{:.1} ms", span.as_secs_f64() * 1000.0);
        format!(
            "a key took {} under this load, {} under the same load of unique requests, and {} \
             alone (medians)",
            ms(self.mixed),
            ms(self.unique),
            ms(self.alone)
        )
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Pace;

    #[test]
    fn only_three_times_as_long_and_more_than_a_schedulers_slice_is_a_wait() {
        let pace = |mixed, unique, alone| {
            let [mixed, unique, alone] = [mixed, unique, alone].map(Duration::from_millis);
            let pace = Pace {
                mixed,
                unique,
                alone,
            };
            pace.waits()
        };
        assert!(pace(31, 10, 10) && pace(31, 31, 10) && pace(31, 10, 31));
        assert!(!pace(30, 10, 10) && !pace(5, 1, 1));
    }
}
