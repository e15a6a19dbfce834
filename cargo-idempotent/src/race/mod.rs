//! Races: copies of one request released together, in the ways that were found to
//! hit. No way is best, so they rotate.

mod arm;
mod comb;
mod gate;
mod hammer;
mod held;
mod lane;
mod packet;

pub(crate) use arm::{Arm, rotation};
pub(crate) use lane::Shot;
pub(crate) use packet::speaks_h2;

use std::time::Duration;

use crate::case::Request;
use crate::net::{Connection, Moment, Target, encode, harmless, now};
use crate::random::Random;
use lane::Lane;
use packet::Packet;

/// One burst: what every copy saw, in µs from its start.
#[derive(Clone, Debug)]
pub(crate) struct Burst {
    pub shots: Vec<Shot>,
    /// Which the shots' times count from.
    pub start: Moment,
    /// Whether two copies were surely under way at once.
    pub overlapped: bool,
}

/// How long answers take, from those seen so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Latency(Vec<Duration>);

impl Latency {
    pub(crate) fn add(&mut self, took: Duration) {
        self.0.push(took);
        self.0.sort();
        if self.0.len() > 200 {
            self.0.remove(100);
        }
    }

    pub(crate) fn at(&self, percent: usize) -> Duration {
        let index = self.0.len().saturating_sub(1) * percent / 100;
        self.0.get(index).copied().unwrap_or_default()
    }
}

/// The connections of an arm: opened anew for it, and used once before.
pub(crate) struct Session {
    arm: Arm,
    lanes: Vec<Lane>,
    /// The one connection of an arm of HTTP/2.
    packet: Option<Packet>,
    authority: String,
}

impl Session {
    /// Copies go to the targets in turn, instances of one service; those of HTTP/2 to the
    /// first one.
    pub(crate) fn open(targets: &[&Target], arm: Arm) -> Result<Self, String> {
        let lanes = (0..arm.lanes())
            .map(|i| Lane::open(targets[i % targets.len()]))
            .collect::<Result<_, _>>()?;
        let first = targets.first().ok_or("there is no target")?;
        let packet = match arm {
            Arm::Packet { .. } => Some(Packet::open(first)?),
            _ => None,
        };
        let authority = first.authority.clone();
        Ok(Self {
            arm,
            lanes,
            packet,
            authority,
        })
    }

    /// Sends the copies of one request.
    pub(crate) fn burst(
        &mut self,
        request: &Request,
        random: &mut Random,
        latency: &Latency,
    ) -> Result<Burst, String> {
        let bytes = &encode(request, &self.authority);
        for lane in &mut self.lanes {
            lane.renew()?;
        }
        if let Some(packet) = &mut self.packet {
            packet.renew()?;
        }
        let start = now();
        let shots = match self.arm {
            Arm::Held { threads, hold, .. } => {
                held::burst(&mut self.lanes, bytes, threads, hold, start)?
            }
            Arm::Naive { .. } => held::naive(&mut self.lanes, bytes, start)?,
            Arm::Comb { .. } => comb::burst(&mut self.lanes, bytes, random, latency, start)?,
            Arm::Packet { copies, hold } => match &mut self.packet {
                Some(packet) => packet.burst(request, copies, hold, start)?,
                None => Vec::new(),
            },
            Arm::Hammer => hammer::burst(&mut self.lanes, bytes, latency, start)?,
        };
        // Bursts in lockstep stay in one of the scheduler's regimes.
        std::thread::sleep(Duration::from_micros(random.below(300)));
        let overlapped = overlap(&shots);
        Ok(Burst {
            shots,
            start,
            overlapped,
        })
    }
}

/// Two copies were both sent, and both surely unanswered, at one moment.
fn overlap(shots: &[Shot]) -> bool {
    let both = |a: &Shot, b: &Shot| a.released.max(b.released) <= a.quiet.min(b.quiet);
    let heads = shots.iter().take(20).enumerate();
    heads
        .flat_map(|(i, a)| shots[i + 1..].iter().map(move |b| (a, b)))
        .any(|(a, b)| both(a, b))
}

/// A harmless request, so that a connection has been used once.
fn warm(connection: &mut Connection, target: &Target) -> Result<bool, String> {
    connection.send(&harmless(target))?;
    Ok(!connection.receive(true)?.closes)
}

#[cfg(test)]
mod tests {
    use super::{Shot, overlap};

    fn shot(released: u64, quiet: u64) -> Shot {
        Shot {
            sent: 0,
            held: false,
            released,
            quiet,
            first: quiet + 5,
            last: quiet + 5,
            answer: None,
        }
    }

    #[test]
    fn copies_overlap_only_if_both_were_surely_unanswered_at_once() {
        assert!(overlap(&[shot(10, 50), shot(20, 60)]));
        assert!(!overlap(&[shot(10, 15), shot(20, 60)]));
        assert!(!overlap(&[shot(10, 50)]));
    }
}
