//! Redis: against `PING`, and a `SET` of a value; and the crate `idempotent`
//! on the same server.

mod fill;
mod peer;
mod persistence;

use std::sync::Arc;

use idempotent_runtime::RedisStore;
use redis::aio::MultiplexedConnection;

use self::persistence::Persistence;
use super::connections::{self, Connected};
use super::growth;
use super::race::Aim;
use super::raw::{Raw, commits, trips};
use super::records::{AnyStore, BUSINESS, Finished, first_requests, number, retries};
use super::report::Report;

/// All tables of this server.
pub async fn measure(report: &mut Report, url: &str) {
    let server = Server::connect(url).await;
    let store: AnyStore = Arc::new(RedisStore::connect(url).await.expect("a store"));
    let peer = peer::Peer::connect(url).await;
    for persistence in Persistence::ALL {
        persistence.set(&mut server.line.clone()).await;
        for tasks in [1, 16] {
            let finished = Finished::make(&*store).await;
            let stores = [Arc::clone(&store)];
            let mut contenders = vec![
                trips(&server),
                first_requests("claim+complete", &stores),
                retries("replay", &stores, &finished),
                peer.first_requests(),
                peer.retries().await,
                commits(&server),
                first_requests("claim+complete, in SETs", &stores).against(Server::COMMIT),
            ];
            if tasks == 1 && persistence.is_about_trips() {
                contenders[1].aim = Some(Aim::AtMost(3.5));
                contenders[2].aim = Some(Aim::AtMost(1.5));
            }
            let plural = if tasks == 1 { "" } else { "s" };
            let title = format!("Redis, {}, {tasks} task{plural}", persistence.name());
            report.race(&title, tasks, &contenders).await;
        }
    }
}

/// The cost by the number of records and of connections.
pub async fn measure_growth(report: &Report, url: &str) {
    let server = Server::connect(url).await;
    // Its limit is the trip, and not the disk.
    Persistence::Off.set(&mut server.line.clone()).await;
    growth::table(report, "Redis", async |records| {
        let number = report
            .options
            .sizes
            .iter()
            .position(|size| *size == records);
        fill::with(url, 1 + number.unwrap_or_default(), records).await
    })
    .await;
    connections::table(report, "Redis", async |connections| {
        let mut stores: Vec<AnyStore> = Vec::new();
        for _ in 0..connections {
            stores.push(Arc::new(RedisStore::connect(url).await.expect("a store")));
        }
        let raw = EachItsOwn(Server::connect(url).await);
        Connected { raw, stores }
    })
    .await;
}

/// Tasks that share one connection, as our store's do.
#[derive(Clone)]
struct Server {
    client: redis::Client,
    line: MultiplexedConnection,
}

impl Server {
    async fn connect(url: &str) -> Self {
        let client = redis::Client::open(url).expect("a URL");
        let line = connection(&client).await;
        Self { client, line }
    }
}

async fn connection(client: &redis::Client) -> MultiplexedConnection {
    let connection = client.get_multiplexed_async_connection().await;
    connection.expect("Redis answers")
}

impl Raw for Server {
    type Line = MultiplexedConnection;
    const TRIP: &'static str = "PING";
    const COMMIT: &'static str = "SET";

    async fn line(&self) -> Self::Line {
        self.line.clone()
    }

    async fn trip(line: &mut Self::Line) {
        let pong = redis::cmd("PING").exec_async(line).await;
        pong.expect("Redis answers");
    }

    async fn commit(line: &mut Self::Line) {
        let set = redis::cmd("SET")
            .arg(format!("business:{}", number()))
            .arg(&BUSINESS[..])
            .exec_async(line)
            .await;
        set.expect("Redis answers");
    }
}

/// Tasks with a connection each.
#[derive(Clone)]
struct EachItsOwn(Server);

impl Raw for EachItsOwn {
    type Line = MultiplexedConnection;
    const TRIP: &'static str = Server::TRIP;
    const COMMIT: &'static str = Server::COMMIT;

    async fn line(&self) -> Self::Line {
        connection(&self.0.client).await
    }

    async fn trip(line: &mut Self::Line) {
        Server::trip(line).await;
    }

    async fn commit(line: &mut Self::Line) {
        Server::commit(line).await;
    }
}
