//! `POST /v1/payments/{id}/refunds`: an operation whose duplicates wait.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use idempotent_runtime::idempotent;

use super::account::Account;
use super::card::Card;
use super::error::ApiError;
use super::ledger::{Books, Refunded};
use super::payment::{NewRefund, Refund, fresh_id};
use super::routes::App;

/// Gives back. A duplicate waits for the first one's answer, as a person does
/// who pressed the button twice.
#[idempotent(scope = account, on_conflict = wait("5s"), state = App, name = "payments.refund")]
pub(super) async fn refund(
    account: Account,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(new): Json<NewRefund>,
) -> Result<Response, ApiError> {
    give_back(&mut &*app.ledger, &account, &id, &new).await
}

/// What a refund is, whichever way its effect is kept.
pub(super) async fn give_back(
    books: &mut dyn Books,
    account: &Account,
    id: &str,
    new: &NewRefund,
) -> Result<Response, ApiError> {
    if new.amount == 0 {
        return Err(ApiError::AmountZero);
    }
    let refund = fresh_id("ref")?;
    let given = books.refund(&account.0, id, &refund, new.amount);
    let payment = match given.await? {
        Refunded::Done(payment) => payment,
        Refunded::TooMuch { left } => return Err(ApiError::RefundTooLarge { left }),
        Refunded::Unknown => return Err(ApiError::NoSuchPayment),
    };
    // It takes the way back that the payment came.
    if let Card::Slow(time) = payment.card {
        tokio::time::sleep(time).await;
    }
    let refund = Refund {
        id: refund,
        payment: payment.id,
        amount: new.amount,
        currency: payment.currency,
        refunded: payment.refunded,
    };
    Ok((StatusCode::CREATED, Json(refund)).into_response())
}
