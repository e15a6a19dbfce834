//! Clusters, and what is said to their nodes past the store.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use idempotent_runtime::record::{RecordId, ScopeDigest};
use idempotent_runtime::store::Claim;
use idempotent_runtime::{Lease, RedisClusterStore, Scope, Token, Ttl};
use redis::{Client, FromRedisValue};
use tokio::sync::{RwLock, RwLockReadGuard};
use xtask::servers::{Kind, RedisCluster, Scratch};

/// The conformance suite has records that live for a tenth of a second: it
/// runs while no other test burdens the disk.
pub(crate) static QUIET: RwLock<()> = RwLock::const_new(());

/// A cluster of one test.
pub(crate) struct Private {
    // In this order: the directory goes after the servers.
    pub(crate) cluster: RedisCluster,
    _scratch: Scratch,
    _noise: Option<RwLockReadGuard<'static, ()>>,
}

impl Private {
    /// A cluster that takes a primary for dead after `node_timeout`.
    pub(crate) async fn start(node_timeout: Duration) -> Self {
        let noise = QUIET.read().await;
        Self {
            _noise: Some(noise),
            ..Self::launch(node_timeout)
        }
    }

    /// Without regard to others, for who holds [`QUIET`].
    pub(crate) fn launch(node_timeout: Duration) -> Self {
        let scratch = Scratch::new().expect("a temporary directory");
        let cluster = RedisCluster::start_with(&scratch.join("cluster"), node_timeout);
        Self {
            cluster: cluster.expect("a private cluster"),
            _scratch: scratch,
            _noise: None,
        }
    }

    pub(crate) async fn store(&self) -> RedisClusterStore {
        connect(&self.cluster.url()).await
    }
}

pub(crate) async fn connect(urls: &str) -> RedisClusterStore {
    RedisClusterStore::connect(urls.split(',')).await.unwrap()
}

/// The URLs of the nodes of the cluster that tests share, which ends with
/// this process.
pub(crate) fn shared() -> &'static str {
    static URLS: OnceLock<String> = OnceLock::new();
    static OWN: OnceLock<Private> = OnceLock::new();
    URLS.get_or_init(|| {
        std::env::var(Kind::RedisCluster.variable()).unwrap_or_else(|_| {
            let own = OWN.get_or_init(|| Private::launch(Duration::from_secs(5)));
            own.cluster.url()
        })
    })
}

/// A prefix that no other test has.
pub(crate) fn prefix() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    format!("test-{}-{number}:", std::process::id())
}

/// Sends a command to one node.
pub(crate) async fn call<T: FromRedisValue>(url: &str, command: &str) -> T {
    let client = Client::open(url).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let mut parts = command.split(' ');
    let mut cmd = redis::cmd(parts.next().unwrap());
    parts.for_each(|part| {
        cmd.arg(part);
    });
    cmd.query_async(&mut connection).await.unwrap()
}

/// The URLs of the primaries.
pub(crate) async fn primaries(urls: &str) -> Vec<String> {
    let mut primaries = Vec::new();
    for url in urls.split(',') {
        let info: String = call(url, "INFO replication").await;
        if info.contains("role:master") {
            primaries.push(url.to_owned());
        }
    }
    primaries
}

/// A claim of a new record, with a lease and a ttl that do not run out.
pub(crate) fn claim() -> Claim<'static> {
    let mut id = [0; RecordId::BYTES];
    id[..16].copy_from_slice(Token::mint().unwrap().as_bytes());
    claim_of(RecordId::from_bytes(id))
}

/// A claim of a record.
pub(crate) fn claim_of(id: RecordId) -> Claim<'static> {
    let scope = ScopeDigest::of(&Scope::public());
    let mut claim = Claim::new(id, "tests::redis_cluster", scope, Token::mint().unwrap());
    claim.owner = "tests";
    claim.lease = Lease::new(Duration::from_hours(1)).unwrap();
    claim.ttl = Ttl::new(Duration::from_hours(1)).unwrap();
    claim
}
