//! One connection of a burst, and what its copy saw.

use crate::{
    case::Response,
    net::{Connection, Moment, Sealed, Target, micros, now},
};

/// One copy's times in µs from the burst's start, and its answer.
#[derive(Clone, Debug)]
pub(crate) struct Shot {
    /// Its first byte was written.
    pub sent: u64,
    /// Whether its end was held back.
    pub held: bool,
    /// Its last byte was written.
    pub released: u64,
    /// The last moment at which no byte of an answer was there.
    pub quiet: u64,
    /// Its answer's first byte was seen.
    pub first: u64,
    /// Its answer's last byte was seen.
    pub last: u64,
    /// The answer; none if the connection failed.
    pub answer: Option<Response>,
}

pub(super) struct Lane {
    connection: Connection,
    stale: bool,
    target: Target,
}

impl Lane {
    pub(super) fn open(target: &Target) -> Result<Self, String> {
        let mut connection = Connection::open(target)?;
        let kept = super::warm(&mut connection, target)?;
        let mut lane = Self {
            connection,
            stale: !kept,
            target: target.clone(),
        };
        lane.renew()?;
        Ok(lane)
    }

    /// Opens the connection again if its last answer ended it.
    pub(super) fn renew(&mut self) -> Result<(), String> {
        if self.stale {
            self.connection = Connection::open(&self.target)?;
            self.stale = false;
        }
        Ok(())
    }

    /// Makes a copy's end ready to leave.
    pub(super) fn seal<'a>(&mut self, bytes: &'a [u8]) -> Result<Sealed<'a>, String> {
        self.connection.seal(bytes)
    }

    /// Sends an end that was held back.
    pub(super) fn release(&mut self, sealed: &Sealed<'_>) -> Result<(), String> {
        self.connection.release(sealed)
    }

    /// Begins a copy: its first bytes are out.
    pub(super) fn begin(&mut self, bytes: &[u8], start: Moment) -> Result<Shot, String> {
        let sent = micros(now() - start);
        self.connection.send(bytes)?;
        let out = micros(now() - start);
        Ok(Shot {
            sent,
            held: false,
            released: out,
            quiet: 0,
            first: 0,
            last: 0,
            answer: None,
        })
    }

    /// Notes that no answer is there, if none is.
    pub(super) fn listen(&mut self, shot: &mut Shot, start: Moment) {
        let at = micros(now() - start);
        if self.connection.silent() {
            shot.quiet = at;
        }
    }

    /// Looks for the answer; true when the copy is over.
    pub(super) fn poll(&mut self, shot: &mut Shot, start: Moment) -> bool {
        let at = micros(now() - start);
        if self.connection.silent() {
            shot.quiet = at;
            // Longer than any patience of the connection: it is lost.
            let lost = at > 30_000_000;
            self.stale |= lost;
            return lost;
        }
        match self.connection.poll() {
            Ok(None) => false,
            Ok(Some(answer)) => {
                shot.first = micros(answer.first - start);
                shot.last = micros(answer.last - start);
                shot.answer = Some(answer.response);
                self.stale |= answer.closes;
                true
            }
            Err(_) => {
                self.stale = true;
                true
            }
        }
    }
}

/// Polls until every copy is over.
pub(super) fn finish(lanes: &mut [Lane], shots: &mut [Shot], start: Moment) {
    let mut open: Vec<usize> = (0..shots.len()).collect();
    while !open.is_empty() {
        let before = open.len();
        open.retain(|i| !lanes[*i].poll(&mut shots[*i], start));
        if open.len() == before {
            // The target needs the cores more than this loop does.
            std::thread::sleep(std::time::Duration::from_micros(40));
        }
    }
}
