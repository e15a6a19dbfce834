//! The reading half of the JSON side.

use axum::Json;
use axum::extract::Query;
use axum::extract::rejection::JsonRejection;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::super::answer_shown::AnswerShown;
use super::super::figures::Figures;
use super::super::filter::Filter;
use super::super::frame::Frame;
use super::super::lookup::Asked;
use super::super::refusal::Refusal;
use super::super::tail::Tail;
use super::super::{finding, findings as kinds, link, reading};
use super::shapes;
use crate::record::RecordId;
use crate::telemetry::Class;

type Pairs = Query<Vec<(String, String)>>;

pub(super) async fn overview(frame: Frame) -> Response {
    let figures = Figures::now(&frame.panel).await;
    let idempotency = frame.panel.idempotency();
    let operations = figures.window.operations.iter().map(|it| {
        let mut calls: Map<String, Value> = Map::new();
        for class in Class::ALL {
            calls.insert(class.as_str().to_owned(), it.of(*class).into());
        }
        json!({ "operation": it.operation, "calls": calls })
    });
    let operations: Vec<_> = operations.collect();
    let oldest: Vec<_> = figures
        .flight
        .iter()
        .take(100)
        .map(shapes::in_flight)
        .collect();
    let kind = idempotency.store().kind().as_str();
    json(json!({
        "process": idempotency.engine.settings.owner,
        "taken": frame.now.iso(),
        "store": shapes::store(kind, &figures.store),
        "in_flight": figures.in_flight,
        "max_in_flight": figures.max_in_flight,
        "oldest_in_flight": oldest,
        "findings": idempotency.findings().len(),
        "window_seconds": figures.window.time.as_secs_f64(),
        "operations": operations,
    }))
}

pub(super) async fn records(Query(pairs): Pairs, frame: Frame) -> Response {
    let page = match Filter::read(&pairs) {
        Ok(filter) => reading::list(&frame.panel, &filter.listing()).await,
        Err(refusal) => Err(refusal),
    };
    match page {
        Ok(page) => json(json!({
            "records": page.records.iter().map(|it| shapes::record(&frame, it)).collect::<Vec<_>>(),
            "next": page.next.map(|next| next.to_string()),
            "scanned": page.scanned,
            "total": page.total,
            "is_ordered": page.is_ordered,
        })),
        Err(refusal) => refusal.problem(),
    }
}

pub(super) async fn record(Tail([id]): Tail<1>, frame: Frame) -> Response {
    match link::record_id(&id) {
        Some(id) => answer(&frame, &id).await,
        None => unreadable("A record's id is 64 hexadecimal digits."),
    }
}

/// The key in the body, as everywhere: an address stands in logs.
pub(super) async fn lookup(frame: Frame, asked: Result<Json<Value>, JsonRejection>) -> Response {
    let asked = match asked {
        Ok(Json(asked)) => asked,
        Err(error) => return unreadable(&error.body_text()),
    };
    let text = |name: &str| asked.get(name).and_then(Value::as_str).unwrap_or_default();
    let asked = Asked {
        operation: text("operation"),
        scope: text("scope"),
        key: text("key"),
    };
    match asked.id(&frame.panel) {
        Ok(id) => answer(&frame, &id).await,
        Err(wrong) => {
            let all = [
                ("operation", wrong.operation),
                ("scope", wrong.scope),
                ("key", wrong.key),
            ];
            let all = all
                .into_iter()
                .filter_map(|(name, why)| Some(format!("{name}: {}", why?)));
            unreadable(&all.collect::<Vec<_>>().join(" "))
        }
    }
}

async fn answer(frame: &Frame, id: &RecordId) -> Response {
    let view = match reading::record(&frame.panel, id).await {
        Ok(Some(view)) => view,
        Ok(None) => return Refusal::NoRecord.problem(),
        Err(refusal) => return refusal.problem(),
    };
    let stored = AnswerShown::of(frame, &view).await;
    let mut record = shapes::record(frame, &view);
    record["answer"] = stored.map_or(Value::Null, shapes::answer);
    json(record)
}

pub(super) async fn findings(Query(pairs): Pairs, frame: Frame) -> Response {
    let sent = link::sent(&pairs, "kind");
    let kind = sent.map(kinds::kind);
    if kind == Some(None) {
        return unreadable("`kind` is none of the kinds; the document lists them.");
    }
    let all = frame.panel.idempotency().findings();
    let all = all
        .iter()
        .filter(|it| kind.is_none_or(|kind| kind == Some(it.kind)));
    json(json!({ "findings": all.map(shapes::finding).collect::<Vec<_>>() }))
}

pub(super) async fn finding(Tail([id]): Tail<1>, frame: Frame) -> Response {
    match finding::find(&frame.panel, &id) {
        Some(finding) => json(shapes::finding(&finding)),
        None => Refusal::NoFinding.problem(),
    }
}

pub(super) async fn operations(frame: Frame) -> Response {
    Json(frame.panel.idempotency().spec()).into_response()
}

fn unreadable(detail: &str) -> Response {
    Refusal::Unreadable(detail.to_owned()).problem()
}

pub(super) fn json(value: Value) -> Response {
    Json(value).into_response()
}
