//! A connection that speaks HTTP/2 by prior knowledge: each stream's request is served
//! by a thread of its own, as a connection of HTTP/1.1 is.

use std::{
    io,
    net::TcpStream,
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::{body::Incoming, server::conn::http2, service::service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::sync::oneshot;

use super::{
    http::{Exchange, Stream},
    payments::Payments,
};
use crate::case::Response;

/// Whether a client begins as HTTP/2 does; no method of HTTP/1.1 does.
pub(super) fn begins(stream: &TcpStream) -> io::Result<bool> {
    let mut first = [0; 3];
    loop {
        match stream.peek(&mut first)? {
            3.. => return Ok(&first == b"PRI"),
            0 => return Ok(false),
            // A client that begins with less sends more at once.
            _ => thread::sleep(Duration::from_micros(100)),
        }
    }
}

/// Serves the connection until it ends.
pub(super) fn serve(stream: TcpStream, service: &Arc<Payments>, port: u16) -> io::Result<()> {
    stream.set_nodelay(true)?;
    stream.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_io().build()?;
    runtime.block_on(async {
        let io = TokioIo::new(tokio::net::TcpStream::from_std(stream)?);
        let serve = service_fn(|request| serve_one(request, Arc::clone(service), port));
        let connection = http2::Builder::new(TokioExecutor::new()).serve_connection(io, serve);
        connection.await.map_err(io::Error::other)
    })
}

async fn serve_one(
    request: http::Request<Incoming>,
    service: Arc<Payments>,
    port: u16,
) -> Result<http::Response<Full<Bytes>>, io::Error> {
    let (head, body) = request.into_parts();
    let (give_body, take_body) = mpsc::channel();
    let (give_answer, take_answer) = oneshot::channel();
    let stream = Stream {
        body: take_body,
        answer: Some(give_answer),
    };
    let mut exchange = Exchange::stream(&head, stream, port);
    thread::spawn(move || service.answer(&mut exchange));
    // If the client leaves, this future is dropped, and both channels with it.
    let body = body.collect().await.map_err(io::Error::other)?;
    let _ = give_body.send(body.to_bytes().to_vec());
    let answer = take_answer.await.map_err(io::Error::other)?;
    Ok(message(answer))
}

fn message(answer: Response) -> http::Response<Full<Bytes>> {
    let mut message = http::Response::builder().status(answer.status);
    for (name, value) in answer.headers.0 {
        message = message.header(name, value);
    }
    let body = Full::new(Bytes::from(answer.body.0));
    // The demo makes no header that cannot be sent.
    message.body(body).unwrap_or_default()
}
