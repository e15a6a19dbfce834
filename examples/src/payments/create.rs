//! `POST /v1/payments`: the operation that must not happen twice.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, LINK, LOCATION, SET_COOKIE};
use axum::response::{AppendHeaders, IntoResponse, Response};
use http_body::Frame;
use idempotent_runtime::idempotent;
use serde::Serialize;

use super::account::Account;
use super::card::Card;
use super::error::ApiError;
use super::ledger::Books;
use super::payment::{NewPayment, Payment, Status, fresh_id};
use super::routes::App;

/// Pays. Everything above the body is done by the attribute: the key, who may
/// see it, one run for any number of retries, and the same answer for all.
/// `transactional` has the same with effect and answer in one commit.
#[idempotent(scope = account, on_conflict = reject, state = App, name = "payments.create")]
pub(super) async fn create(
    account: Account,
    State(app): State<App>,
    Json(new): Json<NewPayment>,
) -> Result<Response, ApiError> {
    pay(&mut &*app.ledger, &account, new).await
}

/// What a payment is, whichever way its effect is kept.
pub(super) async fn pay(
    books: &mut dyn Books,
    account: &Account,
    new: NewPayment,
) -> Result<Response, ApiError> {
    if new.amount == 0 {
        return Err(ApiError::AmountZero);
    }
    let card: Card = new.card.parse().map_err(|_| ApiError::UnknownCard)?;
    let payment = Payment {
        id: fresh_id("pay")?,
        amount: new.amount,
        currency: new.currency,
        reference: new.reference,
        status: Status::Succeeded,
        refunded: 0,
        card,
    };
    charge(books, account, &payment).await?;
    Ok(created(&payment))
}

/// The effect, and how it ends. It is counted before anything can go wrong:
/// money may have moved even where the caller sees an error. Where the books are
/// open in the answer's transaction, an error takes the effect with it.
async fn charge(
    books: &mut dyn Books,
    account: &Account,
    payment: &Payment,
) -> Result<(), ApiError> {
    match payment.card {
        Card::Ok | Card::Large | Card::Stream | Card::Slow(_) => {
            books.pay(&account.0, payment).await?;
        }
        _ => books.effect(&payment.id, &payment.reference).await?,
    }
    match payment.card {
        Card::Ok | Card::Large | Card::Stream => Ok(()),
        // It is paid, and its answer is on the way for so long.
        Card::Slow(time) => {
            tokio::time::sleep(time).await;
            Ok(())
        }
        Card::Declined => Err(ApiError::Declined),
        Card::GatewayDown => Err(ApiError::GatewayDown),
        Card::RateLimited => Err(ApiError::RateLimited),
        Card::Bug => panic!("the card `tok_bug` always ends here"),
    }
}

/// Headers of every kind, so that one can see which of them a replay has.
fn created(payment: &Payment) -> Response {
    let path = format!("/v1/payments/{}", payment.id);
    let headers = AppendHeaders([
        (
            SET_COOKIE,
            format!("last_payment={}; Path=/v1; HttpOnly", payment.id),
        ),
        (LINK, format!("<{path}>; rel=\"self\"")),
        (LINK, format!("<{path}/refunds>; rel=\"refunds\"")),
        (LOCATION, path),
    ]);
    let body = match payment.card {
        Card::Large => large(payment),
        Card::Stream => streamed(payment),
        _ => Json(payment).into_response(),
    };
    (StatusCode::CREATED, headers, body).into_response()
}

/// Over the cap of one mebibyte for stored answers.
fn large(payment: &Payment) -> Response {
    #[derive(Serialize)]
    struct WithReceipt<'a> {
        #[serde(flatten)]
        payment: &'a Payment,
        receipt: String,
    }
    let receipt = "x".repeat(1 << 20);
    Json(WithReceipt { payment, receipt }).into_response()
}

/// In pieces, and of a length that nobody says.
fn streamed(payment: &Payment) -> Response {
    // Text and numbers always serialize.
    let bytes = serde_json::to_vec(payment).unwrap_or_default();
    let pieces = bytes.chunks(32).map(Bytes::copy_from_slice).collect();
    let body = Body::new(Pieces(pieces));
    ([(CONTENT_TYPE, "application/json")], body).into_response()
}

struct Pieces(std::collections::VecDeque<Bytes>);

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Poll::Ready(self.0.pop_front().map(|piece| Ok(Frame::data(piece))))
    }
}
