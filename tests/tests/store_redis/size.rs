//! What a record costs the server, as the store's chapter says.

use idempotent_runtime::Answer;
use idempotent_runtime::outcome::ClaimOutcome;
use idempotent_runtime::store::Store;

use crate::server::{Private, claim};

#[tokio::test]
async fn a_record_costs_no_more_memory_than_the_chapter_says() {
    let server = Private::start().await;
    let (store, mut raw) = (server.store().await, server.raw().await);
    let mut claim = claim();
    claim.operation = "shop::orders::create";
    claim.owner = "shop-7d4f9c-2xk8p";
    claim.trace = Some([7; 25]);
    let usage = format!("MEMORY USAGE idem:{}", claim.id);

    let ClaimOutcome::Claimed(claimed) = store.claim(&claim).await.unwrap() else {
        panic!("a fresh record is claimed");
    };
    let running: u64 = raw.call(&usage).await;
    let answer = Answer::from_bytes(vec![2; 300]);
    store
        .complete(&claim.id, &claim.token, claimed.fence, &answer, claim.ttl)
        .await
        .unwrap();
    let done: u64 = raw.call(&usage).await;
    let bytes: u64 = raw.call(&format!("STRLEN idem:{}", claim.id)).await;
    println!("running {running} bytes, done {done} bytes, of which {bytes} are the value");
    assert_eq!(bytes, 101 + 3 * 5 + 20 + 17 + 25 + 300);
    assert!(
        running <= 336 && done <= 656,
        "running {running}, done {done}"
    );
}
