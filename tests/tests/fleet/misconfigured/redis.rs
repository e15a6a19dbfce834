//! Redis: a policy that evicts, a wrong password, a user without rights, no
//! memory left.

use xtask::servers::{Redis, Scratch, Server};

use super::{as_user, asked, is_refused};
use crate::client::payment;
use crate::instances::Instance;

async fn call(url: &str, command: &str) {
    let client = redis::Client::open(url).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let mut parts = command.split(' ');
    let mut cmd = redis::cmd(parts.next().unwrap());
    parts.for_each(|part| {
        cmd.arg(part);
    });
    cmd.query_async::<()>(&mut connection).await.unwrap();
}

/// A server of its own, as these tests change its settings.
fn private() -> (Redis, Scratch) {
    let scratch = Scratch::new().expect("a temporary directory");
    let redis = Redis::start(&scratch.join("redis")).expect("a private Redis");
    (redis, scratch)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_evicts_is_refused_with_the_reason() {
    let (redis, _scratch) = private();
    call(&redis.url(), "CONFIG SET maxmemory 100mb").await;
    call(&redis.url(), "CONFIG SET maxmemory-policy allkeys-lru").await;
    is_refused(
        &redis.url(),
        &["allkeys-lru", "evict", "maxmemory-policy noeviction"],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_without_rights_is_refused_by_what_it_lacks() {
    let (redis, _scratch) = private();
    is_refused(&as_user(&redis.url(), "nobody"), &["password"]);
    let rule = "ACL SETUSER app on >hunter2 ~* &* +@all -set";
    call(&redis.url(), rule).await;
    is_refused(&as_user(&redis.url(), "app"), &["+set"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_server_refuses_new_payments_and_replays_old_ones() {
    let (redis, _scratch) = private();
    let service = Instance::start(&redis.url(), "1s");
    let paid = asked(service.address, &payment("old", "tok_ok")).await;
    call(&redis.url(), "CONFIG SET maxmemory 1").await;
    let refused = asked(service.address, &payment("new", "tok_ok")).await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (503, "store-full")
    );
    assert!(refused.header("retry-after").is_some());
    let replay = asked(service.address, &payment("old", "tok_ok")).await;
    assert_eq!((replay.is_replay(), replay.body), (true, paid.body));
    is_refused(&redis.url(), &["is full", "raise its limits"]);
    call(&redis.url(), "CONFIG SET maxmemory 0").await;
    let room = asked(service.address, &payment("new", "tok_ok")).await;
    assert_eq!(room.status, 201);
}
