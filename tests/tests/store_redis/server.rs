//! Servers, and what is said to them past the store.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use idempotent_runtime::record::{RecordId, ScopeDigest};
use idempotent_runtime::store::Claim;
use idempotent_runtime::{Lease, RedisStore, Scope, Token, Ttl};
use redis::aio::MultiplexedConnection;
use redis::{Client, FromRedisValue};
use tokio::sync::{RwLock, RwLockReadGuard};
use xtask::servers::{Kind, Redis, Scratch, Server};

/// The conformance suite has records that live for a tenth of a second: it
/// runs while no other test burdens the disk.
pub(crate) static QUIET: RwLock<()> = RwLock::const_new(());

/// A server of one test.
pub(crate) struct Private {
    // In this order: the directory goes after the server.
    pub(crate) redis: Redis,
    _scratch: Scratch,
    _noise: Option<RwLockReadGuard<'static, ()>>,
}

impl Private {
    pub(crate) async fn start() -> Self {
        let noise = QUIET.read().await;
        Self {
            _noise: Some(noise),
            ..Self::launch()
        }
    }

    /// Without regard to others, for who holds [`QUIET`].
    pub(crate) fn launch() -> Self {
        let scratch = Scratch::new().expect("a temporary directory");
        let redis = Redis::start(&scratch.join("redis")).expect("a private Redis");
        Self {
            redis,
            _scratch: scratch,
            _noise: None,
        }
    }

    pub(crate) fn url(&self) -> String {
        self.redis.url()
    }

    pub(crate) async fn store(&self) -> RedisStore {
        RedisStore::connect(&self.url()).await.unwrap()
    }

    pub(crate) async fn raw(&self) -> Raw {
        Raw::connect(&self.url()).await
    }
}

/// The URL of the server that tests share, which ends with this process.
pub(crate) fn shared() -> &'static str {
    static URL: OnceLock<String> = OnceLock::new();
    static OWN: OnceLock<Private> = OnceLock::new();
    URL.get_or_init(|| {
        std::env::var(Kind::Redis.variable())
            .unwrap_or_else(|_| OWN.get_or_init(Private::launch).url())
    })
}

/// A prefix that no other test has.
pub(crate) fn prefix() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    format!("test-{}-{number}:", std::process::id())
}

/// A store on the shared server, with a prefix of its own.
pub(crate) async fn store() -> RedisStore {
    let store = RedisStore::connect(shared()).await.unwrap();
    store.prefix(&prefix()).unwrap()
}

/// A connection for commands that no store sends.
pub(crate) struct Raw(MultiplexedConnection);

impl Raw {
    pub(crate) async fn connect(url: &str) -> Self {
        let client = Client::open(url).unwrap();
        Self(client.get_multiplexed_async_connection().await.unwrap())
    }

    /// Sends a command, its parts separated by blanks.
    pub(crate) async fn call<T: FromRedisValue>(&mut self, command: &str) -> T {
        let mut parts = command.split(' ');
        let mut cmd = redis::cmd(parts.next().unwrap());
        parts.for_each(|part| {
            cmd.arg(part);
        });
        cmd.query_async(&mut self.0).await.unwrap()
    }

    pub(crate) async fn set(&mut self, key: &str, value: &[u8]) {
        let mut cmd = redis::cmd("SET");
        let () = cmd
            .arg(key)
            .arg(value)
            .query_async(&mut self.0)
            .await
            .unwrap();
    }

    /// How often a command was called, scripts' own calls included.
    pub(crate) async fn calls(&mut self, command: &str) -> u64 {
        let stats: String = self.call("INFO commandstats").await;
        let line = stats
            .lines()
            .find_map(|line| line.strip_prefix(&format!("cmdstat_{command}:calls=")));
        line.map_or(0, |line| line.split(',').next().unwrap().parse().unwrap())
    }
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
    let mut claim = Claim::new(id, "tests::redis", scope, Token::mint().unwrap());
    claim.owner = "tests";
    claim.lease = Lease::new(Duration::from_hours(1)).unwrap();
    claim.ttl = Ttl::new(Duration::from_hours(1)).unwrap();
    claim
}
