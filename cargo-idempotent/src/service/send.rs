//! One request into a service, and its answer out with its whole body.

use std::{fmt::Display, future::poll_fn};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use tower_service::Service as Tower;

use crate::case::{Body, Headers, Request, Response};

/// Sends one request to a clone of the service.
pub(super) async fn send<S, R>(mut service: S, request: Request) -> Result<Response, String>
where
    S: Tower<http::Request<Full<Bytes>>, Response = http::Response<R>>,
    S::Error: Display,
    R: http_body::Body,
    R::Error: Display,
{
    let mut builder = http::Request::builder()
        .method(request.method.as_str())
        .uri(&request.url);
    for (name, value) in &request.headers.0 {
        builder = builder.header(name, value);
    }
    let built = builder.body(Full::from(request.body.0));
    let built = built.map_err(|e| format!("the request: {e}"))?;
    poll_fn(|cx| service.poll_ready(cx))
        .await
        .map_err(|e| format!("the service is not ready: {e}"))?;
    let answer = service.call(built).await;
    let answer = answer.map_err(|e| format!("the service failed: {e}"))?;
    let (head, body) = answer.into_parts();
    let body = body.collect().await;
    let body = body
        .map_err(|e| format!("the answer's body: {e}"))?
        .to_bytes();
    let headers = head.headers.iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        (name.as_str().to_owned(), value)
    });
    Ok(Response {
        status: head.status.as_u16(),
        headers: Headers(headers.collect()),
        body: Body(body.to_vec()),
    })
}
