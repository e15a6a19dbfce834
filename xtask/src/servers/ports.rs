//! Free loopback ports that stay free.
//!
//! They are taken from below the kernel's ephemeral range. A port inside it may
//! be given to any outgoing connection while its server is down for a restart;
//! a client that retries against it may even be connected to itself.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};

use super::{Error, Result, secret};

/// How many ports below the ephemeral range are candidates.
const SPAN: u16 = 12_000;

/// A port that nobody listens on at this moment. A server that loses the race
/// for it to another process says so, and is started again with another.
pub(super) fn free() -> Result<u16> {
    let high = first_ephemeral().max(SPAN + 1_024);
    let low = high - SPAN;
    let seed = u16::from_str_radix(&secret::hex(2)?, 16).unwrap_or_default();
    (0..SPAN)
        .map(|step| low + (seed % SPAN + step) % SPAN)
        .find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok())
        .ok_or(Error::NoPort {
            low,
            high: high - 1,
        })
}

/// Starts something on a free port; on another one where that was taken between
/// the look and the start.
pub(super) fn on_free<T>(start: impl Fn(u16) -> Result<T>) -> Result<T> {
    for _ in 0..2 {
        match start(free()?) {
            Err(error) if error.is_port_taken() => {}
            outcome => return outcome,
        }
    }
    start(free()?)
}

fn first_ephemeral() -> u16 {
    fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range")
        .ok()
        .and_then(|range| range.split_whitespace().next()?.parse().ok())
        .unwrap_or(32_768)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_free_port_can_be_listened_on_and_is_never_ephemeral() {
        // Another process may be faster, but not each time.
        let listens = (0..10).any(|_| {
            let port = free().expect("a port");
            assert!(port < first_ephemeral().max(SPAN + 1_024));
            TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
        });
        assert!(listens, "ten free ports were taken");
    }
}
