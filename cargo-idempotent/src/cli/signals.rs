//! Ctrl-C, and what CI systems and service managers send: the first one ends the run with
//! its reports, the second one at once.

use std::{
    sync::{Arc, mpsc},
    thread,
};

use crate::{run::Stop, verdict::How};

/// What a run is asked to stop by, from now on.
pub(super) fn stop() -> Result<Arc<Stop>, String> {
    let stop = Arc::new(Stop::default());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| e.to_string())?;
    let (ready, there) = mpsc::channel();
    let asked = Arc::clone(&stop);
    thread::spawn(move || runtime.block_on(listen(&asked, &ready)));
    there.recv().map_err(|e| e.to_string())??;
    Ok(stop)
}

/// The first signal, and then the second.
async fn listen(stop: &Stop, ready: &mpsc::Sender<Result<(), String>>) {
    let mut signals = match Signals::new() {
        Ok(signals) => signals,
        Err(e) => return drop(ready.send(Err(e.to_string()))),
    };
    let _ = ready.send(Ok(()));
    let how = signals.next().await;
    stop.ask(how);
    eprintln!(
        "\n{}: it ends after the request in flight and writes its reports; once more ends it at \
         once",
        how.word()
    );
    let how = signals.next().await;
    std::process::exit(i32::from(how.code()));
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) -> How {
        tokio::select! {
            _ = self.interrupt.recv() => How::Interrupted,
            _ = self.terminate.recv() => How::Terminated,
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> How {
        let _ = tokio::signal::ctrl_c().await;
        How::Interrupted
    }
}
