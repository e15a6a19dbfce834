//! One observed request: what it asked, and what became of it.

use std::hash::Hasher;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::OriginalUri;
use axum::response::Response;
use http::request::Parts;

use super::Shared;
use super::body::{Digest, Hashed, digested};
use crate::attempt::Attempt;
use crate::telemetry::Answered;

/// The largest request that is compared.
const REQUEST: usize = 1 << 20;
/// So much of an answer is.
const ANSWER: usize = 64 << 10;

/// Left in a request for whoever guards it, further in.
#[derive(Clone, Default)]
pub(in crate::http) struct Observed(Arc<AtomicBool>);

/// A request under way; dropped unanswered, its client has left.
pub(super) struct Seen {
    shared: Arc<Shared>,
    route: String,
    keyed: bool,
    observed: Observed,
    /// None where it is not compared.
    asked: Option<Asked>,
    counted: bool,
}

/// What a request asked, but for its body.
struct Asked {
    who_and_what: (String, String, String),
    body: Arc<Mutex<RequestBody>>,
}

struct RequestBody {
    hashed: Hashed,
    ended: bool,
}

impl Observed {
    /// The request is guarded: whatever it is answered, a retry repeats nothing.
    pub(in crate::http) fn guarded(&self) {
        self.0.store(true, SeqCst);
    }
}

impl Seen {
    /// A request at this route, with its body digested on its way.
    pub(super) fn new(
        shared: &Arc<Shared>,
        route: String,
        parts: &mut Parts,
        body: axum::body::Body,
    ) -> (Self, axum::body::Body) {
        let observed = Observed::default();
        // A layer round this one may guard it.
        if parts.extensions.get::<Attempt>().is_some() {
            observed.guarded();
        }
        parts.extensions.insert(observed.clone());
        let telemetry = &shared.idempotency.engine.telemetry;
        let compared = telemetry.hasher().zip((shared.principal)(parts));
        let mut seen = Self {
            keyed: parts.headers.contains_key(crate::policy::DEFAULT_HEADER),
            shared: Arc::clone(shared),
            route,
            observed,
            asked: None,
            counted: false,
        };
        let Some((hasher, principal)) = compared else {
            return (seen, body);
        };
        let request = Arc::new(Mutex::new(RequestBody {
            hashed: Hashed::new(hasher, REQUEST),
            ended: false,
        }));
        let uri = parts.extensions.get::<OriginalUri>();
        let uri = uri.map_or(&parts.uri, |original| &original.0).to_string();
        seen.asked = Some(Asked {
            who_and_what: (principal, parts.method.to_string(), uri),
            body: Arc::clone(&request),
        });
        (seen, digested(body, OfRequest(request)))
    }

    /// The answer, compared now or when it was read to its end.
    pub(super) fn answered(mut self, response: Response) -> Response {
        self.count();
        let status = response.status();
        if self.observed.0.load(SeqCst) || self.asked.is_none() || status.is_client_error() {
            self.asked = None;
            return response;
        }
        if status.is_server_error() {
            self.judge(Answered::Failed);
            return response;
        }
        if let Some(digest) = self.shared.answer.clone() {
            match digest(&response) {
                Some(answer) => self.judge(Answered::With(answer)),
                None => self.asked = None,
            }
            return response;
        }
        let Some(mut hasher) = self.shared.idempotency.engine.telemetry.hasher() else {
            return response;
        };
        hasher.write_u16(status.as_u16());
        let answer = OfAnswer {
            seen: Some(self),
            hashed: Hashed::new(hasher, ANSWER),
        };
        response.map(|body| digested(body, answer))
    }

    fn count(&mut self) {
        if !std::mem::replace(&mut self.counted, true) && !self.observed.0.load(SeqCst) {
            let telemetry = &self.shared.idempotency.engine.telemetry;
            telemetry.unprotected(&self.route, self.keyed);
        }
    }

    /// Compares it with what the same request got before.
    fn judge(&mut self, answered: Answered) {
        let Some(Asked { who_and_what, body }) = self.asked.take() else {
            return;
        };
        let body = body.lock().unwrap_or_else(PoisonError::into_inner);
        if body.ended && !body.hashed.is_over() && !self.observed.0.load(SeqCst) {
            let telemetry = &self.shared.idempotency.engine.telemetry;
            let request = (who_and_what, body.hashed.finish());
            telemetry.repeats(&self.route, &request, answered);
        }
    }
}

impl Drop for Seen {
    fn drop(&mut self) {
        self.count();
        self.judge(Answered::Failed);
    }
}

struct OfRequest(Arc<Mutex<RequestBody>>);

impl Digest for OfRequest {
    fn frame(&mut self, bytes: &[u8]) {
        let mut body = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        body.hashed.write(bytes);
    }

    fn ended(&mut self) {
        let mut body = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        body.ended = true;
    }
}

/// Dropped before its end, its client has left.
struct OfAnswer {
    seen: Option<Seen>,
    hashed: Hashed,
}

impl Digest for OfAnswer {
    fn frame(&mut self, bytes: &[u8]) {
        self.hashed.write(bytes);
    }

    fn ended(&mut self) {
        if let Some(mut seen) = self.seen.take() {
            seen.judge(Answered::With(self.hashed.finish()));
        }
    }
}
