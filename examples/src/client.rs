//! An HTTP/1.1 client over a TCP stream, by hand: the examples send duplicates,
//! hang up in the middle and compare answers byte by byte, which clients that
//! are made for comfort hide.

mod reply;
mod request;

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

pub use self::reply::Reply;
pub use self::request::Request;

/// A connection that is kept for one request after the other.
#[derive(Debug)]
pub struct Connection(BufReader<TcpStream>);

impl Connection {
    /// Connects.
    pub async fn open(server: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(server).await?;
        stream.set_nodelay(true)?;
        Ok(Self(BufReader::new(stream)))
    }

    /// Sends a request, and does not look at the answer yet.
    pub async fn send(&mut self, request: &Request) -> io::Result<()> {
        self.0.write_all(&request.to_bytes()).await
    }

    /// Reads one answer.
    pub async fn receive(&mut self) -> io::Result<Reply> {
        Reply::read(&mut self.0).await
    }

    /// Sends a request and reads its answer.
    pub async fn ask(&mut self, request: &Request) -> io::Result<Reply> {
        self.send(request).await?;
        self.receive().await
    }
}

/// Sends a request on a connection of its own, and reads the answer.
pub async fn ask(server: SocketAddr, request: &Request) -> io::Result<Reply> {
    Connection::open(server).await?.ask(request).await
}

/// Sends a request, and hangs up after `patience`, whatever comes.
pub async fn hang_up_after(
    server: SocketAddr,
    request: &Request,
    patience: Duration,
) -> io::Result<()> {
    let mut connection = Connection::open(server).await?;
    connection.send(request).await?;
    tokio::time::sleep(patience).await;
    Ok(())
}
