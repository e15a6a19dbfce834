//! What the server's access list must allow: the rule in the store's chapter
//! is enough, and less than it is noticed by a check.

use std::sync::Arc;

use idempotent_runtime::RedisStore;
use idempotent_runtime::conformance::{Suite, check};
use idempotent_runtime::store::StoreError;
use idempotent_runtime::store::redis::RedisWarning;

use crate::server::{Private, QUIET};

/// The chapter's own words are tested.
const CHAPTER: &str = include_str!("../../../idempotent-runtime/docs/stores/redis.md");

fn rule() -> &'static str {
    CHAPTER
        .lines()
        .find(|line| line.starts_with("ACL SETUSER"))
        .expect("the chapter has the rule")
}

async fn store_under(server: &Private, rule: &str) -> Result<RedisStore, StoreError> {
    let mut raw = server.raw().await;
    let () = raw.call("ACL DELUSER app").await;
    let () = raw.call(rule).await;
    let url = format!("redis://app:secret@127.0.0.1:{}/", server.redis.port());
    RedisStore::connect(&url).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_chapters_rule_is_enough() {
    let _quiet = QUIET.write().await;
    let server = Private::launch();
    let () = server.raw().await.call("CONFIG SET appendonly no").await;
    let store = store_under(&server, rule()).await.unwrap();
    let warnings = store.check().await.unwrap();
    assert_eq!(warnings, [RedisWarning::NoAppendOnlyFile]);
    check(store).await.assert_passed();
}

#[tokio::test]
async fn each_command_that_is_missing_is_named() {
    let server = Private::start().await;
    let commands = [
        "evalsha", "eval", "get", "set", "getrange", "setrange", "strlen", "del", "pexpire", "time",
    ];
    for command in commands {
        // A right may be missing for what was loaded with it, too.
        let () = server.raw().await.call("SCRIPT FLUSH").await;
        let lesser = rule().replace(&format!(" +{command} "), " ");
        assert_ne!(lesser, rule(), "the rule grants {command}");
        let store = store_under(&server, &lesser).await.unwrap();
        match store.check().await {
            Err(StoreError::Misconfigured { what }) => {
                assert!(what.contains(&format!("+{command}")), "{command}: {what}");
            }
            other => panic!("{command}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn keys_and_channels_that_are_missing_are_told() {
    let server = Private::start().await;
    let store = store_under(&server, &rule().replace("~idem:*", "~other:*"))
        .await
        .unwrap();
    match store.check().await {
        Err(StoreError::Misconfigured { what }) => assert!(what.contains("~PREFIX*"), "{what}"),
        other => panic!("{other:?}"),
    }
    let store = store_under(&server, &rule().replace(" &idem:*", ""))
        .await
        .unwrap();
    assert_eq!(
        store.check().await.unwrap(),
        [RedisWarning::NotificationsFail]
    );
    // Duplicates poll then.
    let suite = Suite::new(Arc::new(store)).only("a wait ends with a completion");
    let report = suite.run().await;
    report.assert_passed();
    assert_eq!(report.passed(), 1);
}

#[tokio::test]
async fn a_user_who_may_not_see_settings_is_warned() {
    let server = Private::start().await;
    let store = store_under(&server, &rule().replace(" +info", ""))
        .await
        .unwrap();
    assert_eq!(store.check().await.unwrap(), [RedisWarning::Unseen]);
}
