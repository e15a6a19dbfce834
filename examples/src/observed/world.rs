//! The service twice, as two processes behind a balancer would be: on this
//! runtime, and on one with a single thread, which a blocking call stops.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::thread;

use idempotent_runtime::findings::Finding;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::TcpListener;
use tokio::runtime;

use super::app::{self, App};
use crate::client::{Reply, Request, ask};

pub(super) struct World {
    pub(super) app: App,
    several_threads: SocketAddr,
    one_thread: SocketAddr,
    round: u64,
}

impl World {
    pub(super) async fn start(
        port: u16,
        page: PrometheusHandle,
    ) -> Result<Self, Box<dyn std::error::Error>> {
        let app = App::new()?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let several_threads = listener.local_addr()?;
        tokio::spawn(app::forever(listener, app.clone().router(page.clone())));

        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let one_thread = listener.local_addr()?;
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let router = app.clone().router(page);
        thread::spawn(move || {
            runtime.block_on(async {
                match TcpListener::from_std(listener) {
                    Ok(listener) => app::forever(listener, router).await,
                    Err(error) => eprintln!("observed: {error}"),
                }
            });
        });
        Ok(Self {
            app,
            several_threads,
            one_thread,
            round: 1,
        })
    }

    /// Where `/metrics` is.
    pub(super) fn address(&self) -> SocketAddr {
        self.several_threads
    }

    pub(super) fn findings(&self) -> Vec<Finding> {
        self.app.idempotency.findings()
    }

    /// Keys and amounts of the next round are others, so that no round repeats
    /// the one before.
    pub(super) fn next_round(&mut self) {
        self.round += 1;
    }

    pub(super) fn round(&self) -> u64 {
        self.round
    }

    /// A key of this round.
    pub(super) fn key(&self, intent: &str) -> String {
        format!("\"{intent}-{:016}\"", self.round)
    }

    /// Asks the service.
    pub(super) async fn ask(&self, request: &Request) -> io::Result<Reply> {
        ask(self.several_threads, request).await
    }

    /// Asks the one with a single thread.
    pub(super) async fn ask_one_thread(&self, request: Request) -> io::Result<Reply> {
        ask(self.one_thread, &request).await
    }
}
