//! A Redis Cluster of its own: a wrong password, rights that are gone, and
//! nodes that are stopped and gone.

use idempotent_runtime::RedisClusterStore;
use tests::seconds;
use tokio::sync::Mutex;
use tokio::time::sleep;
use xtask::servers::{RedisCluster, Scratch, Server};

use crate::paths::Service;
use crate::planted::PASSWORD;
use crate::redis::call;
use crate::verbs::said;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shows_no_canary() {
    let scratch = Scratch::new().unwrap();
    let cluster = RedisCluster::start_with(&scratch.join("cluster"), seconds(2)).unwrap();
    let urls = cluster.url();
    let nodes: Vec<_> = urls.split(',').collect();
    let as_service = |password: &str| -> Vec<String> {
        let url = |node: &&str| node.replace("redis://", &format!("redis://service:{password}@"));
        nodes.iter().map(url).collect()
    };
    let everywhere = async |command: &str| {
        for node in &nodes {
            call(node, command).await;
        }
    };
    everywhere(&format!("ACL SETUSER service on >{PASSWORD} ~* &* +@all")).await;
    let connect = async |password: &str| {
        let urls = as_service(password);
        RedisClusterStore::connect(urls.iter().map(String::as_str)).await
    };
    let store = connect(PASSWORD).await.unwrap();
    let shown = format!("{store:?} {store:#?}");
    let service = Service::over(store);
    service.walk().await;

    let paths = ["/pay", "/checkout"];
    let wrong = format!("{PASSWORD}-2");
    service.told(&said(&connect(&wrong).await.unwrap_err()));
    for (n, (breaks, heals)) in [
        (
            "ACL SETUSER service -eval -evalsha",
            "ACL SETUSER service +@all",
        ),
        ("CONFIG SET maxmemory 1", "CONFIG SET maxmemory 0"),
    ]
    .into_iter()
    .enumerate()
    {
        let broken = async || everywhere(breaks).await;
        service
            .walk_broken(&paths, 1_000 * (n + 1), broken, async || {
                everywhere(heals).await;
            })
            .await;
    }
    let cluster = Mutex::new(cluster);
    let pause = async || {
        for node in cluster.lock().await.nodes() {
            node.process().pause().unwrap();
        }
    };
    let resume = async || {
        for node in cluster.lock().await.nodes() {
            node.process().resume().unwrap();
        }
    };
    service.walk_broken(&paths, 20_000, pause, resume).await;
    let kill = async || {
        for node in cluster.lock().await.nodes() {
            node.process().kill().unwrap();
        }
    };
    service.walk_broken(&paths, 30_000, kill, async || {}).await;
    service.told(&said(&connect(PASSWORD).await.unwrap_err()));
    sleep(seconds(1)).await;
    service.shows_no_canary(shown);
}
