//! What the pages ask of the store: read-only, each within a few seconds.

use super::panel::Panel;
use super::refusal::Refusal;
use super::store_health::PATIENCE;
use crate::answer::Answer;
use crate::record::{RecordId, RecordView};
use crate::store::{Listing, Page, StoreError, StoreFuture};

pub(super) async fn record(panel: &Panel, id: &RecordId) -> Result<Option<RecordView>, Refusal> {
    let store = panel.idempotency().store();
    Ok(within(panel, "inspect", store.inspect(id)).await?)
}

pub(super) async fn answer(panel: &Panel, id: &RecordId) -> Result<Option<Answer>, Refusal> {
    let store = panel.idempotency().store();
    Ok(within(panel, "answer", store.answer(id)).await?)
}

/// A list may read ten thousand records, so it has the store's own timeout.
pub(super) async fn list(panel: &Panel, listing: &Listing) -> Result<Page, Refusal> {
    let idempotency = panel.idempotency();
    let list = idempotency.store().list(listing);
    Ok(idempotency.engine.within_timeout("list", list).await?)
}

async fn within<T>(
    panel: &Panel,
    verb: &'static str,
    answer: StoreFuture<'_, T>,
) -> Result<T, StoreError> {
    let engine = &panel.idempotency().engine;
    let patience = PATIENCE.min(engine.settings.store_timeout);
    engine.within(patience, verb, answer).await
}
