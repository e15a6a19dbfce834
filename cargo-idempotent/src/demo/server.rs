//! A small server on the standard library's threads: HTTP/1.1, and HTTP/2 by prior
//! knowledge.

use std::{
    io,
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use super::{Flaw, http::Exchange, http2, payments::Payments};

/// A running service; it ends when this is dropped.
pub(crate) struct Server {
    addresses: [SocketAddr; 2],
    stop: Arc<AtomicBool>,
}

impl Server {
    /// Starts the service on a free loopback port, right or with flaws.
    pub(crate) fn start(flaws: &[Flaw]) -> Result<Self, String> {
        let fail = |e: std::io::Error| format!("the demo service: {e}");
        let stop = Arc::new(AtomicBool::new(false));
        let service = Arc::new(Payments::new(flaws));
        let listen = || {
            let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(fail)?;
            let address = listener.local_addr().map_err(fail)?;
            let (service, stop) = (Arc::clone(&service), Arc::clone(&stop));
            thread::spawn(move || accept(&listener, &service, &stop));
            Ok::<_, String>(address)
        };
        let addresses = [listen()?, listen()?];
        Ok(Self { addresses, stop })
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.addresses[0])
    }

    /// A second door to the same state, as a second instance on one database has.
    pub(crate) fn second_url(&self) -> String {
        format!("http://{}", self.addresses[1])
    }
}

/// Serves at an address, with the payments kept in a file if there is one; says where.
pub(crate) fn serve(
    address: SocketAddr,
    flaws: &[Flaw],
    journal: Option<&Path>,
) -> Result<thread::JoinHandle<()>, String> {
    let fail = |e: std::io::Error| format!("{address}: {e}");
    let listener = TcpListener::bind(address).map_err(fail)?;
    let service = match journal {
        Some(file) => Payments::kept(flaws, file)?,
        None => Payments::new(flaws),
    };
    println!(
        "listening on http://{}",
        listener.local_addr().map_err(fail)?
    );
    let service = Arc::new(service);
    Ok(thread::spawn(move || {
        accept(&listener, &service, &AtomicBool::new(false));
    }))
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        // The accepting threads look once more when someone comes.
        for address in self.addresses {
            let _ = TcpStream::connect(address);
        }
    }
}

fn accept(listener: &TcpListener, service: &Arc<Payments>, stop: &AtomicBool) {
    for stream in listener.incoming() {
        if stop.load(Ordering::Acquire) {
            return;
        }
        let Ok(stream) = stream else { continue };
        let service = Arc::clone(service);
        thread::spawn(move || connection(stream, &service));
    }
}

/// A connection serves until its client closes it, or asks for its end.
fn connection(stream: TcpStream, service: &Arc<Payments>) -> io::Result<()> {
    let port = stream.local_addr()?.port();
    if http2::begins(&stream)? {
        return http2::serve(stream, service, port);
    }
    let mut exchange = Exchange::plain(stream, port)?;
    while exchange.next().is_some() {
        let last = exchange.headers.get("connection") == Some("close");
        if service.answer(&mut exchange).is_none() || last {
            break;
        }
    }
    Ok(())
}
