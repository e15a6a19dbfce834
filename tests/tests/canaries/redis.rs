//! Redis, on a server of its own: errors of scripts and rights, values of
//! others, and what becomes of calls while it is stopped, full or gone.

use idempotent_runtime::RedisStore;
use redis::Client;
use tests::seconds;
use tokio::sync::Mutex;
use tokio::time::sleep;
use xtask::servers::{Redis, Scratch, Server};

use crate::paths::Service;
use crate::planted::{PASSWORD, STEP};
use crate::verbs::said;

/// Sends a command past the store; its parts are separated by blanks.
pub(crate) async fn call(url: &str, command: &str) {
    let client = Client::open(url).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let mut parts = command.split(' ');
    let mut cmd = redis::cmd(parts.next().unwrap());
    parts.for_each(|part| {
        cmd.arg(part);
    });
    let _: redis::Value = cmd.query_async(&mut connection).await.unwrap();
}

/// Overwrites every record with what no version of the library wrote.
async fn corrupt(url: &str) {
    let client = Client::open(url).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let script = format!(
        "for _, key in ipairs(redis.call('KEYS', '*')) do redis.call('SET', key, '{STEP}') end"
    );
    let _: redis::Value = redis::cmd("EVAL")
        .arg(script)
        .arg(0)
        .query_async(&mut connection)
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shows_no_canary() {
    let scratch = Scratch::new().unwrap();
    let server = Redis::start(&scratch.join("redis")).unwrap();
    let admin = server.url();
    let user = format!("ACL SETUSER service on >{PASSWORD} ~* &* +@all");
    call(&admin, &user).await;
    let address = admin.strip_prefix("redis://").unwrap();
    let url = format!("redis://service:{PASSWORD}@{address}");
    let store = RedisStore::connect(&url).await.unwrap();
    let shown = format!("{store:?} {store:#?}");
    let service = Service::over(store);
    service.walk().await;

    let paths = ["/pay", "/checkout"];
    service
        .walk_broken(
            &paths,
            1_000,
            async || corrupt(&admin).await,
            async || {
                call(&admin, "FLUSHALL").await;
            },
        )
        .await;
    for (n, (breaks, heals)) in [
        (
            "ACL SETUSER service -eval -evalsha",
            "ACL SETUSER service +@all",
        ),
        (
            "ACL SETUSER service resetkeys ~canary*",
            "ACL SETUSER service ~*",
        ),
        ("CONFIG SET maxmemory 1", "CONFIG SET maxmemory 0"),
        ("ACL SETUSER service off", "ACL SETUSER service on"),
    ]
    .into_iter()
    .enumerate()
    {
        let broken = async || {
            call(&admin, breaks).await;
            // What is connected stays so, whatever becomes of its user.
            if breaks.ends_with("off") {
                call(&admin, "CLIENT KILL USER service").await;
            }
        };
        service
            .walk_broken(&paths, 2_000 + 1_000 * n, broken, async || {
                call(&admin, heals).await;
            })
            .await;
    }
    let server = Mutex::new(server);
    let pause = async || server.lock().await.process().pause().unwrap();
    let resume = async || server.lock().await.process().resume().unwrap();
    service.walk_broken(&paths, 20_000, pause, resume).await;
    let wrong = format!("redis://service:{PASSWORD}-2@{address}");
    service.told(&said(&RedisStore::connect(&wrong).await.unwrap_err()));
    let kill = async || server.lock().await.process().kill().unwrap();
    service.walk_broken(&paths, 30_000, kill, async || {}).await;
    service.told(&said(&RedisStore::connect(&url).await.unwrap_err()));
    sleep(seconds(1)).await;
    service.shows_no_canary(shown);
}
