//! The private servers keep their word: what was acknowledged survives a kill,
//! a paused server stays silent, and nothing outlives its owner.
//!
//! One feature for each kind, as the machine may lack the others.

#![cfg(any(
    feature = "postgres",
    feature = "mysql",
    feature = "redis",
    feature = "redis-cluster"
))]

use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use xtask::Deadline;
use xtask::servers::{Scratch, Server};

/// Asks by the server's own client, with a bound.
#[cfg(any(feature = "postgres", feature = "mysql"))]
fn ask(command: &mut Command) -> Result<String, String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .expect("the client starts");
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Writes by `ask`, kills and restarts the server, and reads again.
fn survives_a_kill(
    server: &mut impl Server,
    ask: impl Fn(&str) -> Result<String, String>,
    [write, read, expected]: [&str; 3],
) {
    ask(write).expect("the write is acknowledged");
    let before = server.process().pid().expect("it runs");
    server.process().kill().expect("it can be killed");
    assert!(is_gone(before), "the killed server lives");
    assert!(ask(read).is_err(), "a killed server answered");
    server
        .process()
        .restart()
        .expect("it starts on the same data");
    assert_eq!(ask(read).as_deref(), Ok(expected));
    assert_ne!(server.process().pid(), Some(before));
}

/// Pauses the server during a read, and sees that the answer waits for it.
fn is_silent_while_paused(server: &mut (impl Server + Send), ask: impl Fn() -> bool + Sync) {
    const PAUSE: Duration = Duration::from_millis(400);
    server.process().pause().expect("it runs");
    let waited = Deadline::never();
    thread::scope(|scope| {
        let reader = scope.spawn(|| (ask(), waited.elapsed()));
        thread::sleep(PAUSE);
        server.process().resume().expect("it runs");
        let (answered, after) = reader.join().expect("the reader ends");
        assert!(answered, "a resumed server does not answer");
        assert!(after >= PAUSE, "a paused server answered after {after:?}");
    });
}

fn ends_with_its_owner(server: impl Server, scratch: Scratch) {
    let (mut server, path) = (server, scratch.path().to_owned());
    let pid = server.process().pid().expect("it runs");
    drop(server);
    assert!(
        is_gone(pid),
        "the server outlived the value that stands for it"
    );
    drop(scratch);
    assert!(!path.exists(), "its data is still there");
}

fn is_gone(pid: u32) -> bool {
    !Path::new(&format!("/proc/{pid}")).exists()
}

#[cfg(feature = "postgres")]
#[test]
fn postgres_keeps_its_word() {
    let scratch = Scratch::new().expect("a directory");
    let mut server = xtask::servers::Postgres::start(&scratch.join("p")).expect("starts");
    let url = server.url();
    let sql = |sql: &str| {
        let options = ["--no-psqlrc", "--tuples-only", "--no-align", "--quiet"];
        ask(Command::new("psql")
            .args(options)
            .args([&url, "--command", sql]))
    };
    let case = ["CREATE TABLE t AS SELECT 7 AS n", "SELECT n FROM t", "7"];
    survives_a_kill(&mut server, sql, case);
    is_silent_while_paused(&mut server, || sql("SELECT 1").is_ok());
    ends_with_its_owner(server, scratch);
}

#[cfg(feature = "mysql")]
#[test]
fn mariadb_keeps_its_word() {
    let scratch = Scratch::new().expect("a directory");
    let mut server = xtask::servers::MariaDb::start(&scratch.join("m")).expect("starts");
    let url = server.url();
    // mysql://user:password@host:port/database
    let parts: Vec<&str> = url.split(['/', ':', '@']).collect();
    let [_, _, _, user, password, host, port, database] = parts[..] else {
        panic!("an unexpected URL: {url}");
    };
    let sql = |sql: &str| {
        ask(Command::new("mariadb")
            .args(["--no-defaults", "--batch", "--skip-column-names"])
            .args(["--protocol=tcp", "--host", host, "--port", port])
            .args(["--user", user, "--execute", sql, database])
            .env("MYSQL_PWD", password))
    };
    let case = ["CREATE TABLE t AS SELECT 7 AS n", "SELECT n FROM t", "7"];
    survives_a_kill(&mut server, sql, case);
    is_silent_while_paused(&mut server, || sql("SELECT 1").is_ok());
    ends_with_its_owner(server, scratch);
}

/// One inline command to a Redis node, and the first line of its reply.
#[cfg(any(feature = "redis", feature = "redis-cluster"))]
fn redis(port: u16, command: &str) -> Result<String, String> {
    use std::io::{BufRead, BufReader, Write};
    let talk = || -> std::io::Result<String> {
        let mut stream = std::net::TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        stream.write_all(format!("{command}\r\n").as_bytes())?;
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line)?;
        Ok(line.trim_end().to_owned())
    };
    match talk() {
        Ok(line) if line.starts_with('-') => Err(line),
        Ok(line) => Ok(line),
        Err(error) => Err(error.to_string()),
    }
}

#[cfg(feature = "redis")]
#[test]
fn redis_keeps_its_word() {
    let scratch = Scratch::new().expect("a directory");
    let mut server = xtask::servers::Redis::start(&scratch.join("r")).expect("starts");
    let port = server.port();
    survives_a_kill(
        &mut server,
        |command| redis(port, command),
        ["INCR n", "STRLEN n", ":1"],
    );
    is_silent_while_paused(&mut server, || redis(port, "PING").is_ok());
    ends_with_its_owner(server, scratch);
}

#[cfg(feature = "redis-cluster")]
#[test]
fn a_replica_takes_over_from_a_killed_primary() {
    let scratch = Scratch::new().expect("a directory");
    let mut cluster =
        xtask::servers::RedisCluster::start_with(&scratch.join("c"), Duration::from_secs(1))
            .expect("forms");
    let (primary, replica) = (cluster.nodes()[0].port(), cluster.nodes()[3].port());
    // The primary takes a key of its own slots only; its replica takes none.
    let set = (0..100)
        .map(|n| format!("SET key-{n} 1"))
        .find(|set| redis(primary, set).is_ok())
        .expect("a third of the keys is its own");
    assert!(redis(replica, &set).is_err(), "a replica took a write");
    cluster.nodes()[0]
        .process()
        .kill()
        .expect("it can be killed");
    let took_over = Deadline::after(Duration::from_secs(30))
        .poll(Duration::from_millis(100), || redis(replica, &set).is_ok());
    assert!(took_over, "no replica took over");
    cluster.nodes()[0].process().restart().expect("comes back");
}
