//! Calls to services that honour idempotency keys: a middleware of
//! [`reqwest_middleware`] that sends the key, and retries with the same one.
//! Feature `client`.
//!
//! ```no_run
//! use idempotent_runtime::Attempt;
//! use idempotent_runtime::client::{IdempotentRetry, WithKey};
//! use reqwest_middleware::{ClientBuilder, ClientWithMiddleware};
//!
//! fn client() -> ClientWithMiddleware {
//!     ClientBuilder::new(reqwest::Client::new())
//!         .with(IdempotentRetry::new())
//!         .build()
//! }
//!
//! async fn charge(
//!     client: &ClientWithMiddleware,
//!     attempt: &Attempt,
//! ) -> reqwest_middleware::Result<reqwest::Response> {
//!     client
//!         .post("https://bank.example/charges")
//!         .idempotency_key(attempt.child_key("charge"))
//!         .body(r#"{"amount":500}"#)
//!         .send()
//!         .await
//! }
//! ```
//!
//! A retry sends the same request with the same key, never a fresh one, so
//! that a charge that happened is answered and not repeated. So what may be
//! retried is more than without a key:
//!
//! | what came back | with a key | without |
//! |---|---|---|
//! | no connection, no answer in time, a connection that broke | retried | GET, HEAD, OPTIONS only |
//! | 408, 425, 429, 502, 503, 504 | retried | GET, HEAD, OPTIONS only |
//! | 409 with a problem document that says `"retryable": true` (ours, while the first call runs) | retried | the answer |
//! | everything else: 2xx, 422, 500, … | the answer | the answer |
//! | a body that is a stream, so that it cannot be sent twice | the answer | the answer |
//!
//! Between two tries there is a pause, exponential with jitter, or what
//! `Retry-After` asks for if that is longer. When the tries or the time are
//! used up, the last answer or error is the caller's.

mod key;
mod pause;
mod verdict;

use std::time::Duration;

use http::{Extensions, HeaderName};
use reqwest::{Request, Response};
use reqwest_middleware::{Error, Middleware, Next, RequestBuilder, Result};
use tokio::time::{Instant, sleep};

use self::pause::Pauses;
use self::verdict::Verdict;
use crate::key::Key;

/// Sends the request's key, and retries with it. Put it before middlewares
/// that should see each try, such as tracing.
#[derive(Debug, Clone)]
pub struct IdempotentRetry {
    header: HeaderName,
    most: u32,
    at_most: Duration,
    pauses: Pauses,
}

/// The key of a request, as an extension of it.
#[derive(Clone)]
struct Sent(Key);

impl IdempotentRetry {
    /// At most 5 tries within a minute, with pauses from 100 ms to 10 s, and
    /// the key in `Idempotency-Key`.
    pub fn new() -> Self {
        Self {
            header: HeaderName::from_static("idempotency-key"),
            most: 5,
            at_most: Duration::from_mins(1),
            pauses: Pauses {
                first: Duration::from_millis(100),
                longest: Duration::from_secs(10),
            },
        }
    }

    /// The header that carries the key.
    pub fn header(mut self, name: HeaderName) -> Self {
        self.header = name;
        self
    }

    /// The most tries of one request, the first included.
    pub fn max_tries(mut self, tries: u32) -> Self {
        self.most = tries.max(1);
        self
    }

    /// No try begins later than this after the first one.
    pub fn max_time(mut self, time: Duration) -> Self {
        self.at_most = time;
        self
    }

    /// The first pause, which doubles up to the longest.
    pub fn pauses(mut self, first: Duration, longest: Duration) -> Self {
        self.pauses = Pauses { first, longest };
        self
    }

    /// Puts the key into its header; whether the request has one.
    fn put_key(&self, request: &mut Request, extensions: &Extensions) -> Result<bool> {
        if let Some(Sent(key)) = extensions.get() {
            let value = key::value(key).map_err(Error::middleware)?;
            request.headers_mut().insert(self.header.clone(), value);
        }
        Ok(request.headers().contains_key(&self.header))
    }
}

impl Default for IdempotentRetry {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait::async_trait]
impl Middleware for IdempotentRetry {
    async fn handle(
        &self,
        mut request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<Response> {
        let has_key = self.put_key(&mut request, extensions)?;
        if !has_key && !request.method().is_safe() {
            return next.run(request, extensions).await;
        }
        let began = Instant::now();
        for tried in 1.. {
            // A stream can be sent once only.
            let Some(this) = request.try_clone() else {
                break;
            };
            let answer = next.clone().run(this, extensions).await;
            let (answer, asked) = match verdict::of(answer, has_key).await {
                (answer, Verdict::Final) => return answer,
                (answer, Verdict::Retry { after }) => (answer, after),
            };
            let pause = self.pauses.after(tried).max(asked.unwrap_or_default());
            if tried >= self.most || began.elapsed() + pause > self.at_most {
                return answer;
            }
            sleep(pause).await;
        }
        next.run(request, extensions).await
    }
}

/// Gives a request its key.
pub trait WithKey {
    /// The key that every try of this request sends, such as
    /// [`Attempt::child_key`](crate::Attempt::child_key)'s; `None` sends none.
    #[must_use]
    fn idempotency_key(self, key: impl Into<Option<Key>>) -> Self;
}

impl WithKey for RequestBuilder {
    fn idempotency_key(self, key: impl Into<Option<Key>>) -> Self {
        match key.into() {
            Some(key) => self.with_extension(Sent(key)),
            None => self,
        }
    }
}
