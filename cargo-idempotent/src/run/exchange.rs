//! One exchange, tried once more where that repeats nothing, and noted.

use std::{thread, time::Duration};

use super::{Bench, Moments};
use crate::{
    case::Request,
    net::{Answer, Connection, Target, now},
};

impl Bench<'_> {
    /// A connection that cannot be opened is tried once more, and so is a request that
    /// changes nothing. Any other may have arrived: to send it again would be a retry of
    /// our own.
    pub(super) fn once_more(
        &mut self,
        target: &Target,
        request: &Request,
        bytes: &[u8],
    ) -> Result<Answer, String> {
        let safe = matches!(request.method.as_str(), "GET" | "HEAD");
        let (first, written) = self.once(target, request, bytes);
        let answer = match first {
            Err(_) if safe || !written => {
                thread::sleep(Duration::from_millis(50));
                self.once(target, request, bytes).0
            }
            first => first,
        };
        answer.map_err(|e| self.failure(e))
    }

    /// The answer, and whether anything was written.
    fn once(
        &self,
        target: &Target,
        request: &Request,
        bytes: &[u8],
    ) -> (Result<Answer, String>, bool) {
        let mut moments = Moments {
            began: now(),
            released: None,
            answered: None,
            left: None,
        };
        let mut connection = match Connection::open(target) {
            Ok(connection) => connection,
            Err(e) => {
                self.events.exchange(request, &moments);
                return (Err(e), false);
            }
        };
        let answer = connection.send(bytes).and_then(|()| {
            moments.released = Some(now());
            connection.receive(request.method == "HEAD")
        });
        if let Ok(answer) = &answer {
            let status = answer.response.status;
            moments.answered = Some((answer.first, answer.last, status));
        }
        self.events.exchange(request, &moments);
        (answer, true)
    }
}
