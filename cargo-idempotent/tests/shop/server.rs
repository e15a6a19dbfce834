//! The shop's server: a thread per connection, keys and orders in one lock.

use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::Promise;

#[allow(clippy::disallowed_methods, reason = "the shop's own clock")]
fn now() -> Instant {
    Instant::now()
}

enum Record {
    Running {
        since: Instant,
        number: u64,
    },
    Done {
        at: Instant,
        body: Vec<u8>,
        answer: String,
    },
}

#[derive(Default)]
struct State {
    records: HashMap<String, Record>,
    number: u64,
    orders: Vec<String>,
    looks: usize,
    replays: usize,
    dead: bool,
}

pub(crate) struct Shop {
    pub(crate) url: String,
    address: SocketAddr,
}

impl Shop {
    pub(crate) fn open(promise: Promise) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let url = format!("http://{address}");
        let state = Arc::new(Mutex::new(State::default()));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (promise, state) = (promise.clone(), Arc::clone(&state));
                if state.lock().unwrap().dead {
                    break;
                }
                thread::spawn(move || {
                    serve(stream.unwrap(), &promise, &state);
                    if state.lock().unwrap().dead {
                        // The listener wakes, and is gone.
                        let _ = TcpStream::connect(address);
                    }
                });
            }
        });
        Self { url, address }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

enum Claim {
    Mine(u64),
    Busy,
    Done(Vec<u8>, String),
}

fn claim(state: &Mutex<State>, promise: &Promise, key: &str) -> Claim {
    let mut state = state.lock().unwrap();
    let over = |at: &Instant, span: Option<Duration>| span.is_some_and(|s| at.elapsed() > s);
    match state.records.get(key) {
        Some(Record::Running { since, .. }) if !over(since, promise.lease) => return Claim::Busy,
        Some(Record::Done { at, body, answer }) if !over(at, promise.ttl) => {
            return Claim::Done(body.clone(), answer.clone());
        }
        _ => {}
    }
    state.number += 1;
    let (since, number) = (now(), state.number);
    let record = Record::Running { since, number };
    state.records.insert(key.to_owned(), record);
    Claim::Mine(number)
}

fn serve(stream: TcpStream, promise: &Promise, state: &Mutex<State>) -> Option<()> {
    stream.set_nodelay(true).unwrap();
    let mut reader = BufReader::new(stream);
    loop {
        let (mut head, mut line) = (String::new(), String::new());
        while line != "\r\n" {
            line.clear();
            if reader.read_line(&mut line).ok()? == 0 {
                return None;
            }
            head.push_str(&line);
        }
        let header = |name: &str| {
            let mut lines = head.lines().filter_map(|l| l.split_once(": "));
            let found = lines.find(|(n, _)| n.eq_ignore_ascii_case(name));
            found.map(|(_, v)| v.to_owned())
        };
        let length: usize = header("content-length").map_or(0, |l| l.parse().unwrap());
        let mut key = header("idempotency-key").unwrap_or_default();
        let caller = header("authorization").unwrap_or_default();
        let known = ["Bearer alice-token", "Bearer bob-token"].contains(&caller.as_str());
        if promise.guarded && !promise.unscoped && !key.is_empty() {
            key = format!("{caller} {key}");
        }
        let mut body = vec![0; length];
        let (status, mark, answer) = if promise.guarded && !known {
            reader.read_exact(&mut body).ok()?;
            (401, "", "{}".to_owned())
        } else if head.starts_with("POST /orders ") {
            let early = (promise.early && !promise.keyless && !key.is_empty())
                .then(|| claim(state, promise, &key));
            reader.read_exact(&mut body).ok()?;
            order(promise, state, &key, &body, early)
        } else {
            reader.read_exact(&mut body).ok()?;
            (200, "", look(promise, state).to_string())
        };
        let kind = "Content-Type: application/json\r\n";
        let length = answer.len();
        let answer = if head.starts_with("HEAD") {
            ""
        } else {
            &answer
        };
        let text =
            format!("HTTP/1.1 {status} -\r\n{kind}{mark}Content-Length: {length}\r\n\r\n{answer}");
        if state.lock().unwrap().dead {
            return None;
        }
        reader.get_mut().write_all(text.as_bytes()).ok()?;
    }
}

fn look(promise: &Promise, state: &Mutex<State>) -> Value {
    let mut state = state.lock().unwrap();
    state.looks += 1;
    let drift = promise
        .drifts
        .map_or(0, |from| state.looks.saturating_sub(from));
    let mut by = HashMap::new();
    for order in &state.orders {
        *by.entry(order.clone()).or_insert(0) += 1;
    }
    json!({ "effects": state.orders.len() + drift, "by_reference": by })
}

/// One at a time gets through here.
fn jam(promise: &Promise, duplicate: bool) {
    static DOOR: Mutex<()> = Mutex::new(());
    if let Some(span) = promise.jams {
        let _held = DOOR.lock().unwrap();
        thread::sleep(if duplicate { span } else { Duration::ZERO });
    }
}

fn order(
    promise: &Promise,
    state: &Mutex<State>,
    key: &str,
    body: &[u8],
    early: Option<Claim>,
) -> (u16, &'static str, String) {
    if key.is_empty() && !promise.optional {
        return (400, "", "{}".into());
    }
    let keyless = promise.keyless || key.is_empty();
    let number = if keyless {
        0
    } else {
        match early.unwrap_or_else(|| claim(state, promise, key)) {
            Claim::Mine(number) => number,
            Claim::Busy => {
                jam(promise, true);
                return (409, "", r#"{"code":"in-flight"}"#.into());
            }
            Claim::Done(first, _) if first != body => return (422, "", "{}".into()),
            Claim::Done(_, answer) => {
                jam(promise, true);
                let mut state = state.lock().unwrap();
                state.replays += 1;
                let bare = promise.unsteady && state.replays.is_multiple_of(2);
                let mark = if bare {
                    ""
                } else {
                    "Idempotent-Replayed: true\r\n"
                };
                return (201, mark, answer);
            }
        }
    };
    jam(promise, false);
    thread::sleep(Duration::from_millis(3));
    let sent: Value = serde_json::from_slice(body).unwrap();
    let mut state = state.lock().unwrap();
    let mine = |r: &Record| matches!(r, Record::Running { number: n, .. } if *n == number);
    let lost = !keyless && !state.records.get(key).is_some_and(mine);
    if lost && promise.fenced {
        return (409, "", r#"{"code":"in-flight"}"#.into());
    }
    let fatal = promise.dies.is_some_and(|n| state.orders.len() + 1 >= n);
    state.dead |= fatal;
    let reference = sent["reference"].as_str().unwrap_or_default().to_owned();
    state.orders.push(reference);
    if let Some(downstream) = &promise.downstream {
        post(downstream, body);
    }
    let answer = json!({ "id": format!("order-{:08}", state.orders.len()) }).to_string();
    if !lost {
        let (at, body) = (now(), body.to_vec());
        let record = Record::Done {
            at,
            body,
            answer: answer.clone(),
        };
        state.records.insert(key.to_owned(), record);
    }
    (201, "", answer)
}

/// Tells the downstream service of an order.
fn post(to: &str, body: &[u8]) {
    let mut stream = TcpStream::connect(to).unwrap();
    let length = body.len();
    let head = format!(
        "POST /charges HTTP/1.1\r\nHost: {to}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 2"), "{answer}");
}
