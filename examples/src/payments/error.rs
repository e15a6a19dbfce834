//! The service's own refusals. Idempotency's are problem documents, and look
//! different on purpose: a client must be able to tell them apart.

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::{HeaderName, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::ledger::LedgerError;

/// Why a request was not done.
#[derive(Debug, thiserror::Error)]
pub(super) enum ApiError {
    /// There is no account.
    #[error("send `Authorization: Bearer <account>`")]
    NotAuthenticated,
    /// A payment of nothing.
    #[error("the amount must be at least 1")]
    AmountZero,
    /// Not one of the test cards.
    #[error("the card is none of the test cards")]
    UnknownCard,
    /// The bank said no.
    #[error("the card was declined")]
    Declined,
    /// The bank did not answer.
    #[error("the card network does not answer; try again")]
    GatewayDown,
    /// The bank wants fewer calls.
    #[error("the card network asks for fewer calls; try again later")]
    RateLimited,
    /// The account has no such payment.
    #[error("this account has no such payment")]
    NoSuchPayment,
    /// More than was paid would go back.
    #[error("only {left} of this payment are left to refund")]
    RefundTooLarge {
        /// In the payment's minor unit.
        left: u32,
    },
    /// The database failed. Its reason is for our own people, at `/healthz`.
    #[error("the service cannot reach its books; try again later")]
    Ledger(#[from] LedgerError),
    /// The system has no randomness for an id.
    #[error("the system has no randomness to make an id of")]
    NoRandomness(#[from] getrandom::Error),
}

impl ApiError {
    /// The status decides what a retry meets: 402, 404 and 422 are answers,
    /// and are replayed; 429, 500, 502 and 503 release the key.
    fn status(&self) -> (StatusCode, &'static str) {
        match self {
            Self::NotAuthenticated => (StatusCode::UNAUTHORIZED, "not_authenticated"),
            Self::AmountZero => (StatusCode::UNPROCESSABLE_ENTITY, "amount_zero"),
            Self::UnknownCard => (StatusCode::UNPROCESSABLE_ENTITY, "card_unknown"),
            Self::Declined => (StatusCode::PAYMENT_REQUIRED, "card_declined"),
            Self::GatewayDown => (StatusCode::BAD_GATEWAY, "gateway_down"),
            Self::RateLimited => (StatusCode::TOO_MANY_REQUESTS, "rate_limited"),
            Self::NoSuchPayment => (StatusCode::NOT_FOUND, "payment_not_found"),
            Self::RefundTooLarge { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "refund_too_large"),
            Self::Ledger(LedgerError::Unavailable { .. }) => {
                (StatusCode::SERVICE_UNAVAILABLE, "books_unavailable")
            }
            Self::Ledger(LedgerError::Refused { .. }) | Self::NoRandomness(_) => {
                (StatusCode::INTERNAL_SERVER_ERROR, "internal")
            }
        }
    }

    fn header(&self) -> Option<(HeaderName, &'static str)> {
        match self {
            Self::NotAuthenticated => Some((WWW_AUTHENTICATE, "Bearer")),
            Self::RateLimited | Self::Ledger(LedgerError::Unavailable { .. }) => {
                Some((RETRY_AFTER, "1"))
            }
            _ => None,
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, code) = self.status();
        let body = json!({ "error": { "code": code, "message": self.to_string() } });
        let mut response = (status, Json(body)).into_response();
        if let Some((name, value)) = self.header() {
            response
                .headers_mut()
                .insert(name, axum::http::HeaderValue::from_static(value));
        }
        response
    }
}
