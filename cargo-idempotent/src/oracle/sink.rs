//! The downstream service, played by the tool: every call gets one answer, and those
//! that are effects are counted.

use std::{
    collections::HashSet,
    io::{BufReader, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use crate::{
    case::Request,
    net::incoming,
    plan::{self, Field},
};

/// Listens until it is dropped.
#[derive(Debug)]
pub(crate) struct Sink {
    address: SocketAddr,
    state: Arc<State>,
}

#[derive(Debug)]
struct State {
    wanted: plan::Sink,
    answer: String,
    calls: Mutex<Vec<Call>>,
    ended: AtomicBool,
}

/// A call that is an effect.
#[derive(Debug)]
struct Call {
    /// All of it that may hold a mark.
    text: String,
    distinct: Option<String>,
}

impl Sink {
    pub(crate) fn open(wanted: &plan::Sink) -> Result<Self, String> {
        let fail = |e: std::io::Error| format!("{}: {e}", wanted.listen);
        let listener = TcpListener::bind(&wanted.listen).map_err(fail)?;
        let address = listener.local_addr().map_err(fail)?;
        let body = wanted.answer.json.to_string();
        let answer = format!(
            "HTTP/1.1 {} -\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            wanted.answer.status,
            body.len()
        );
        let state = Arc::new(State {
            wanted: wanted.clone(),
            answer,
            calls: Mutex::default(),
            ended: AtomicBool::new(false),
        });
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming() {
                if shared.ended.load(Ordering::Acquire) {
                    return;
                }
                let (Ok(stream), shared) = (stream, Arc::clone(&shared)) else {
                    continue;
                };
                thread::spawn(move || serve(stream, &shared));
            }
        });
        Ok(Self { address, state })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many effects there were, of those that hold a text.
    pub(super) fn count(&self, holds: Option<&str>) -> i64 {
        let calls = self.state.calls.lock();
        let calls = calls.unwrap_or_else(PoisonError::into_inner);
        let held = |call: &&Call| holds.is_none_or(|text| call.text.contains(text));
        let mut seen = HashSet::new();
        let first = |call: &&Call| match &call.distinct {
            Some(value) => seen.insert(value.clone()),
            None => true,
        };
        let count = calls.iter().filter(held).filter(first).count();
        i64::try_from(count).unwrap_or(i64::MAX)
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.state.ended.store(true, Ordering::Release);
        // The accepting thread looks once more when someone comes.
        let _ = TcpStream::connect(self.address);
    }
}

fn serve(stream: TcpStream, state: &State) {
    let _ = stream.set_nodelay(true);
    let mut stream = BufReader::new(stream);
    while let Some(request) = incoming(&mut stream) {
        let close = request.headers.get("connection");
        let close = close.is_some_and(|c| c.eq_ignore_ascii_case("close"));
        state.note(&request);
        let head = state.answer.find("\r\n\r\n").map_or(0, |end| end + 4);
        let end = if request.method == "HEAD" {
            head
        } else {
            state.answer.len()
        };
        let sent = stream.get_mut().write_all(&state.answer.as_bytes()[..end]);
        if sent.is_err() || close {
            return;
        }
    }
}

impl State {
    /// Counted before it is answered: whoever has the answer finds it counted.
    fn note(&self, request: &Request) {
        if !effect(&self.wanted, request) {
            return;
        }
        let mut text = format!("{}\n", request.url);
        for (name, value) in &request.headers.0 {
            text.push_str(&[name, ": ", value, "\n"].concat());
        }
        text.push_str(&String::from_utf8_lossy(&request.body.0));
        let distinct = self.wanted.distinct.as_ref();
        let call = Call {
            text,
            distinct: distinct.and_then(|field: &Field| field.sent(request)),
        };
        let calls = self.calls.lock();
        calls.unwrap_or_else(PoisonError::into_inner).push(call);
    }
}

fn effect(wanted: &plan::Sink, request: &Request) -> bool {
    let method = if wanted.methods.is_empty() {
        !matches!(request.method.as_str(), "GET" | "HEAD" | "OPTIONS")
    } else {
        wanted.methods.contains(&request.method)
    };
    let path = request.url.split('?').next().unwrap_or_default();
    let place = wanted.path.as_deref().is_none_or(|wanted| {
        let front = wanted.strip_suffix('*');
        front.map_or(path == wanted, |front| path.starts_with(front))
    });
    method && place
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read as _, Write as _},
        net::TcpStream,
    };

    use super::Sink;
    use crate::plan;

    fn call(sink: &Sink, method: &str, path: &str, more: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(sink.address()).unwrap();
        let head = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n{more}\r\n{body}");
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn calls_that_are_effects_are_counted_once_each() {
        let sink = Sink::open(&plan::Sink {
            listen: "127.0.0.1:0".into(),
            path: Some("/charges*".into()),
            distinct: Some("header.Idempotency-Key".parse().unwrap()),
            answer: plan::SinkAnswer {
                status: 201,
                json: serde_json::json!({ "id": 7 }),
            },
            ..plan::Sink::default()
        });
        let sink = sink.unwrap();
        let said = call(&sink, "POST", "/charges?x=1", "Content-Length: 2\r\n", "m1");
        assert!(
            said.starts_with("HTTP/1.1 201") && said.ends_with("{\"id\":7}"),
            "{said}"
        );
        let keyed = "Idempotency-Key: k\r\nTransfer-Encoding: chunked\r\n";
        call(&sink, "POST", "/charges", keyed, "2\r\nm2\r\n0\r\n\r\n");
        call(&sink, "POST", "/charges", keyed, "2\r\nm2\r\n0\r\n\r\n");
        call(&sink, "GET", "/charges", "", "");
        call(&sink, "POST", "/other", "", "");
        assert_eq!(sink.count(None), 2, "one without a key, one with it");
        assert_eq!(sink.count(Some("m2")), 1);
    }
}
