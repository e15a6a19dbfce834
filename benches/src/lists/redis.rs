//! Fills Redis, a node and a cluster: a record of each kind by our verbs, the
//! others as copies of its value. And asks which command took longest there.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use idempotent_runtime::{Answer, RedisClusterStore, RedisStore, Store};
use redis::aio::ConnectionLike;
use redis::cluster::ClusterClient;
use redis::{AsyncConnectionConfig, Client, Value};
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::AnyStore;
use super::fill::{Fate, make};
use crate::stores::records::fresh;

const A_DAY: u64 = 24 * 3600 * 1000;
/// Copies sent at once.
const TOGETHER: u64 = 500;
/// For the filling, on whatever machine.
const PATIENCE: Duration = Duration::from_secs(60);
/// What a list sends.
const OURS: [&str; 4] = ["SCAN", "GETRANGE", "DBSIZE", "TIME"];

pub fn client(url: &str) -> Client {
    Client::open(url).expect("a URL")
}

pub async fn node(url: &str, records: u64) -> AnyStore {
    let store = RedisStore::connect(url).await.expect("a store");
    let patient = AsyncConnectionConfig::new().set_response_timeout(Some(PATIENCE));
    let client = client(url);
    let line = client.get_multiplexed_async_connection_with_config(&patient);
    let line = line.await.expect("Redis answers");
    let values = values(&store, &mut line.clone()).await;
    for batch in (0..records).step_by(TOGETHER as usize) {
        let mut copies = redis::pipe();
        for number in batch..(batch + TOGETHER).min(records) {
            copies.add_command(copy(&values, number)).ignore();
        }
        copies.exec_async(&mut line.clone()).await.expect("copies");
    }
    Arc::new(store)
}

pub async fn cluster(nodes: &[&str], records: u64) -> AnyStore {
    let store = RedisClusterStore::connect(nodes.to_vec())
        .await
        .expect("a store");
    let line = ClusterClient::builder(nodes.to_vec()).response_timeout(PATIENCE);
    let line = line.build().expect("URLs");
    let line = line.get_async_connection().await.expect("a cluster");
    let values = values(&store, &mut line.clone()).await;
    for batch in (0..records).step_by(TOGETHER as usize) {
        let mut copies = JoinSet::new();
        for number in batch..(batch + TOGETHER).min(records) {
            let (copy, mut line) = (copy(&values, number), line.clone());
            copies.spawn(async move { copy.exec_async(&mut line).await.expect("a copy") });
        }
        copies.join_all().await;
    }
    Arc::new(store)
}

type Values = HashMap<Fate, Vec<u8>>;

/// A value of each kind.
async fn values(store: &dyn Store, line: &mut impl ConnectionLike) -> Values {
    let mut values = Values::new();
    for fate in Fate::ALL {
        let claim = make(store, fate, &Answer::from_bytes(vec![1; 300])).await;
        let mut get = redis::cmd("GET");
        get.arg(format!("idem:{}", claim.id));
        let value: Vec<u8> = get.query_async(line).await.expect("its value");
        assert!(value.len() > 100, "a record is kept under its id in hex");
        values.insert(fate, value);
    }
    // The leases of those that are stuck run out.
    sleep(Duration::from_secs(1)).await;
    values
}

fn copy(values: &Values, number: u64) -> redis::Cmd {
    let mut set = redis::cmd("SET");
    set.arg(format!("idem:{}", fresh()))
        .arg(&values[&Fate::of(number)]);
    set.arg("PX").arg(A_DAY);
    set
}

/// Has the servers keep their slow commands from now on.
pub async fn watch(clients: &[Client]) {
    for client in clients {
        let mut line = client
            .get_multiplexed_async_connection()
            .await
            .expect("Redis");
        for (name, value) in [
            ("slowlog-log-slower-than", 50),
            ("slowlog-max-len", 100_000),
        ] {
            let mut set = redis::cmd("CONFIG");
            set.arg("SET").arg(name).arg(value);
            set.exec_async(&mut line).await.expect("a setting");
        }
        let mut reset = redis::cmd("SLOWLOG");
        reset
            .arg("RESET")
            .exec_async(&mut line)
            .await
            .expect("a reset");
    }
}

/// The longest one of a list's; none is logged that took under 50 us.
pub async fn longest(clients: &[Client]) -> Duration {
    let mut longest = 0;
    for client in clients {
        let mut line = client
            .get_multiplexed_async_connection()
            .await
            .expect("Redis");
        let mut get = redis::cmd("SLOWLOG");
        get.arg("GET").arg(-1);
        let entries: Vec<Vec<Value>> = get.query_async(&mut line).await.expect("its log");
        for entry in entries {
            let micros: u64 = redis::from_redis_value(entry[2].clone()).expect("a time");
            let words: Vec<Vec<u8>> = redis::from_redis_value(entry[3].clone()).expect("words");
            let name = String::from_utf8_lossy(&words[0]).to_uppercase();
            if OURS.contains(&&*name) {
                longest = longest.max(micros);
            }
        }
    }
    Duration::from_micros(longest)
}
