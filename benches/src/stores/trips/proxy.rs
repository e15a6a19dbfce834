//! Passes bytes on between clients and a server, and counts the turns: a
//! client that speaks after the server has spoken begins a round trip.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Each turn takes so much longer, so that what a client sends right after an
/// answer is not counted before the answer's receiver has looked.
const SLOWER: Duration = Duration::from_millis(2);
const HOST: &str = "127.0.0.1:";

/// A proxy on a port of its own, for as long as the program runs.
pub struct Proxy(Arc<AtomicU64>);

impl Proxy {
    /// A proxy before the server of this URL, and the URL by way of it.
    pub async fn before(url: &str) -> (Self, String) {
        let (scheme, rest) = url.split_once(HOST).expect("a server on loopback");
        let end = rest.find(|digit: char| !digit.is_ascii_digit());
        let (port, path) = rest.split_at(end.unwrap_or(rest.len()));
        let server = format!("{HOST}{port}");
        let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await;
        let listener = listener.expect("a free port");
        let own = listener.local_addr().expect("it has one").port();
        let trips = Arc::new(AtomicU64::new(0));
        tokio::spawn(serve(listener, server, Arc::clone(&trips)));
        (Self(trips), format!("{scheme}{HOST}{own}{path}"))
    }

    /// Round trips so far.
    pub fn trips(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

async fn serve(listener: TcpListener, server: String, trips: Arc<AtomicU64>) {
    while let Ok((client, _)) = listener.accept().await {
        let Ok(server) = TcpStream::connect(&server).await else {
            continue;
        };
        for line in [&client, &server] {
            line.set_nodelay(true).expect("a socket takes it");
        }
        let (mut from_client, mut to_client) = client.into_split();
        let (mut from_server, mut to_server) = server.into_split();
        let spoken = Arc::new(AtomicBool::new(true));
        let trips = Arc::clone(&trips);
        let heard = Arc::clone(&spoken);
        tokio::spawn(async move {
            let mut bytes = vec![0; 1 << 16];
            while let Ok(length @ 1..) = from_client.read(&mut bytes).await {
                tokio::time::sleep(SLOWER).await;
                if heard.swap(false, Relaxed) {
                    trips.fetch_add(1, Relaxed);
                }
                if to_server.write_all(&bytes[..length]).await.is_err() {
                    break;
                }
            }
        });
        tokio::spawn(async move {
            let mut bytes = vec![0; 1 << 16];
            while let Ok(length @ 1..) = from_server.read(&mut bytes).await {
                spoken.store(true, Relaxed);
                if to_client.write_all(&bytes[..length]).await.is_err() {
                    break;
                }
            }
        });
    }
}
