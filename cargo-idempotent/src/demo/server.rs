//! A small HTTP/1.1 server on the standard library's threads.

use std::{
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use super::{Flaw, http::Exchange, payments::Payments};

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

/// Serves at an address, with the payments kept in a file.
pub(crate) fn serve(
    address: SocketAddr,
    flaws: &[Flaw],
    journal: &Path,
) -> Result<thread::JoinHandle<()>, String> {
    let listener = TcpListener::bind(address).map_err(|e| format!("{address}: {e}"))?;
    let service = Arc::new(Payments::kept(flaws, journal)?);
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
        thread::spawn(move || {
            let Ok(mut exchange) = Exchange::new(stream) else {
                return;
            };
            // A connection serves until its client closes it, or asks for its end.
            while exchange.next().is_some() {
                let last = exchange.headers.get("connection") == Some("close");
                if service.answer(&mut exchange).is_none() || last {
                    return;
                }
            }
        });
    }
}
