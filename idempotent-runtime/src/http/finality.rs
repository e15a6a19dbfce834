//! Which responses are final: stored, and replayed to every retry.

use axum::response::Response;

use crate::policy::{Persist, Spec};

/// Whether a response is final: its own word first, then the operation's rule.
pub(super) fn of(
    spec: &Spec,
    classify: impl FnOnce(&Response) -> Persist,
    response: &Response,
) -> Persist {
    if let Some(own) = response.extensions().get::<Persist>() {
        return *own;
    }
    match spec.is_final(response.status().as_u16()) {
        Some(true) => Persist::Yes,
        Some(false) => Persist::No,
        None => classify(response),
    }
}
