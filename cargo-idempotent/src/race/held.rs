//! Copies whose ends are held back and leave together; and the naive way.

use std::{thread, time::Duration};

use super::{
    arm::Hold,
    gate::Gate,
    lane::{Lane, Shot, finish},
};
use crate::net::{Moment, micros, now};

/// So long is the first part on its way before the rest follows: it is read.
pub(super) const HELD_FOR: Duration = Duration::from_micros(300);

pub(super) fn burst(
    lanes: &mut [Lane],
    bytes: &[u8],
    threads: usize,
    hold: Hold,
    start: Moment,
) -> Result<Vec<Shot>, String> {
    let (front, back) = bytes.split_at(cut(bytes, hold));
    let gate = Gate::new(threads);
    let share = lanes.len().div_ceil(threads);
    let one = |lanes: &mut [Lane]| -> Result<Vec<Shot>, String> {
        let begun: Result<Vec<_>, _> = lanes.iter_mut().map(|l| l.begin(front, start)).collect();
        // Encrypted now, where it is: to release is to write.
        let sealed: Result<Vec<_>, _> = lanes.iter_mut().map(|l| l.seal(back)).collect();
        thread::sleep(HELD_FOR);
        // A thread that failed must not leave the other at the gate.
        gate.pass();
        let (mut shots, sealed) = (begun?, sealed?);
        for i in 0..lanes.len() {
            lanes[i].release(&sealed[i])?;
            shots[i].released = micros(now() - start);
            shots[i].held = true;
            lanes[0].listen(&mut shots[0], start);
        }
        finish(lanes, &mut shots, start);
        Ok(shots)
    };
    thread::scope(|scope| {
        let workers: Vec<_> = lanes
            .chunks_mut(share)
            .map(|lanes| scope.spawn(|| one(lanes)))
            .collect();
        gather(workers)
    })
}

/// A thread a copy, all of it at once.
pub(super) fn naive(lanes: &mut [Lane], bytes: &[u8], start: Moment) -> Result<Vec<Shot>, String> {
    let gate = Gate::new(lanes.len());
    let one = |lane: &mut Lane| -> Result<Vec<Shot>, String> {
        gate.pass();
        let mut shots = vec![lane.begin(bytes, start)?];
        finish(std::slice::from_mut(lane), &mut shots, start);
        Ok(shots)
    };
    thread::scope(|scope| {
        let lanes = lanes.iter_mut();
        let workers: Vec<_> = lanes.map(|lane| scope.spawn(|| one(lane))).collect();
        gather(workers)
    })
}

type Worker<'a> = thread::ScopedJoinHandle<'a, Result<Vec<Shot>, String>>;

fn gather(workers: Vec<Worker<'_>>) -> Result<Vec<Shot>, String> {
    let mut shots = Vec::new();
    for worker in workers {
        let got = worker.join().map_err(|_| "a sending thread panicked")?;
        shots.extend(got?);
    }
    Ok(shots)
}

fn cut(bytes: &[u8], hold: Hold) -> usize {
    let head = bytes.windows(4).position(|w| w == b"\r\n\r\n");
    let head = head.map_or(bytes.len(), |end| end + 4);
    match hold {
        Hold::Body if bytes.len() > head => bytes.len() - 1,
        _ => head - 1,
    }
}

#[cfg(test)]
mod tests {
    use super::{Hold, cut};

    #[test]
    fn what_is_held_back_begins_at_the_heads_last_newline_or_the_last_byte() {
        let bytes = b"POST / HTTP/1.1\r\nHost: h\r\n\r\n{}";
        assert_eq!(&bytes[cut(bytes, Hold::Head)..], b"\n{}");
        assert_eq!(&bytes[cut(bytes, Hold::Body)..], b"}");
        let bare = b"DELETE / HTTP/1.1\r\n\r\n";
        assert_eq!(&bare[cut(bare, Hold::Body)..], b"\n");
    }
}
