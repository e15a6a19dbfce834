//! One request, and one other connection that repeats it in a closed loop until
//! the first is answered, and once more: it meets every gap that a run passes.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use super::{
    Latency,
    lane::{Lane, Shot, finish},
};
use crate::net::{Moment, now};

/// More than that many copies a burst would only load the target.
const MOST: usize = 2_000;

pub(super) fn burst(
    lanes: &mut [Lane],
    bytes: &[u8],
    latency: &Latency,
    start: Moment,
) -> Result<Vec<Shot>, String> {
    let (first, other) = lanes.split_at_mut(1);
    let answered = AtomicBool::new(false);
    // A slow handler is left alone until shortly before its end.
    let slow = latency.at(50) > Duration::from_millis(20);
    let begin = if slow {
        latency.at(0) * 9 / 10
    } else {
        Duration::ZERO
    };
    let mut first_shot = vec![first[0].begin(bytes, start)?];
    let hammer = || -> Result<Vec<Shot>, String> {
        while now() - start < begin && !answered.load(Ordering::Acquire) {
            thread::sleep(Duration::from_micros(100));
        }
        let mut shots = Vec::new();
        loop {
            let last = answered.load(Ordering::Acquire);
            let mut shot = [other[0].begin(bytes, start)?];
            finish(other, &mut shot, start);
            let failed = shot[0].answer.is_none();
            shots.extend(shot);
            if last || failed || shots.len() >= MOST {
                return Ok(shots);
            }
        }
    };
    let repeated = thread::scope(|scope| {
        let worker = scope.spawn(hammer);
        finish(first, &mut first_shot, start);
        answered.store(true, Ordering::Release);
        worker.join().map_err(|_| "a sending thread panicked")?
    })?;
    first_shot.extend(repeated);
    Ok(first_shot)
}
