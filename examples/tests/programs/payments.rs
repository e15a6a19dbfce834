//! The payments service's flags, and how it stops.

use std::io::Read;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use examples::client::{Reply, Request, ask, hang_up_after};
use serde_json::json;
use tokio::time::{Instant, sleep};

use crate::example;
use crate::running::Running;

impl Running {
    fn with(flags: &[&str]) -> Self {
        let mut command = example("payments");
        command.args(flags).stderr(Stdio::piped());
        Self::start(command, "")
    }

    async fn ask(&self, request: &Request) -> Reply {
        ask(self.address, request).await.expect("an answer")
    }

    async fn effects(&self) -> u64 {
        let ledger = self.ask(&Request::get("/v1/ledger")).await.json();
        ledger["effects"].as_u64().expect("a number")
    }

    /// Terminates it, and waits for its end; what it said last.
    fn terminate(mut self) -> (ExitStatus, String) {
        // The shell's own `kill`: the first run of an example should build no
        // crate for this.
        let kill = format!("kill -TERM {}", self.service.id());
        let killed = Command::new("sh").args(["-c", &kill]).status();
        assert!(killed.expect("a shell").success());
        let status = self.service.wait().expect("an end");
        let mut complaints = String::new();
        let errors = self.service.stderr.as_mut().expect("a pipe");
        errors.read_to_string(&mut complaints).expect("text");
        (status, complaints)
    }
}

fn payment(account: &str, key: &str, card: &str) -> Request {
    let body = json!({ "amount": 5, "currency": "EUR", "card": card, "reference": "r" });
    Request::post("/v1/payments")
        .account(account)
        .key(key)
        .json(&body)
}

/// How long a client stays that hangs up.
const PATIENCE: Duration = Duration::from_millis(100);

#[tokio::test]
async fn serves_until_it_is_terminated() {
    let service = Running::with(&[]);
    let first = service.ask(&payment("acme", "k", "tok_ok")).await;
    assert_eq!((first.status, first.is_replay()), (201, false));
    assert!(
        service
            .ask(&payment("acme", "k", "tok_ok"))
            .await
            .is_replay()
    );
    assert_eq!(service.effects().await, 1);
    let (status, complaints) = service.terminate();
    assert!(status.success(), "{complaints}");
    assert_eq!(complaints, "");
}

#[tokio::test]
async fn a_term_waits_for_attempts_whose_client_left() {
    let service = Running::with(&[]);
    let slow = payment("acme", "k", "tok_slow:1500");
    hang_up_after(service.address, &slow, PATIENCE)
        .await
        .expect("sent");
    let asked = Instant::now();
    let (status, complaints) = service.terminate();
    assert!(status.success(), "{complaints}");
    let waited = asked.elapsed();
    let expected = Duration::from_millis(800)..Duration::from_secs(5);
    assert!(expected.contains(&waited), "{waited:?}");
}

#[tokio::test]
async fn a_term_waits_five_seconds_and_says_what_it_cut_off() {
    let service = Running::with(&[]);
    let slow = payment("acme", "k", "tok_slow:60000");
    hang_up_after(service.address, &slow, PATIENCE)
        .await
        .expect("sent");
    let asked = Instant::now();
    let (status, complaints) = service.terminate();
    assert_eq!(status.code(), Some(1));
    assert!(complaints.contains("cut off"), "{complaints}");
    let waited = asked.elapsed();
    let expected = Duration::from_secs(4)..Duration::from_secs(7);
    assert!(expected.contains(&waited), "{waited:?}");
}

#[tokio::test]
async fn a_store_of_none_pays_twice() {
    let service = Running::with(&["--store", "none"]);
    for _ in 0..2 {
        let reply = service.ask(&payment("acme", "k", "tok_ok")).await;
        assert_eq!((reply.status, reply.is_replay()), (201, false));
    }
    assert_eq!(service.effects().await, 2);
}

#[tokio::test]
async fn the_ttl_ends_an_answer() {
    let service = Running::with(&["--ttl", "300ms", "--lease", "1s"]);
    service.ask(&payment("acme", "k", "tok_ok")).await;
    sleep(Duration::from_millis(1_100)).await;
    let later = service.ask(&payment("acme", "k", "tok_ok")).await;
    assert_eq!((later.status, later.is_replay()), (201, false));
    assert_eq!(service.effects().await, 2);
}

#[tokio::test]
async fn max_records_bounds_the_store_and_each_account() {
    let service = Running::with(&["--max-records", "8"]);
    for account in 0..8 {
        let reply = service
            .ask(&payment(&format!("account-{account}"), "1", "tok_ok"))
            .await;
        assert_eq!(reply.status, 201);
    }
    let more = service.ask(&payment("account-0", "2", "tok_ok")).await;
    assert_eq!((more.status, more.code().as_str()), (429, "quota-exceeded"));
    let full = service.ask(&payment("account-9", "1", "tok_ok")).await;
    assert_eq!((full.status, full.code().as_str()), (503, "store-full"));
    assert_eq!(service.effects().await, 8);
}

#[test]
fn refuses_what_it_cannot_do_and_says_why() {
    for (flags, code, says) in [
        (
            &["--store", "oracle://db"][..],
            2,
            "--store is memory, none",
        ),
        (&["--lease", "soon"], 2, "`soon` is no duration for --lease"),
        (&["--lease", "5ms"], 1, "choose one from 10ms"),
        (&["--port", "80"], 2, "--port"),
        (&["--listen", "nowhere"], 1, "cannot listen on nowhere"),
    ] {
        let ended = example("payments").args(flags).output().expect("starts");
        let complaint = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(code), "{complaint}");
        assert!(complaint.contains(says), "{complaint}");
        assert!(ended.stdout.is_empty());
    }
    let help = example("payments").arg("--help").output().expect("starts");
    assert!(help.status.success());
    assert!(String::from_utf8_lossy(&help.stdout).contains("--max-records N"));
}
