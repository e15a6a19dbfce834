//! A server that ends TLS before a service in the clear, as proxies and sidecars do.

use std::{net::SocketAddr, sync::Arc, thread};

use rustls::ServerConfig;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// Listens on a free port as long as the test runs; what it hears goes to the service.
pub(crate) fn front(service: SocketAddr, config: Arc<ServerConfig>) -> SocketAddr {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    listener.set_nonblocking(true).unwrap();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_io()
            .build();
        runtime.unwrap().block_on(async {
            let listener = TcpListener::from_std(listener).unwrap();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(pass(
                    stream,
                    service,
                    TlsAcceptor::from(Arc::clone(&config)),
                ));
            }
        })
    });
    address
}

/// Either side's end is the other's.
async fn pass(stream: TcpStream, service: SocketAddr, door: TlsAcceptor) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut client = door.accept(stream).await.ok()?;
    let mut service = TcpStream::connect(service).await.ok()?;
    service.set_nodelay(true).ok()?;
    let _ = tokio::io::copy_bidirectional(&mut client, &mut service).await;
    Some(())
}
