//! Copies on the streams of one HTTP/2 connection, which leave in one write: whole, or
//! their last DATA frames, the rest having been read before.

use std::thread;

use super::{arm::Hold, held::HELD_FOR, lane::Shot};
use crate::{
    case::Request,
    net::{
        Moment, Target,
        h2::{Look, Stream, WINDOW, Wire},
        micros, now,
    },
};

/// Longer than any patience with an answer.
const LOST: u64 = 30_000_000;

/// Between two looks: the target needs the cores more than we do.
const PAUSE: std::time::Duration = std::time::Duration::from_micros(40);

/// Whether a target speaks HTTP/2: of its own accord over TLS, else by prior knowledge.
pub(crate) fn speaks_h2(target: &Target) -> bool {
    Wire::open(target).is_ok()
}

/// An arm's connection.
pub(super) struct Packet {
    wire: Wire,
    stale: bool,
    target: Target,
}

impl Packet {
    /// Opens the connection, and uses it once.
    pub(super) fn open(target: &Target) -> Result<Self, String> {
        let mut packet = Self {
            wire: Wire::open(target)?,
            stale: false,
            target: target.clone(),
        };
        let warm = Request {
            method: "HEAD".into(),
            url: format!("{}/", target.url),
            ..Request::default()
        };
        packet.burst(&warm, 1, Hold::Head, now())?;
        Ok(packet)
    }

    /// Opens the connection again if the last burst lost it.
    pub(super) fn renew(&mut self) -> Result<(), String> {
        if self.stale {
            self.wire = Wire::open(&self.target)?;
            self.stale = false;
        }
        Ok(())
    }

    /// Sends the copies; fewer, if the connection's window has no room for all.
    pub(super) fn burst(
        &mut self,
        request: &Request,
        copies: usize,
        hold: Hold,
        start: Moment,
    ) -> Result<Vec<Shot>, String> {
        let room = WINDOW / request.body.0.len().max(1);
        let copies = copies.min(room.max(1));
        let copies = (0..copies).map(|_| self.wire.parts(request));
        let (mut streams, parts): (Vec<_>, Vec<_>) = copies.unzip();
        let sent = micros(now() - start);
        let ends: Vec<_> = match hold {
            Hold::Head => parts
                .into_iter()
                .flat_map(|p| [p.front, p.back].concat())
                .collect(),
            Hold::Body => {
                let fronts: Vec<_> = parts.iter().flat_map(|p| p.front.clone()).collect();
                self.wire.send(&fronts)?;
                parts.into_iter().flat_map(|p| p.back).collect()
            }
        };
        let ends = self.wire.seal(&ends)?;
        if hold == Hold::Body {
            thread::sleep(HELD_FOR);
        }
        self.wire.release(&ends)?;
        let released = micros(now() - start);
        let shot = Shot {
            sent,
            held: hold == Hold::Body,
            released,
            quiet: 0,
            first: 0,
            last: 0,
            answer: None,
        };
        let mut shots = vec![shot; streams.len()];
        self.finish(&mut streams, &mut shots, start);
        Ok(shots)
    }

    /// Looks until every stream is over, or the connection is lost.
    fn finish(&mut self, streams: &mut [Stream], shots: &mut [Shot], start: Moment) {
        while streams.iter().any(|s| s.last.is_none()) {
            let at = micros(now() - start);
            match self.wire.look(streams) {
                Ok(Look::Silent) => {
                    let both = streams.iter().zip(shots.iter_mut());
                    for (_, shot) in both.filter(|(stream, _)| stream.first.is_none()) {
                        shot.quiet = at;
                    }
                    self.stale |= at > LOST;
                    thread::sleep(PAUSE);
                }
                Ok(Look::Read) => {}
                Err(_) => self.stale = true,
            }
            if self.stale {
                break;
            }
        }
        for (stream, shot) in streams.iter_mut().zip(shots) {
            let span = |moment: Option<Moment>| moment.map_or(0, |m| micros(m - start));
            (shot.first, shot.last) = (span(stream.first), span(stream.last));
            shot.answer = stream.last.and_then(|_| stream.answer());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{io::Write as _, net::TcpListener, thread};

    use super::{Hold, Packet, speaks_h2};
    use crate::{
        case::{Body, Request},
        demo::Server,
        net::{Target, now},
    };

    fn payment(url: &str, key: &str) -> Request {
        let mut request = Request {
            method: "POST".into(),
            url: format!("{url}/v1/payments"),
            body: Body::text(r#"{"amount": 100, "card": "tok_visa"}"#.to_owned()),
            ..Request::default()
        };
        request.headers.set("Authorization", "Bearer alice");
        request.headers.set("Idempotency-Key", key);
        request
    }

    #[test]
    fn copies_in_one_write_are_answered_each_and_run_once() {
        let server = Server::start(&[]).unwrap();
        let target = Target::resolve(&server.url(), None).unwrap();
        assert!(speaks_h2(&target));
        let mut packet = Packet::open(&target).unwrap();
        for (key, hold) in [
            ("one", Hold::Head),
            ("two", Hold::Body),
            ("three", Hold::Head),
        ] {
            let request = payment(&server.url(), key);
            let shots = packet.burst(&request, 8, hold, now()).unwrap();
            let answers: Vec<_> = shots.iter().filter_map(|s| s.answer.as_ref()).collect();
            let count = |status| answers.iter().filter(|a| a.status == status).count();
            assert_eq!((count(201), count(409)), (1, 7), "{answers:?}");
            assert!(super::super::overlap(&shots), "{shots:?}");
            let paid = answers.iter().find(|a| a.status == 201).unwrap();
            assert_eq!(paid.body.as_json().unwrap()["amount"], 100);
        }
    }

    #[test]
    fn a_target_that_answers_the_preface_by_http_1_speaks_no_http_2() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let served = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            stream
                .write_all(b"HTTP/1.1 505 HTTP Version Not Supported\r\nConnection: close\r\n\r\n")
                .unwrap();
        });
        assert!(!speaks_h2(&Target::resolve(&url, None).unwrap()));
        served.join().unwrap();
    }
}
