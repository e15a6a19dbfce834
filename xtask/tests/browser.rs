//! A private `ChromeDriver` starts a Chromium, and both end with the value that
//! stands for them.

#![cfg(feature = "browser")]

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use xtask::Deadline;
use xtask::servers::{ChromeDriver, Scratch, Server};

#[test]
fn chromium_ends_with_its_driver() {
    let scratch = Scratch::new().expect("a directory");
    let driver = ChromeDriver::start(&scratch.join("driver")).expect("starts");
    session(&driver);
    let profile = format!(
        "--user-data-dir={}",
        scratch.join("driver/profile").display()
    );
    assert!(!running(&profile).is_empty(), "no Chromium of ours");
    drop(driver);
    let ended = Deadline::after(Duration::from_secs(10))
        .poll(Duration::from_millis(50), || running(&profile).is_empty());
    assert!(ended, "still there: {:?}", running(&profile));
}

/// Asks for a browser, by hand.
fn session(driver: &ChromeDriver) {
    let options = serde_json::json!({ "args": driver.flags() });
    let body = serde_json::json!({
        "capabilities": { "alwaysMatch": { "browserName": "chrome", "goog:chromeOptions": options } }
    });
    let body = body.to_string();
    let url = driver.url();
    let address = url.strip_prefix("http://").expect("a URL");
    let mut stream = TcpStream::connect(address).expect("it listens");
    let head = format!(
        "POST /session HTTP/1.1\r\nhost: {address}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream
        .write_all((head + &body).as_bytes())
        .expect("it reads");
    // It keeps the connection: the id is enough.
    let patience = Some(Duration::from_mins(1));
    stream.set_read_timeout(patience).expect("a bound");
    let mut answer = String::new();
    while !answer.contains("\"sessionId\"") {
        let mut piece = [0; 4096];
        let read = stream.read(&mut piece).expect("it answers in time");
        assert!(read > 0, "{answer}");
        answer.push_str(&String::from_utf8_lossy(&piece[..read]));
    }
}

/// The processes with this argument.
fn running(argument: &str) -> Vec<u32> {
    let processes = fs::read_dir("/proc").expect("a proc file system");
    processes
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|pid: &u32| {
            let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            line.split(|byte| *byte == 0)
                .any(|word| word == argument.as_bytes())
        })
        .collect()
}
