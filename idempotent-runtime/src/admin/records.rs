//! `/records`: the records of the store, a page at a time, with its filter in
//! the address.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use http::StatusCode;

use super::filter::Filter;
use super::flight_rows::short;
use super::frame::Frame;
use super::moment::Moment;
use super::refusal::Refusal;
use super::state_words::{self, LISTED};
use super::{reading, respond, shown};
use crate::contract::OperationContract;
use crate::record::{RecordView, State};
use crate::store::Page;

#[derive(Template)]
#[template(path = "admin/records.html")]
struct Records {
    frame: Frame,
    filter: Filter,
    names: Vec<&'static str>,
    rows: Vec<Row>,
    /// How much of what there is this page shows.
    extent: String,
    is_ordered: bool,
    next: Option<String>,
    first: Option<String>,
    store_failure: Option<String>,
    unsupported: Option<String>,
}

struct Row {
    link: String,
    short: String,
    operation: String,
    state: &'static str,
    tone: &'static str,
    fence: u64,
    attempts: String,
    started: Moment,
    age: String,
    remaining: String,
    size: String,
}

pub(super) async fn get(Query(pairs): Query<Vec<(String, String)>>, frame: Frame) -> Response {
    let filter = match Filter::read(&pairs) {
        Ok(filter) => filter,
        Err(refusal) => return refusal.page(&frame),
    };
    let (page, failure) = match reading::list(&frame.panel, &filter.listing()).await {
        Ok(page) => (page, None),
        Err(refusal) => (Page::default(), Some(refusal)),
    };
    let status = match &failure {
        None => StatusCode::OK,
        Some(Refusal::Unsupported(_)) => StatusCode::NOT_IMPLEMENTED,
        Some(_) => StatusCode::SERVICE_UNAVAILABLE,
    };
    let (unsupported, store_failure) = match &failure {
        Some(refusal @ Refusal::Unsupported(_)) => (Some(refusal.detail()), None),
        Some(refusal) => (None, Some(refusal.detail())),
        None => (None, None),
    };
    let contract = frame.panel.idempotency().spec();
    let page = Records {
        names: contract
            .operations()
            .iter()
            .map(OperationContract::name)
            .collect(),
        rows: page.records.iter().map(|it| Row::of(&frame, it)).collect(),
        extent: extent(&page, &filter),
        is_ordered: page.is_ordered || failure.is_some(),
        next: page
            .next
            .as_ref()
            .map(|next| frame.link(&filter.path(Some(next)))),
        first: filter
            .after
            .as_ref()
            .map(|_| frame.link(&filter.path(None))),
        store_failure,
        unsupported,
        filter,
        frame,
    };
    respond::page(status, &page)
}

/// What a page says of itself: all there is, or how much was read for it.
fn extent(page: &Page, filter: &Filter) -> String {
    let records = page.records.len() as u64;
    let noun = if records == 1 { "record" } else { "records" };
    let shown = shown::count(records);
    if page.next.is_none() && filter.after.is_none() {
        return format!("{shown} {noun}, all that match");
    }
    let read = shown::count(page.scanned);
    let of = match page.total {
        Some(total) => format!(" of about {}", shown::count(total)),
        None => String::new(),
    };
    let end = if page.next.is_none() {
        "; this is the last page"
    } else {
        ""
    };
    if page.scanned > records {
        format!("{shown} {noun} on this page, scanned {read}{of}{end}")
    } else {
        format!("{shown} {noun} on this page{of}{end}")
    }
}

impl Records {
    fn states(&self) -> impl Iterator<Item = (&'static str, &'static str, bool)> {
        let chosen = self.filter.state.map(|(code, _)| code);
        LISTED
            .iter()
            .map(move |(code, word, _)| (*code, *word, chosen == Some(*code)))
    }

    fn operation(&self) -> &str {
        self.filter.operation.as_deref().unwrap_or_default()
    }

    fn is_filtered(&self) -> bool {
        self.filter.state.is_some() || self.filter.operation.is_some()
    }
}

impl Row {
    fn of(frame: &Frame, view: &RecordView) -> Self {
        let (state, tone, _) = state_words::of(view.state);
        let remaining = match view.state {
            State::Running { remaining } => format!("lease {}", shown::left(remaining)),
            _ => shown::left(view.expires_in),
        };
        Self {
            link: frame.link(&format!("/records/{}", view.id)),
            short: short(&view.id),
            operation: operation(&view.operation),
            state,
            tone,
            fence: view.fence.get(),
            attempts: shown::count(view.attempts.into()),
            started: frame.now.before(view.age),
            age: shown::span(view.age),
            remaining,
            size: view
                .answer_bytes
                .map_or_else(|| "–".to_owned(), shown::size),
        }
    }
}

/// A record's operation, where the store keeps it.
pub(super) fn operation(name: &str) -> String {
    match name {
        "" => "not kept".to_owned(),
        name => shown::text(name),
    }
}
