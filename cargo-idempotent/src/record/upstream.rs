//! The way to the service: a connection for each request, over HTTP/1.1 or HTTP/2, in
//! TLS or in the clear.
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
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};

use crate::net::{Protocol, Target};

/// How long a connection may take, and a handshake on it.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// A connection in TLS or in the clear, on the service's side or the client's.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

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
    let connecting = timeout(PATIENCE, TcpStream::connect(target.address));
    let stream = match connecting.await {
        Ok(Ok(stream)) => stream,
        Ok(Err(e)) => return Err(fail(e.to_string())),
        Err(_) => {
            return Err(fail(format!(
                "no connection within {} s",
                PATIENCE.as_secs()
            )));
        }
    };
    let _ = stream.set_nodelay(true);
    let io = TokioIo::new(match &target.tls {
        None => Box::new(stream) as Box<dyn Stream>,
        Some(tls) => match timeout(PATIENCE, tls.on(stream, protocol)).await {
            Ok(stream) => Box::new(stream.map_err(fail)?),
            Err(_) => return Err(fail(format!("no TLS within {} s", PATIENCE.as_secs()))),
        },
    });
    match protocol {
        Protocol::Http1 => {
            let mut builder = http1::Builder::new();
            builder.preserve_header_case(true);
            let (mut sender, connection) =
                builder.handshake(io).await.map_err(|e| fail(words(&e)))?;
            tokio::spawn(connection);
            sender.send_request(request).await
        }
        Protocol::H2 => {
            let builder = http2::Builder::new(TokioExecutor::new());
            let (mut sender, connection) =
                builder.handshake(io).await.map_err(|e| fail(words(&e)))?;
            tokio::spawn(connection);
            sender.send_request(request).await
        }
    }
    .map_err(|e| {
        let clear = target.tls.is_none() && e.is_parse();
        let hint = if clear {
            "; if it speaks TLS, write https://"
        } else {
            ""
        };
        fail(words(&e) + hint)
    })
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
