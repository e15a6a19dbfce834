//! The way to the service: a connection for each request, over HTTP/1.1 or h2c.
//!
//! A pool would answer a request with the end of a connection that the service has
//! just closed; a recorder must add no failures of its own.

use std::time::Duration;

use http::{Request, Response};
use http_body::Body;
use hyper::{
    body::{Bytes, Incoming},
    client::conn::{http1, http2},
};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::{net::TcpStream, time::timeout};

use crate::net::Target;

/// What the upstream speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    Http1,
    /// HTTP/2 in the clear, with prior knowledge.
    H2c,
}

impl Protocol {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Http1 => "HTTP/1.1",
            Self::H2c => "h2c",
        }
    }
}

/// Sends one request; the answer's body is still on its way.
pub(super) async fn send<B>(
    target: &Target,
    protocol: Protocol,
    request: Request<B>,
) -> Result<Response<Incoming>, String>
where
    B: Body<Data = Bytes> + Send + Unpin + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let fail = |e: String| format!("{}: {e}", target.url);
    let connecting = timeout(Duration::from_secs(10), TcpStream::connect(target.address));
    let stream = match connecting.await {
        Ok(Ok(stream)) => stream,
        Ok(Err(e)) => return Err(fail(e.to_string())),
        Err(_) => return Err(fail("no connection within 10 s".into())),
    };
    let _ = stream.set_nodelay(true);
    let io = TokioIo::new(stream);
    match protocol {
        Protocol::Http1 => {
            let mut builder = http1::Builder::new();
            builder.preserve_header_case(true);
            let (mut sender, connection) =
                builder.handshake(io).await.map_err(|e| fail(words(&e)))?;
            tokio::spawn(connection);
            sender.send_request(request).await
        }
        Protocol::H2c => {
            let builder = http2::Builder::new(TokioExecutor::new());
            let (mut sender, connection) =
                builder.handshake(io).await.map_err(|e| fail(words(&e)))?;
            tokio::spawn(connection);
            sender.send_request(request).await
        }
    }
    .map_err(|e| fail(words(&e)))
}

/// An error with what caused it.
pub(super) fn words(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}
