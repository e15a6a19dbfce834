//! What a service does for one request in lease mode: claim, its own commit,
//! completion.

use std::sync::Arc;

use super::race::Contender;
use super::raw::Raw;
use super::records::{AnyStore, claim, complete, fresh};

/// First requests with a business insert on a connection of each task's own.
pub fn with_a_business_insert<R: Raw>(raw: &R, store: &AnyStore) -> Contender {
    let (raw, store) = (raw.clone(), Arc::clone(store));
    Contender::new("claim, INSERT, complete", move |_, mut pace| {
        let (raw, store) = (raw.clone(), Arc::clone(&store));
        async move {
            let mut line = raw.line().await;
            R::commit(&mut line).await;
            pace.begin().await;
            while pace.go_on() {
                let id = fresh();
                let claimed = claim(&*store, id).await;
                R::commit(&mut line).await;
                complete(&*store, id, claimed).await;
            }
            pace
        }
    })
    .against(R::COMMIT)
}
