//! `POST /lookup`: from an operation, a scope and a key to the record's id.
//! The key comes in the body and goes nowhere else: what follows it is 303 to
//! an address with the id.

use askama::Template;
use axum::extract::Form;
use axum::extract::rejection::FormRejection;
use axum::response::Response;
use http::StatusCode;

use super::frame::Frame;
use super::lookup_form::LookupForm;
use super::panel::Panel;
use super::{link, respond};
use crate::key::Key;
use crate::policy::ScopeKind;
use crate::record::RecordId;
use crate::scope::Scope;

/// What was typed, or sent as JSON.
pub(super) struct Asked<'a> {
    pub(super) operation: &'a str,
    pub(super) scope: &'a str,
    pub(super) key: &'a str,
}

/// What of it cannot be, in words.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) operation: Option<String>,
    pub(super) scope: Option<String>,
    pub(super) key: Option<String>,
}

#[derive(Template)]
#[template(path = "admin/lookup.html")]
struct LookupPage {
    frame: Frame,
    lookup: LookupForm,
    wrong: Option<&'static str>,
}

/// `GET /lookup`: the form alone, where somebody comes back to the address.
pub(super) async fn get(frame: Frame) -> Response {
    let lookup = LookupForm::empty(&frame);
    let page = LookupPage {
        lookup,
        wrong: None,
        frame,
    };
    respond::page(StatusCode::OK, &page)
}

pub(super) async fn post(
    frame: Frame,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Response {
    let pairs = form.map(|Form(pairs)| pairs).unwrap_or_default();
    let text = |name| link::sent(&pairs, name).unwrap_or_default().trim();
    let asked = Asked {
        operation: text("operation"),
        scope: text("scope"),
        key: text("key"),
    };
    match asked.id(&frame.panel) {
        Ok(id) => {
            let operation = link::query(&[("operation", Some(asked.operation))]);
            respond::see_other(&frame.link(&format!("/records/{id}{operation}")))
        }
        Err(wrong) => {
            let lookup = LookupForm {
                operation: asked.operation.to_owned(),
                scope: asked.scope.to_owned(),
                key: asked.key.to_owned(),
                wrong_operation: wrong.operation,
                wrong_scope: wrong.scope,
                wrong_key: wrong.key,
                ..LookupForm::empty(&frame)
            };
            let wrong = Some("This cannot be a key's record. See below.");
            let page = LookupPage {
                frame,
                lookup,
                wrong,
            };
            respond::page(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

impl Asked<'_> {
    /// The record's id, whether there is a record or not.
    pub(super) fn id(&self, panel: &Panel) -> Result<RecordId, Wrong> {
        let contract = panel.idempotency().spec();
        let known = contract.operation(self.operation);
        let is_public = known.is_some_and(|it| it.spec().scope == ScopeKind::Public);
        let scope = match self.scope {
            "" if is_public || known.is_none() => Some(Scope::public()),
            text => Scope::of_text(text),
        };
        // A header's key may be pasted as it was sent, in quotes.
        let is_quoted = self.key.starts_with('"') && known.is_none_or(|it| it.header().is_some());
        let key = if is_quoted {
            crate::http::parse_key(self.key.as_bytes())
        } else {
            Key::new(self.key)
        };
        let mut wrong = Wrong::default();
        if self.operation.is_empty() {
            wrong.operation = Some("An operation is needed: each has keys of its own.".to_owned());
        }
        if scope.is_none() {
            wrong.scope = Some(match self.scope {
                "" => "This operation's keys belong to somebody: whose is it?".to_owned(),
                _ => {
                    "Parts are joined by /, none is empty; within a part / is %2F, % is %25 and * \
                      is %2A."
                        .to_owned()
                }
            });
        }
        match (scope, key) {
            (Some(scope), Ok(key)) if wrong == Wrong::default() => {
                Ok(panel.idempotency().record_id(self.operation, &scope, &key))
            }
            (_, key) => {
                wrong.key = key.err().map(|error| format!("{error}."));
                Err(wrong)
            }
        }
    }
}
