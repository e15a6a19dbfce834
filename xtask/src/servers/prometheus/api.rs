//! As much of Prometheus's HTTP API as it takes to see what fires: one request,
//! one answer, one connection.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use serde::Deserialize;

use crate::servers::{Error, Result};

/// Longer than a busy machine stalls, shorter than a reader's patience.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The names and values of a series' labels, or an alert's.
pub type Labels = BTreeMap<String, String>;

/// A series and its value now.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// Which series.
    pub labels: Labels,
    /// Its value.
    pub value: f64,
}

#[derive(Deserialize)]
struct Answer<T> {
    data: T,
}

#[derive(Deserialize)]
struct Alerts {
    alerts: Vec<Alert>,
}

#[derive(Deserialize)]
struct Alert {
    labels: Labels,
    state: String,
}

#[derive(Deserialize)]
struct Results {
    result: Vec<Series>,
}

#[derive(Deserialize)]
struct Series {
    metric: Labels,
    /// The time, and the value as text.
    value: (f64, String),
}

pub(super) fn is_ready(port: u16) -> bool {
    get(port, "/-/ready").is_ok()
}

pub(super) fn firing(port: u16) -> Result<Vec<Labels>> {
    let answer: Answer<Alerts> = ask(port, "/api/v1/alerts")?;
    let firing = answer.data.alerts.into_iter();
    Ok(firing
        .filter(|alert| alert.state == "firing")
        .map(|alert| alert.labels)
        .collect())
}

pub(super) fn query(port: u16, expression: &str) -> Result<Vec<Sample>> {
    let path = format!("/api/v1/query?query={}", escaped(expression));
    let answer: Answer<Results> = ask(port, &path)?;
    let series = answer.data.result.into_iter();
    series
        .map(|series| {
            let value = series.value.1.parse().map_err(io::Error::other);
            let value = value.map_err(Error::io(format!("read the value of {expression}")))?;
            let labels = series.metric;
            Ok(Sample { labels, value })
        })
        .collect()
}

fn ask<T: for<'a> Deserialize<'a>>(port: u16, path: &str) -> Result<T> {
    get(port, path)
        .and_then(|body| serde_json::from_str(&body).map_err(io::Error::from))
        .map_err(Error::io(format!(
            "ask http://127.0.0.1:{port}{path} of Prometheus"
        )))
}

/// HTTP/1.0, so that the answer is neither in chunks nor kept waiting.
fn get(port: u16, path: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    stream.write_all(format!("GET {path} HTTP/1.0\r\n\r\n").as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    match answer.split_once("\r\n\r\n") {
        Some((head, body)) if head.split(' ').nth(1) == Some("200") => Ok(body.to_owned()),
        _ => Err(io::Error::other(answer)),
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            escaped.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}
