//! The service with a page for operators: seeded, and behind its login.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Stdio};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use examples::admin::PATH;
use examples::client::{Request, ask};

use crate::example;

/// Killed at the end, whichever it is: payments of an hour are among the seeds.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Gone already where it could not start.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn the_page_is_there_for_who_may_log_in() {
    let mut command = example("admin");
    command.args(["--listen", "127.0.0.1:0"]);
    let service = command.stdout(Stdio::piped()).spawn();
    let mut service = Running(service.expect("a program that starts"));
    let output = service.0.stdout.take().expect("a pipe");
    let mut lines = BufReader::new(output)
        .lines()
        .map(|line| line.expect("text"));

    // Printed when all seeds are there.
    let line = lines.next().expect("a line");
    let address = line.strip_prefix("listening on http://");
    let address = address.and_then(|it| it.strip_suffix(PATH));
    let address: SocketAddr = address
        .and_then(|it| it.parse().ok())
        .unwrap_or_else(|| panic!("{line:?} tells no address"));
    let line = lines.next().expect("a person");
    let person = line.trim().split_once(": ").expect("what they may").0;
    let (name, password) = person.split_once(' ').expect("a password");
    let login = STANDARD.encode(format!("{name}:{password}"));

    let page = Request::get(PATH);
    let refused = ask(address, &page).await.expect("an answer");
    assert_eq!(refused.status, 401);
    let page = page.header("authorization", format!("Basic {login}"));
    let shown = ask(address, &page).await.expect("an answer");
    assert_eq!(shown.status, 200);
    let text = String::from_utf8_lossy(&shown.body);
    assert!(text.contains("payments.create"), "{text}");
}
