//! `on_interrupt = recover(path)` in a handler: whatever the two functions
//! answer with, it is a response.

use axum::response::{IntoResponse, Response};

use crate::attempt::Attempt;
use crate::recover::{Recovered, Recovering, recover};

/// The response of an attempt that need not run its body. Where the outcome
/// is unknown it is empty, and a problem takes its place.
pub async fn recover_response<F>(attempt: &Attempt, asked: F) -> Option<Response>
where
    F: Recovering<Answer: IntoResponse>,
{
    let asked = async {
        match asked.recovered().await {
            Recovered::Answer(answer) => Recovered::Answer(answer.into_response()),
            Recovered::DidNotHappen => Recovered::DidNotHappen,
            Recovered::Unknown => Recovered::Unknown,
        }
    };
    recover(attempt, asked, Response::default).await
}

/// The body's answer.
pub fn respond(answer: impl IntoResponse) -> Response {
    answer.into_response()
}
