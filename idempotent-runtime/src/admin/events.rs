//! `/events`: the overview's figures every two seconds, as server-sent
//! events: to a few at a time, and each only for a while, so that who has
//! left and who may no longer look are found out.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, StatusCode};
use http_body::Frame as BodyFrame;
use serde_json::{Map, Value};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval};

use super::figures::Figures;
use super::frame::Frame;
use super::panel::Panel;
use super::problem;
use super::rate_rows::RateRow;

/// Streams at once.
pub(super) const MOST: usize = 16;
const EVERY: Duration = Duration::from_secs(2);
const AT_MOST: Duration = Duration::from_mins(10);

pub(super) async fn get(frame: Frame) -> Response {
    let Ok(place) = Arc::clone(&frame.panel.streams).try_acquire_owned() else {
        let status = StatusCode::SERVICE_UNAVAILABLE;
        let detail = "16 pages are live already; the Refresh link works.";
        let mut response = problem::of(status, "too-many-streams", "Too many streams", detail);
        response
            .headers_mut()
            .insert(RETRY_AFTER, HeaderValue::from_static("60"));
        return response;
    };
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut response = Response::new(Body::new(Stream {
        panel: frame.panel,
        ticks,
        ends: Instant::now() + AT_MOST,
        next: None,
        _place: place,
    }));
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    response
}

/// One listener's stream.
struct Stream {
    panel: Arc<Panel>,
    ticks: Interval,
    ends: Instant,
    next: Option<Pin<Box<dyn Future<Output = Bytes> + Send>>>,
    _place: OwnedSemaphorePermit,
}

impl http_body::Body for Stream {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<BodyFrame<Bytes>, Infallible>>> {
        loop {
            if let Some(next) = &mut self.next {
                let event = ready!(next.as_mut().poll(context));
                self.next = None;
                return Poll::Ready(Some(Ok(BodyFrame::data(event))));
            }
            if Instant::now() >= self.ends {
                return Poll::Ready(None);
            }
            ready!(self.ticks.poll_tick(context));
            let panel = Arc::clone(&self.panel);
            self.next = Some(Box::pin(async move { event(&panel).await }));
        }
    }
}

/// The texts of what is marked with `data-live`, by name. They were made for
/// HTML's eyes, and are JSON's strings here: no line break can end one.
async fn event(panel: &Panel) -> Bytes {
    let figures = Figures::now(panel).await;
    let mut texts = Map::new();
    for tile in figures.texts() {
        texts.insert(format!("{}-note", tile.live), Value::String(tile.note));
        texts.insert(tile.live.to_owned(), Value::String(tile.figure));
    }
    for cell in RateRow::all(&figures.window)
        .into_iter()
        .flat_map(|row| row.cells)
    {
        texts.insert(cell.live, Value::String(cell.figure));
    }
    Bytes::from(format!("retry: 5000\ndata: {}\n\n", Value::Object(texts)))
}
