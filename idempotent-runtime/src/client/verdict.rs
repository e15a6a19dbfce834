//! What an answer, or none, means for a request that can be sent again.

use std::time::Duration;

use http::StatusCode;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use reqwest::{Response, ResponseBuilderExt};
use reqwest_middleware::{Error, Result};
use serde_json::Value;

use super::pause;

/// The largest problem document that is looked into.
const LARGEST: u64 = 64 << 10;

pub(super) enum Verdict {
    /// It is the caller's.
    Final,
    /// It may be sent again, not before the time that was asked for.
    Retry {
        /// What `Retry-After` says.
        after: Option<Duration>,
    },
}

/// The answer and its verdict; a problem document was read, and put back.
pub(super) async fn of(answer: Result<Response>, has_key: bool) -> (Result<Response>, Verdict) {
    let response = match answer {
        Ok(response) => response,
        Err(error) => {
            let verdict = if is_transient(&error) {
                Verdict::Retry { after: None }
            } else {
                Verdict::Final
            };
            return (Err(error), verdict);
        }
    };
    let after = pause::asked(response.headers());
    match response.status() {
        StatusCode::REQUEST_TIMEOUT
        | StatusCode::TOO_EARLY
        | StatusCode::TOO_MANY_REQUESTS
        | StatusCode::BAD_GATEWAY
        | StatusCode::SERVICE_UNAVAILABLE
        | StatusCode::GATEWAY_TIMEOUT => (Ok(response), Verdict::Retry { after }),
        StatusCode::CONFLICT if has_key && is_problem(&response) => {
            match read_problem(response).await {
                Ok((response, true)) => (Ok(response), Verdict::Retry { after }),
                Ok((response, false)) => (Ok(response), Verdict::Final),
                // It broke off: sent again, it is answered again.
                Err(error) => (Err(error), Verdict::Retry { after }),
            }
        }
        _ => (Ok(response), Verdict::Final),
    }
}

/// No answer: the request may have been carried out or not, which its key
/// makes all one. Not so if it could not be made, or what came was no answer.
fn is_transient(error: &Error) -> bool {
    match error {
        Error::Reqwest(error) => {
            !error.is_builder()
                && (error.is_connect()
                    || error.is_timeout()
                    || error.is_request()
                    || error.is_body())
        }
        Error::Middleware(_) => false,
    }
}

/// Whether it is a problem document of a size that is known and small.
fn is_problem(response: &Response) -> bool {
    let header = |name| response.headers().get(name)?.to_str().ok();
    let kind = header(CONTENT_TYPE).unwrap_or_default();
    let length = header(CONTENT_LENGTH).and_then(|length| length.parse().ok());
    kind.starts_with("application/problem+json")
        && length.is_some_and(|length: u64| length <= LARGEST)
}

async fn read_problem(response: Response) -> Result<(Response, bool)> {
    let (status, version) = (response.status(), response.version());
    let (url, headers) = (response.url().clone(), response.headers().clone());
    let body = response.bytes().await?;
    let problem: Value = serde_json::from_slice(&body).unwrap_or_default();
    let is_retryable = problem.get("retryable") == Some(&Value::Bool(true));
    let mut builder = http::Response::builder()
        .status(status)
        .version(version)
        .url(url);
    if let Some(own) = builder.headers_mut() {
        *own = headers;
    }
    let whole = builder.body(body).map_err(Error::middleware)?;
    Ok((Response::from(whole), is_retryable))
}
