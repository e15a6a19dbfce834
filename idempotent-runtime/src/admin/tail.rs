//! The last parts of an address. A prefix may have parts of its own, such as
//! a tenant, which the page does not look at.

use std::sync::Arc;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::response::Response;
use http::request::Parts;

use super::frame::Frame;
use super::panel::Panel;
use super::respond;

/// The last `N` parameters of the route.
pub(super) struct Tail<const N: usize>(pub(super) [String; N]);

impl<const N: usize> FromRequestParts<Arc<Panel>> for Tail<N> {
    type Rejection = Response;

    async fn from_request_parts(
        parts: &mut Parts,
        panel: &Arc<Panel>,
    ) -> Result<Self, Self::Rejection> {
        let all: Vec<String> = match RawPathParams::from_request_parts(parts, panel).await {
            Ok(params) => params.iter().map(|(_, value)| value.to_owned()).collect(),
            Err(_) => Vec::new(), // No text: it leads nowhere.
        };
        if let Some(last) = all.last_chunk() {
            return Ok(Self(last.clone()));
        }
        let Ok(frame) = Frame::from_request_parts(parts, panel).await;
        Err(respond::not_found(&frame))
    }
}
