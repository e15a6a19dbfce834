//! What leaves the socket of a TLS connection, record by record.

#[path = "../../../tests/authority/mod.rs"]
mod authority;

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::Arc,
    thread,
    time::Duration,
};

use rustls::{ServerConfig, ServerConnection};

use super::Trust;
use crate::net::{Connection, Protocol, Target, h2, socket::Socket};

/// A server's end of a connection, with the handshake behind it.
struct Peer {
    stream: TcpStream,
    session: ServerConnection,
}

impl Peer {
    /// What lies in the socket after a while: the sizes of whole records, each with its
    /// plaintext.
    fn records(&mut self) -> Vec<(usize, Vec<u8>)> {
        thread::sleep(Duration::from_millis(50));
        self.stream.set_nonblocking(true).unwrap();
        let (mut raw, mut chunk) = (Vec::new(), [0; 4096]);
        while let Ok(n @ 1..) = self.stream.read(&mut chunk) {
            raw.extend_from_slice(&chunk[..n]);
        }
        self.stream.set_nonblocking(false).unwrap();
        let (mut rest, mut records) = (&raw[..], Vec::new());
        while !rest.is_empty() {
            let length = 5 + usize::from(u16::from_be_bytes([rest[3], rest[4]]));
            let (mut record, after) = rest.split_at(length);
            self.session.read_tls(&mut record).unwrap();
            self.session.process_new_packets().unwrap();
            let mut plain = Vec::new();
            let _ = self.session.reader().read_to_end(&mut plain);
            records.push((length, plain));
            rest = after;
        }
        records
    }

    fn say(&mut self, bytes: &[u8]) {
        self.session.writer().write_all(bytes).unwrap();
        while self.session.wants_write() {
            self.session.write_tls(&mut self.stream).unwrap();
        }
    }
}

/// A target, and what a client of it makes of its first connection.
fn met<T>(config: &Arc<ServerConfig>, client: impl FnOnce(&Target) -> T) -> (T, Peer) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let config = Arc::clone(config);
    let peer = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut session = ServerConnection::new(config).unwrap();
        // A client that ends the handshake gets no further here.
        let _ = session.complete_io(&mut stream);
        Peer { stream, session }
    });
    let target = Target::trusting(&url, None, &Trust::Unchecked).unwrap();
    let made = client(&target);
    (made, peer.join().unwrap())
}

fn config(protocols: &[&str]) -> Arc<ServerConfig> {
    authority::Authority::new()
        .identity(&["localhost"])
        .config(protocols)
}

#[test]
fn what_is_held_back_is_one_record_that_was_sealed_before_and_leaves_when_released() {
    let (client, mut peer) = met(&config(&["http/1.1"]), Connection::open);
    let mut client = client.unwrap();
    let (front, back) = (b"POST / HTTP/1.1\r\n\r", b"\n{\"amount\": 1}");
    client.send(front).unwrap();
    let sealed = client.seal(back).unwrap();
    let before = peer.records();
    assert_eq!(before.len(), 1, "{before:?}");
    assert_eq!(before[0].1, front);
    assert!(client.silent(), "the server's tickets are no answer");
    client.release(&sealed).unwrap();
    let after = peer.records();
    assert_eq!(after.len(), 1, "{after:?}");
    assert_eq!(after[0].1, back);
    peer.say(b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok");
    client.first_byte().unwrap();
    assert!(!client.silent());
    assert_eq!(client.receive(false).unwrap().response.body.0, b"ok");
}

#[test]
fn a_connection_that_is_left_is_closed_and_not_reset() {
    let (client, mut peer) = met(&config(&["http/1.1"]), Connection::open);
    let mut client = client.unwrap();
    thread::sleep(Duration::from_millis(20));
    client.send(b"all of it").unwrap();
    // Its tickets are unread: the kernel would answer them by a reset.
    drop(client);
    thread::sleep(Duration::from_millis(20));
    let read = peer.session.read_tls(&mut peer.stream).unwrap();
    peer.session.process_new_packets().unwrap();
    assert!(read > 0);
    let end = peer.session.read_tls(&mut peer.stream);
    assert_eq!(end.unwrap(), 0, "an end, and no reset");
}

#[test]
fn http_2_is_spoken_only_where_the_server_agrees_to_it() {
    let open = |target: &Target| Socket::open(target, Protocol::H2, Duration::from_secs(2));
    for (offered, agreed) in [
        (&["h2", "http/1.1"][..], true),
        (&["http/1.1"], false),
        (&[], false),
    ] {
        let (socket, _peer) = met(&config(offered), open);
        assert_eq!(socket.is_ok(), agreed, "{offered:?}");
    }
    let (wire, _peer) = met(&config(&["http/1.1"]), h2::Wire::open);
    let why = wire.err().unwrap();
    assert!(why.contains("ALPN"), "{why}");
}
