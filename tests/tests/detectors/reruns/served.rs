//! A rerun behind a replay that a server sends over a connection.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use axum::{Extension, Router};
use idempotent_runtime::findings::FindingKind::ReplayDrift;
use idempotent_runtime::{Store, idempotent};
use tests::{Account, App, Meter, Verb, World, seconds};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use crate::found;

/// Its body waits until it is let through.
#[idempotent(scope = account.0, name = "gated", rerun_safe_sample = 1.0)]
async fn gated(
    State(app): State<App>,
    Extension(gate): Extension<Arc<Semaphore>>,
    account: Account,
    _: Bytes,
) -> Response {
    gate.acquire().await.expect("an open gate").forget();
    app.work.run().await
}

async fn serve(world: &World, gate: &Arc<Semaphore>) -> SocketAddr {
    let routes = Router::new().route("/gated", post(gated));
    let routes = routes.layer(Extension(Arc::clone(gate)));
    let routes = routes.with_state(world.app());
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, routes).await });
    address
}

/// The whole answer, as it came over the connection, with its server's hour
/// taken out.
async fn ask(address: SocketAddr) -> String {
    let mut connection = TcpStream::connect(address).await.expect("a server");
    let request = "POST /gated HTTP/1.1\r\nhost: shop\r\nauthorization: alice\r\n\
                   idempotency-key: k\r\nconnection: close\r\ncontent-length: 5\r\n\r\norder";
    let sent = connection.write_all(request.as_bytes()).await;
    sent.expect("a request");
    let mut answer = String::new();
    let read = connection.read_to_string(&mut answer).await;
    read.expect("a whole answer");
    let lines = answer.split("\r\n").filter(|it| !it.starts_with("date:"));
    lines.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn a_rerun_behind_a_sent_replay_is_unseen_writes_nothing_and_tells_of_drift() {
    let meter = Meter::install();
    let world = World::new(Router::new());
    let gate = Arc::new(Semaphore::new(1));
    let address = serve(&world, &gate).await;

    let first = ask(address).await;
    assert!(first.starts_with("HTTP/1.1 200 OK\n"), "{first}");
    assert!(first.ends_with("\n\neffect 1"), "{first}");
    let record = world.store.last_record().await.expect("a record");
    let stored = world.store.memory().answer(&record.id).await;
    let stored = stored.expect("a store in memory");

    // It came whole, and its rerun stands before the gate.
    let replay = ask(address).await;
    for part in ["\nidempotent-replayed: true\n", "\ncontent-length: 8\n"] {
        assert!(replay.contains(part), "{replay}");
    }
    assert!(replay.ends_with("\n\neffect 1"), "{replay}");
    assert_eq!(
        (world.idempotency.in_flight(), world.work.started()),
        (1, 1)
    );
    // One a second at most: behind this one nothing runs.
    assert_eq!(ask(address).await, replay);
    assert_eq!(world.idempotency.in_flight(), 1);
    assert_eq!(found(&world.idempotency), []);

    gate.add_permits(1);
    assert_eq!(world.idempotency.shutdown(seconds(30)).await, 0);
    assert_eq!(world.work.finished(), 2);
    let drift = (ReplayDrift, "gated".to_owned(), 1);
    assert_eq!(found(&world.idempotency), [drift]);
    let reruns = ["\"gated\"", "\"rerun\""];
    assert_eq!(meter.get("idempotency_replay_drift_total", &reruns), 1.0);

    assert_eq!(world.store.count(Verb::Claim), 3, "one a request");
    for (verb, count) in [(Verb::Complete, 1), (Verb::Release, 0), (Verb::Step, 0)] {
        assert_eq!(world.store.count(verb), count, "{verb:?}");
    }
    let after = world.store.last_record().await.expect("the record");
    assert_eq!((after.id, after.fence), (record.id, record.fence));
    let kept = world.store.memory().answer(&record.id).await;
    assert_eq!(kept.expect("a store in memory"), stored);
}
