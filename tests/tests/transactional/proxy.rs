//! A line between the service and its database that can be cut at the commit:
//! before the server hears of it, or after it has answered.

use std::sync::Arc;
use std::sync::atomic::AtomicU8;
use std::sync::atomic::Ordering::SeqCst;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Where the next commit's line is cut, once.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Cut {
    /// The server never hears of it.
    Before = 1,
    /// It is carried out, and nobody is told.
    After = 2,
}

const NOWHERE: u8 = 0;

/// A proxy on a port of its own, until the test's end.
pub(crate) struct Proxy {
    pub(crate) port: u16,
    cut: Arc<AtomicU8>,
}

impl Proxy {
    /// A proxy before a server on this port of the loopback.
    pub(crate) async fn before(server: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let cut = Arc::new(AtomicU8::new(NOWHERE));
        let of_task = Arc::clone(&cut);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(("127.0.0.1", server)).await.unwrap();
                tokio::spawn(pass(client, server, Arc::clone(&of_task)));
            }
        });
        Self { port, cut }
    }

    /// The next commit is cut there.
    pub(crate) fn cut(&self, cut: Cut) {
        self.cut.store(cut as u8, SeqCst);
    }
}

/// Until either side ends, or the line is cut.
async fn pass(mut client: TcpStream, mut server: TcpStream, cut: Arc<AtomicU8>) {
    let (mut asked, mut told) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        tokio::select! {
            read = client.read(&mut asked) => {
                let Ok(length @ 1..) = read else { return };
                let asked = &asked[..length];
                let at = if commits(asked) { cut.swap(NOWHERE, SeqCst) } else { NOWHERE };
                if at == Cut::Before as u8 {
                    return;
                }
                if server.write_all(asked).await.is_err() {
                    return;
                }
                if at == Cut::After as u8 {
                    // It answers once it is done, and this is not passed on.
                    let _ = server.read(&mut told).await;
                    return;
                }
            }
            read = server.read(&mut told) => {
                let Ok(length @ 1..) = read else { return };
                if client.write_all(&told[..length]).await.is_err() {
                    return;
                }
            }
        }
    }
}

fn commits(bytes: &[u8]) -> bool {
    bytes.windows(6).any(|six| six == b"COMMIT")
}
