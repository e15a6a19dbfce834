//! `record`: the proxy on the terminal, until it is stopped.

use std::{net::TcpListener, sync::Arc, sync::atomic::AtomicBool};

use super::{End, args};
use crate::{
    Problem,
    net::Target,
    record::{Recorder, serve},
};

pub(super) fn run(args: &args::Record) -> Result<End, Problem> {
    let fail = |field: &str, e: String| Problem::at(0, field, e);
    // To record changes nothing of itself: any host may be the upstream.
    let host = crate::case::Url::parse(&args.upstream).map_err(|e| fail("--upstream", e))?;
    let (host, _) = host.host_port();
    let upstream = Target::resolve(&args.upstream, Some(host.trim_matches(['[', ']'])));
    let upstream = upstream.map_err(|e| fail("--upstream", e))?;
    let listener = TcpListener::bind(&args.listen)
        .map_err(|e| fail("--listen", format!("{}: {e}", args.listen)))?;
    let own = listener
        .local_addr()
        .map_err(|e| fail("--listen", e.to_string()))?;
    let mut recorder = Recorder::new(upstream, &args.into, Box::new(|line| println!("{line}")))?;
    recorder.cap = args.max_body;
    recorder.masked.clone_from(&args.mask);
    println!(
        "send requests to http://{own}; they go to {} and are kept in {}. Ctrl-C ends.",
        args.upstream,
        args.into.display()
    );
    serve(&listener, &Arc::new(recorder), &AtomicBool::new(false));
    Ok(End::Good)
}
