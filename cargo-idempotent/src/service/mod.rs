//! The same promises, checked on a `tower` service in process, with paused time.
//!
//! Duplicates are interleaved at await points by a seeded scheduler. That finds every
//! race with an await inside, deterministically, and none without: for those, for
//! `spawn_blocking` and for real databases there is `cargo idempotent run`.
//!
//! ```
//! use std::{convert::Infallible, future::Ready, sync::{Arc, atomic::{AtomicUsize, Ordering}}};
//! use cargo_idempotent::Profile;
//!
//! # #[derive(Clone)] struct App(Arc<AtomicUsize>);
//! # impl tower_service::Service<http::Request<http_body_util::Full<bytes::Bytes>>> for App {
//! #     type Response = http::Response<String>;
//! #     type Error = Infallible;
//! #     type Future = Ready<Result<Self::Response, Infallible>>;
//! #     fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), Infallible>> { Ok(()).into() }
//! #     fn call(&mut self, _: http::Request<http_body_util::Full<bytes::Bytes>>) -> Self::Future {
//! #         self.0.fetch_add(1, Ordering::SeqCst);
//! #         std::future::ready(Ok(http::Response::new(String::new())))
//! #     }
//! # }
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! # let effects = Arc::new(AtomicUsize::new(0));
//! # let app = App(effects.clone());
//! // A service that knows no keys:
//! let checked = cargo_idempotent::service(app)
//!     .post("/orders", serde_json::json!({ "amount": 1 }))
//!     .ledger(move || effects.load(Ordering::SeqCst))
//!     .check(Profile::Default)
//!     .await;
//! assert!(checked.unwrap_err().to_string().contains("one key, 2 effects"));
//! # }
//! ```

mod abort;
mod check;
mod edges;
mod interleave;
mod run;
mod scenarios;
mod send;
mod verdict;

pub use check::{Check, Service, service};
pub use verdict::{Checked, Failed};
