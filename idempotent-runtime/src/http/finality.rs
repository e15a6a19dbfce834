//! Which responses are final: stored, and replayed to every retry.

use axum::response::Response;
use http::StatusCode;

use crate::policy::{Mode, Persist, PersistRule, Spec};

/// Whether a response is final: its own word first, then the operation's rule.
pub(super) fn of(
    spec: &Spec,
    classify: impl FnOnce(&Response) -> Persist,
    response: &Response,
) -> Persist {
    if let Some(own) = response.extensions().get::<Persist>() {
        return *own;
    }
    let status = response.status();
    let is_final = match spec.persist {
        PersistRule::Custom => return classify(response),
        PersistRule::All => true,
        PersistRule::Success => is_success(status),
        // The layer cannot tell a handler's answer from a rejection.
        PersistRule::Default if spec.mode == Mode::Layer => is_success(status),
        PersistRule::Default => is_final(status),
    };
    if is_final { Persist::Yes } else { Persist::No }
}

fn is_success(status: StatusCode) -> bool {
    status.is_success() || status.is_redirection()
}

/// A refusal is an answer too, unless it says "not now" or "not like this".
fn is_final(status: StatusCode) -> bool {
    let passing = matches!(status.as_u16(), 401 | 408 | 409 | 423 | 425 | 429);
    is_success(status) || (status.is_client_error() && !passing)
}
