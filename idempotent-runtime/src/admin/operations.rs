//! `/operations`: what this binary promises, beside how it is called.

use askama::Template;
use axum::response::Response;
use http::StatusCode;

use super::frame::Frame;
use super::rate_rows::RateRow;
use super::{link, respond, shown};
use crate::contract::OperationContract;
use crate::policy::OnInterrupt;

#[derive(Template)]
#[template(path = "admin/operations.html")]
struct Operations {
    frame: Frame,
    promised: Vec<Operation>,
    /// Called, and not annotated.
    layered: Vec<String>,
    rates: Vec<RateRow>,
    window: String,
}

struct Operation {
    name: String,
    mode: &'static str,
    records: String,
    promises: Vec<(&'static str, String)>,
}

pub(super) async fn get(frame: Frame) -> Response {
    let contract = frame.panel.idempotency().spec();
    let window = frame.panel.rates.now();
    let called = window.operations.iter().map(|it| it.operation);
    let layered = called.filter(|name| contract.operation(name).is_none());
    let operations = contract.operations().iter();
    let page = Operations {
        promised: operations.map(|it| Operation::of(&frame, it)).collect(),
        layered: layered.map(shown::text).collect(),
        rates: RateRow::all(&window),
        window: shown::span(window.time),
        frame,
    };
    respond::page(StatusCode::OK, &page)
}

impl Operation {
    fn of(frame: &Frame, operation: &OperationContract) -> Self {
        let path = format!(
            "/records{}",
            link::query(&[("operation", Some(operation.name()))])
        );
        let names = [
            "Key",
            "Scope",
            "Fingerprint",
            "Duplicates",
            "Replayed",
            "Final",
        ];
        let promises = operation.promises().into_iter().zip(names);
        let mut promises: Vec<_> = promises.map(|((_, text), name)| (name, text)).collect();
        let spec = operation.spec();
        let settings = &frame.panel.idempotency().engine.settings;
        let lease = spec.lease.unwrap_or(settings.lease.duration());
        promises.push((
            "Lease",
            format!("{}, renewed at a third of it", shown::span(lease)),
        ));
        let interrupted = match spec.on_interrupt {
            OnInterrupt::Rerun => "a retry runs again",
            OnInterrupt::Reject => "a retry gets 409, outcome unknown, until the record expires",
            OnInterrupt::Recover => "the operation's own function finds out what happened",
        };
        promises.push(("Interrupted", interrupted.to_owned()));
        if let Some(age) = spec.max_key_age {
            promises.push(("Key age", format!("at most {}", shown::span(age))));
        }
        if let Some(millionths) = spec.rerun_safe_sample {
            let percent = f64::from(millionths) / 1e4;
            promises.push((
                "Reruns",
                format!("behind {percent} % of replays, with all effects: to find drift"),
            ));
        }
        Self {
            name: shown::text(operation.name()),
            mode: operation.mode_word(),
            records: frame.link(&path),
            promises,
        }
    }
}
