//! The crate `idempotent` on the same server: its own way to claim, complete
//! and replay, on a connection of the same kind.

use std::time::Duration;

use bytes::Bytes;
use idempotent::valkey::ValkeyStore;
use idempotent::{CachedResponse, ExecutionOutcome, IdempotencyKey, IdempotencyStore, Metadata};

use crate::stores::race::Contender;
use crate::stores::records::number;

const LEASE: Duration = Duration::from_secs(30);
const TTL: Duration = Duration::from_secs(24 * 3600);
/// As large as our answers.
static BODY: [u8; 300] = [1; 300];

/// Its store.
#[derive(Clone)]
pub struct Peer(ValkeyStore);

impl Peer {
    pub async fn connect(url: &str) -> Self {
        let store = ValkeyStore::with_url(url).prefix("peer").try_build();
        Self(store.await.expect("the peer's store"))
    }

    pub fn first_requests(&self) -> Contender {
        let peer = self.clone();
        Contender::each("idempotent 2.0.0: claim+complete", move || {
            let peer = peer.clone();
            async move {
                let outcome = peer.ask(number()).await;
                assert!(matches!(outcome, ExecutionOutcome::Executed(_)));
            }
        })
    }

    pub async fn retries(&self) -> Contender {
        let key = number();
        self.ask(key).await;
        let peer = self.clone();
        Contender::each("idempotent 2.0.0: replay", move || {
            let peer = peer.clone();
            async move {
                let outcome = peer.ask(key).await;
                assert!(matches!(outcome, ExecutionOutcome::Replayed(_)));
            }
        })
    }

    async fn ask(&self, key: u64) -> ExecutionOutcome<CachedResponse> {
        let key = IdempotencyKey::new(key.to_string()).expect("a key");
        self.0
            .claim(&key, LEASE)
            .fingerprint("POST /pay", b"")
            .execute_or_replay(TTL, |_| async {
                let body = Bytes::from_static(&BODY);
                Ok(CachedResponse::new(200, Metadata::new(), body))
            })
            .await
            .expect("the peer's store answers")
    }
}
