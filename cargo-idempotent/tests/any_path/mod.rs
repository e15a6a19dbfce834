//! A small service for tests: any path takes orders, keys are kept, effects counted.
//!
//! `POST` makes `path/id` and wants a key; `PUT` sets, `GET` reads, `DELETE` removes what
//! lies at a path; `GET /ledger` says how often something was made.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

#[derive(Default)]
struct Shop {
    made: usize,
    /// Key to payload and answer.
    keys: BTreeMap<String, (String, String)>,
    at: BTreeMap<String, String>,
}

/// Starts one, and says its URL.
pub(crate) fn open() -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let shop = Arc::<Mutex<Shop>>::default();
    thread::spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            let shop = Arc::clone(&shop);
            thread::spawn(move || while serve(&stream, &shop).is_some() {});
        }
    });
    url
}

fn serve(stream: &TcpStream, shop: &Mutex<Shop>) -> Option<()> {
    let mut from = BufReader::new(stream);
    let mut line = String::new();
    from.read_line(&mut line).ok().filter(|n| *n > 0)?;
    let mut words = line.split_whitespace();
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let path = target.split('?').next()?.trim_end_matches('/').to_owned();
    let (mut length, mut key) = (0, None);
    loop {
        let mut header = String::new();
        from.read_line(&mut header).ok()?;
        let Some((name, value)) = header.split_once(':') else {
            break;
        };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().ok()?,
            "idempotency-key" => key = Some(value.trim().to_owned()),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    from.read_exact(&mut body).ok()?;
    let body = String::from_utf8_lossy(&body).into_owned();
    let answer = shop.lock().unwrap().answer(&method, &path, key, body);
    (&*stream).write_all(answer.as_bytes()).ok()
}

impl Shop {
    fn answer(&mut self, method: &str, path: &str, key: Option<String>, body: String) -> String {
        match (method, key) {
            ("GET", _) if path == "/ledger" => {
                say(200, &[], &format!("{{\"effects\":{}}}", self.made))
            }
            ("GET", _) => match self.at.get(path) {
                Some(body) => say(200, &[], body),
                None => say(404, &[], "{}"),
            },
            ("POST", None) => say(400, &[], "{\"title\":\"a key is missing\"}"),
            ("POST", Some(key)) => {
                let payload = format!("{path} {body}");
                if let Some((first, answer)) = self.keys.get(&key) {
                    if *first != payload {
                        return say(422, &[], "{\"title\":\"the key had another payload\"}");
                    }
                    return answer.replacen("\r\n", "\r\nIdempotent-Replayed: true\r\n", 1);
                }
                self.made += 1;
                let (id, made) = (self.made, format!("{path}/{}", self.made));
                let answer = say(201, &[("Location", &made)], &format!("{{\"id\":{id}}}"));
                self.at.insert(made, body);
                self.keys.insert(key, (payload, answer.clone()));
                answer
            }
            ("DELETE", _) => match self.at.remove(path) {
                Some(_) => say(204, &[], ""),
                None => say(404, &[], "{}"),
            },
            _ => {
                self.at.insert(path.to_owned(), body.clone());
                say(200, &[], &body)
            }
        }
    }
}

fn say(status: u16, headers: &[(&str, &str)], body: &str) -> String {
    let mut out = format!("HTTP/1.1 {status} x\r\nContent-Type: application/json\r\n");
    for (name, value) in headers {
        let _ = write!(out, "{name}: {value}\r\n");
    }
    if status != 204 {
        let _ = write!(out, "Content-Length: {}\r\n", body.len());
    }
    out + "\r\n" + body
}
