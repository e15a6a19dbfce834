//! `record` as a user runs it: started, used, and ended by Ctrl-C.
#![cfg(all(feature = "cli", unix))]

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    process::{Command, Stdio},
    thread,
};

/// Answers one request on each connection.
fn service() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            let mut received = [0; 4096];
            let _ = stream.read(&mut received).unwrap();
            let answer = b"HTTP/1.1 201 Created\r\nContent-Length: 8\r\n\r\n{\"id\":1}";
            stream.write_all(answer).unwrap();
        }
    });
    port
}

#[test]
fn ctrl_c_ends_the_recording_with_its_cases_written() {
    let folder = std::env::temp_dir().join(format!("recorded-by-hand-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-idempotent"));
    let upstream = format!("http://127.0.0.1:{}", service());
    command.args([
        "record",
        "--listen",
        "127.0.0.1:0",
        "--upstream",
        &upstream,
        "--into",
    ]);
    let mut child = command.arg(&folder).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    let own = first.split(['/', ';']).nth(2).unwrap().to_owned();
    let mut client = TcpStream::connect(own).unwrap();
    let body = r#"{"card":"4242"}"#;
    let head = format!(
        "POST /pay HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    client.write_all((head + body).as_bytes()).unwrap();
    let mut answer = [0; 12];
    client.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 201");
    // The client's connection is still open: an idle one does not keep the proxy up.
    let case = lines.next().unwrap().unwrap();
    assert!(case.contains("cases/0001.yaml POST http"), "{case}");
    let pid = child.id().to_string();
    let killed = Command::new("kill").args(["-INT", &pid]).status();
    assert!(killed.unwrap().success());
    let last = lines.last().unwrap().unwrap();
    assert!(last.starts_with("1 cases in "), "{last}");
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    assert!(read("meta.json").contains("\"ended\""));
    assert_eq!(read("secrets.example.env"), "IDEMPOTENT_CARD=\n");
    let case = read("cases/0001.yaml");
    assert!(
        case.contains("${secret:card}") && !case.contains("4242"),
        "{case}"
    );
    assert!(
        case.contains("last_us: ") && case.contains("connection: 1"),
        "{case}"
    );
    std::fs::remove_dir_all(folder).unwrap();
}
