//! What a failure of the client library or a refusal of the server means.
//! Their texts may hold names, values or the URL's userinfo, so that only
//! kinds and codes are passed on.

use std::error::Error;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use redis::{ErrorKind, RedisError, ServerErrorKind};

use crate::store::StoreError;

/// When a server that is full is worth another try: long enough not to be a
/// loop, short against any ttl.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// What stands inside the text of a script's error, and the code that it means.
const INSIDE: [(&str, &str); 8] = [
    ("OOM command", "OOM"),
    ("READONLY ", "READONLY"),
    ("MISCONF ", "MISCONF"),
    ("NOREPLICAS ", "NOREPLICAS"),
    ("can't run this command", "NOPERM"),
    ("can't access at least one of the keys", "NOPERM"),
    ("ACL failure", "NOPERM"),
    ("WRONGTYPE ", "WRONGTYPE"),
];

/// What the scripts call.
const CALLED: &str = "the commands of its scripts: grant +get +set +getrange +setrange +strlen \
                      +del +pexpire +time, and for an operator's lists +scan +dbsize";

/// The error of `verb`. What was certainly refused says so; everything else
/// may have happened or not.
pub(super) fn failure(verb: &'static str, error: &RedisError) -> StoreError {
    let unavailable = |why: &str| StoreError::unavailable(verb, why.to_owned());
    match error.kind() {
        ErrorKind::Io => unavailable(&lost(error)),
        ErrorKind::AuthenticationFailed => refused_login(),
        ErrorKind::InvalidClientConfig => misconfigured(
            "the URL or its options cannot be used; check its parts, that special characters \
             are percent-encoded, and, for rediss://, that a TLS feature of the crate `redis` \
             is enabled in your own manifest",
        ),
        ErrorKind::RESP3NotSupported => unavailable("the server does not speak RESP3"),
        ErrorKind::UnexpectedReturnType => StoreError::Corrupt {
            what: format!("what the server returned to {verb} is of another type"),
        },
        ErrorKind::Parse => unavailable("the server's reply was not understood"),
        ErrorKind::ClusterConnectionNotFound => {
            unavailable("no node of the cluster serves the record's slot")
        }
        ErrorKind::Server(ServerErrorKind::Moved) => unavailable(
            "another node of the cluster has the record; a cluster needs `RedisClusterStore`",
        ),
        _ => refused(verb, code(error), error),
    }
}

/// What the server itself said.
fn refused(verb: &'static str, code: &str, error: &RedisError) -> StoreError {
    let unavailable = |why: &str| StoreError::unavailable(verb, format!("{why} ({code})"));
    match code {
        "OOM" => StoreError::Full {
            retry_after: RETRY_AFTER,
        },
        "NOAUTH" | "WRONGPASS" => refused_login(),
        "NOPERM" => misconfigured(&forbidden(error)),
        "WRONGTYPE" => StoreError::Corrupt {
            what: "a record's key holds another type; the prefix is another program's".to_owned(),
        },
        "READONLY" => unavailable("the server is a replica, which takes no writes"),
        "MISCONF" => unavailable("the server takes no writes while it cannot save to its disk"),
        "NOREPLICAS" => unavailable("the server takes no writes while it lacks replicas"),
        "LOADING" => unavailable("the server is loading its data"),
        "BUSY" => unavailable("the server is busy with another script"),
        "CLUSTERDOWN" | "MASTERDOWN" | "TRYAGAIN" | "ASK" => {
            unavailable("the cluster is not in order")
        }
        "ERR" if says(error, "unknown command") => misconfigured(
            "the server lacks a command that the store needs, or an administrator disabled it; \
             see the list of commands in the store's chapter",
        ),
        _ => unavailable("the server refused"),
    }
}

/// The error's code, also where a script's error has it in its text.
fn code(error: &RedisError) -> &str {
    let code = error.code().unwrap_or("no code");
    let inside = INSIDE.iter().find(|(text, _)| says(error, text));
    match inside {
        Some((_, inside)) if code == "ERR" => inside,
        _ => code,
    }
}

fn says(error: &RedisError, what: &str) -> bool {
    error.detail().is_some_and(|detail| detail.contains(what))
}

/// Which right is missing, as far as the server tells.
fn forbidden(error: &RedisError) -> String {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte == b'|';
    let command = error
        .detail()
        .and_then(|detail| detail.split('\'').nth(1))
        .filter(|name| name.bytes().all(plain));
    let right = match command {
        Some(command) => format!("the command `{command}`: grant +{command}"),
        None if says(error, "channel") => "the channels: grant &PREFIX*".to_owned(),
        None if says(error, "key") => "the records' keys: grant ~PREFIX*".to_owned(),
        None => CALLED.to_owned(),
    };
    format!("the server's access list does not let this user have {right}")
}

fn refused_login() -> StoreError {
    misconfigured("the server refused the user name or password, or asks for one; check the URL")
}

fn misconfigured(what: &str) -> StoreError {
    StoreError::Misconfigured {
        what: what.to_owned(),
    }
}

/// Why nothing came back.
fn lost(error: &RedisError) -> String {
    if error.is_timeout() {
        return "no answer within the connection's response timeout".to_owned();
    }
    // The library hands its source out in the `Arc` that it shares it by.
    let source = error.source().and_then(|source| {
        let shared = source.downcast_ref::<Arc<dyn Error + Send + Sync>>()?;
        shared.downcast_ref::<io::Error>()
    });
    match source {
        Some(error) => match error.raw_os_error() {
            Some(number) => format!("connection failed: {} (os error {number})", error.kind()),
            None => format!("connection failed: {}", error.kind()),
        },
        None => "connection failed".to_owned(),
    }
}

#[cfg(test)]
mod tests;
