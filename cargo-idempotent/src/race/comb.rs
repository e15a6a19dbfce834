//! One request, and copies at offsets: over its whole time, and around its end,
//! where a lock is freed before the answer is stored.

use std::time::Duration;

use super::{
    Latency,
    lane::{Lane, Shot},
};
use crate::{
    net::{Moment, micros, now},
    random::Random,
};

pub(super) fn burst(
    lanes: &mut [Lane],
    bytes: &[u8],
    random: &mut Random,
    latency: &Latency,
    start: Moment,
) -> Result<Vec<Shot>, String> {
    let offsets = offsets(lanes.len() - 1, random, latency);
    let mut shots = vec![lanes[0].begin(bytes, start)?];
    let mut over = vec![false; lanes.len()];
    while shots.len() < lanes.len() || over.iter().any(|o| !o) {
        let at = micros(now() - start);
        // The next copy, when its time has come.
        if let Some(offset) = offsets.get(shots.len() - 1)
            && at >= *offset
        {
            let shot = lanes[shots.len()].begin(bytes, start)?;
            shots.push(shot);
        }
        for i in 0..shots.len() {
            over[i] = over[i] || lanes[i].poll(&mut shots[i], start);
        }
        std::thread::sleep(Duration::from_micros(15));
    }
    Ok(shots)
}

/// In turn over 0…1.1 L, and over min L − 0.2 ms … p90 L + 0.2 ms; in µs, sorted.
fn offsets(count: usize, random: &mut Random, latency: &Latency) -> Vec<u64> {
    let whole = micros(latency.at(50)) * 11 / 10 + 1;
    let early = micros(latency.at(0)).saturating_sub(200);
    let late = micros(latency.at(90)) + 200;
    let mut offsets: Vec<_> = (0..count)
        .map(|i| {
            if i % 2 == 0 {
                random.below(whole)
            } else {
                early + random.below(late - early)
            }
        })
        .collect();
    offsets.sort_unstable();
    offsets
}
