//! One request through the proxy, from its head to the last byte of its answer.

use std::{
    sync::{Arc, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Either, Full, channel::Channel};
use hyper::body::{Body as _, Incoming};
use tokio::{
    sync::{oneshot, watch},
    time::timeout,
};

use super::{
    Recorder,
    copy::{Copied, Kept},
    head, stamp, upstream,
};
use crate::{
    case::{Case, Source, Times, Truncated},
    net::{micros, now},
};

/// How long an answer is read on after its client left.
const ALONE: Duration = Duration::from_secs(30);

/// A body for the client: frames as they come from the service, or the proxy's own.
pub(super) type Out = Either<Channel<Bytes, hyper::Error>, Full<Bytes>>;

/// The exchanges that are open: each runs to its end by itself.
#[derive(Clone, Default)]
pub(super) struct Exchanges {
    open: watch::Sender<usize>,
}

/// One of them, until it is dropped.
struct Open(watch::Sender<usize>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.send_modify(|n| *n -= 1);
    }
}

impl Exchanges {
    /// Answers a client. A client that leaves does not end the exchange: the service's
    /// work is recorded as a whole.
    pub(super) async fn one(
        &self,
        recorder: Arc<Recorder>,
        connection: u64,
        request: Request<Incoming>,
    ) -> Response<Out> {
        let (answered, answer) = oneshot::channel();
        self.open.send_modify(|n| *n += 1);
        let open = Open(self.open.clone());
        tokio::spawn(async move {
            let what = format!("{} {}", request.method(), request.uri());
            if let Err(e) = exchange(&recorder, connection, request, answered).await {
                (recorder.said)(format!("not recorded: {what}: {e}"));
            }
            drop(open);
        });
        answer
            .await
            .unwrap_or_else(|_| refusal("the proxy failed; its own output says why"))
    }

    /// Waits for all that are open.
    pub(super) async fn ended(&self) {
        let _ = self.open.subscribe().wait_for(|n| *n == 0).await;
    }
}

async fn exchange(
    recorder: &Recorder,
    connection: u64,
    request: Request<Incoming>,
    answered: oneshot::Sender<Response<Out>>,
) -> Result<(), String> {
    let (arrived, sent, number) = (now(), stamp::now(), recorder.number());
    let (parts, body) = request.into_parts();
    let (body, sent_body) = Copied::new(body, recorder.cap);
    let onward = head::onward(recorder, &parts, body)?;
    let answer = match upstream::send(&recorder.upstream, recorder.protocol, onward).await {
        Ok(answer) => answer,
        Err(e) => {
            let _ = answered.send(refusal(&e));
            return Err(e);
        }
    };
    let first_us = micros(now() - arrived);
    let (answer_head, body) = answer.into_parts();
    let status = answer_head.status.as_u16();
    let headers = head::pairs(&answer_head.headers);
    let got = back(body, head::back(answer_head), answered, recorder.cap).await;
    let last_us = micros(now() - arrived);
    let answered = stamp::now();
    let sent_body = sent_body
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone();
    let mut case = Case::new(
        format!(
            "{} {}",
            parts.method.as_str().to_ascii_lowercase(),
            parts.uri.path()
        ),
        head::request(recorder, &parts, &sent_body),
    );
    case.source = Source {
        format: "record".to_owned(),
        ..Source::default()
    };
    case.times = Times {
        sent,
        answered,
        first_us: Some(first_us),
        last_us: Some(last_us),
    };
    case.connection = Some(connection);
    case.truncated = Truncated {
        request: sent_body.truncated(),
        response: got.truncated(),
    };
    case.response = Some(head::response(recorder, status, headers, got));
    recorder.keep(number, &case);
    Ok(())
}

/// Passes the answer on as it comes, and keeps its first part.
async fn back(
    mut body: Incoming,
    head: http::response::Parts,
    answered: oneshot::Sender<Response<Out>>,
    cap: usize,
) -> Kept {
    let mut kept = Kept::default();
    if body.is_end_stream() {
        kept.ended = true;
        let _ = answered.send(Response::from_parts(head, Either::Right(Full::default())));
        return kept;
    }
    let (mut to_client, channel) = Channel::new(16);
    let out = Response::from_parts(head, Either::Left(channel));
    let mut there = answered.send(out).is_ok();
    loop {
        let next = if there {
            Ok(body.frame().await)
        } else {
            timeout(ALONE, body.frame()).await
        };
        match next {
            Ok(Some(Ok(frame))) => {
                if let Some(data) = frame.data_ref() {
                    kept.add(data, cap);
                }
                there = there && to_client.send(frame).await.is_ok();
                // An answer without end would keep the exchange open for nobody.
                if !there && kept.truncated_at(cap) {
                    return kept;
                }
            }
            Ok(Some(Err(e))) => {
                to_client.abort(e);
                return kept;
            }
            Ok(None) => {
                kept.ended = true;
                return kept;
            }
            Err(_) => return kept,
        }
    }
}

fn refusal(why: &str) -> Response<Out> {
    let text = format!("the recording proxy got no answer: {why}\n");
    let mut response = Response::new(Either::Right(Full::from(text)));
    *response.status_mut() = StatusCode::BAD_GATEWAY;
    response
}
