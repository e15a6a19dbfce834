//! Sealed answers inside transactions.

use std::sync::Arc;

use idempotent_runtime::Transactional;
use idempotent_runtime::store::{Encrypted, Keyring};

use super::Base;
use super::service::Service;

#[tokio::test]
async fn an_answer_is_sealed_inside_its_transaction_too() {
    let base = Base::new().await;
    let service = |key: u8| {
        let store = base.store(3);
        let records = Encrypted::new(store.clone(), Keyring::new(1, &[key; 32]));
        let sealed = Transactional::over(store.clone(), Arc::new(records), |bounds| bounds);
        Service::with(sealed.unwrap(), store)
    };
    for uri in ["/pay", "/pay-fenced", "/pay-late"] {
        let first = service(7).ask(uri, uri, "pay").send().await;
        assert_eq!(first.answer(), (200, "paid 1"), "{uri}");
        let replay = service(7).ask(uri, uri, "pay").send().await;
        assert_eq!(replay.answer(), (200, "paid 1"), "{uri}");
        assert!(replay.is_replay());
        // Another key opens nothing, and nothing runs again.
        let stranger = service(8).ask(uri, uri, "pay").send().await;
        assert_eq!(stranger, (503, "store-unavailable"), "{uri}");
        assert_eq!(base.effects(uri).await, 1);
    }
}
