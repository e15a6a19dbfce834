//! `record`: the proxy on the terminal, until it is stopped.

use std::{net::TcpListener, sync::Arc};

use super::{End, args};
use crate::{
    Problem,
    net::{Failure, Protocol, Target, tls},
    record::{self, Masks, Recorder},
    verdict::How,
};

pub(super) fn run(args: &args::Record) -> Result<End, Problem> {
    let fail = |field: &str, e: String| Problem::at(0, field, e);
    let upstream = Target::anywhere(&args.upstream, &args.trusted.trust());
    let upstream = upstream.map_err(|e| fail("--upstream", e))?;
    // A service that is not there yet may come; one that is not believed stays so.
    let protocol = if args.h2 {
        Protocol::H2
    } else {
        Protocol::Http1
    };
    if let Err(Failure::Tls(why)) = upstream.greet(protocol) {
        eprintln!("the service failed: {why}");
        return Ok(End::Found(How::TargetFailed.code()));
    }
    let caveat = upstream.caveat();
    let door = args.tls_cert.as_ref().zip(args.tls_key.as_ref());
    let door = door.map(|(chain, key)| tls::identity(chain, key));
    let door = door.transpose().map_err(|e| fail("--tls-cert", e))?;
    let listener = TcpListener::bind(&args.listen)
        .map_err(|e| fail("--listen", format!("{}: {e}", args.listen)))?;
    let own = listener
        .local_addr()
        .map_err(|e| fail("--listen", e.to_string()))?;
    let mut recorder = Recorder::new(upstream, &args.into, Box::new(|line| println!("{line}")))?;
    recorder.cap = args.max_body;
    recorder.masks = Masks::new(&args.mask, &args.no_mask).map_err(|e| fail("--mask", e))?;
    recorder.protocol = protocol;
    let scheme = door.as_ref().map_or("http", |_| "https");
    recorder.door = door;
    recorder.begin(&own.to_string())?;
    if let Some(caveat) = caveat {
        println!("{caveat}");
    }
    println!(
        "send requests to {scheme}://{own}; they go to {} and are kept in {}. Ctrl-C ends.",
        args.upstream,
        args.into.display()
    );
    let recorder = Arc::new(recorder);
    record::run(listener, &recorder, stopped()).map_err(|e| fail("--listen", e))?;
    recorder.end()?;
    println!("{} cases in {}", recorder.written(), args.into.display());
    Ok(End::Good)
}

/// Ctrl-C, and what a service manager sends.
async fn stopped() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
