//! The scenarios: the ways in which networks repeat requests.

mod abort;
mod burst;
mod concurrent;
mod confirm;
mod crash;
mod duplicate;
mod error_retry;
mod fidelity;
mod judged;
mod key_shape;
mod mixed;
mod principal;
mod reuse;
mod tally;
mod twice;

pub(crate) use judged::Judged;

use crate::{
    plan::Profile,
    run::{Bench, Proved},
};

/// One scenario.
pub(crate) struct Scenario {
    pub id: &'static str,
    pub title: &'static str,
    /// What it sends, for the dry run.
    pub sends: &'static str,
    /// What `explain` says.
    pub why: &'static str,
    /// Why it does not concern an endpoint, if it does not.
    pub applies: fn(&Bench<'_>) -> Option<String>,
    pub run: fn(&mut Bench<'_>, &Proved) -> Result<Judged, String>,
}

pub(crate) const SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "sequential",
        title: "sequential duplicate",
        sends: "3 times: one request, and the same again",
        why: "A client that lost the answer sends the request again with its key. It must run \
              once, and the second answer must be the first one's replay.",
        applies: keyed,
        run: duplicate::sequential,
    },
    Scenario {
        id: "concurrent",
        title: "concurrent duplicates",
        sends: "bursts of 2 to 20 copies",
        why: "Proxies and impatient clients send copies while the first still runs. A look-up and \
              a claim in two steps let two of them in; a gap between freeing the lock and storing \
              the answer lets in one that arrives as the first ends.",
        applies: keyed,
        run: concurrent::run,
    },
    Scenario {
        id: "abort",
        title: "same key after a disconnect",
        sends: "5 times: a request that is left at some point, and retries",
        why: "The client goes away before the answer. The work may be done, half done or not \
              begun: a retry must end with exactly one effect.",
        applies: keyed,
        run: abort::run,
    },
    Scenario {
        id: "other-payload",
        title: "same key, other payload",
        sends: "3 times: one request, another payload with its key, the first again",
        why: "A key that comes with another payload is a client's mistake. To run it hides the \
              mistake; to replay the first answer tells a client that something was done which \
              was not.",
        applies: keyed,
        run: reuse::other_payload,
    },
    Scenario {
        id: "other-key",
        title: "same payload, other key",
        sends: "one payload with two keys",
        why: "Two equal orders with two keys are two orders. A service that goes by the content \
              loses one.",
        applies: keyed,
        run: reuse::other_key,
    },
    Scenario {
        id: "other-principal",
        title: "same key, other principal",
        sends: "one key with two credentials",
        why: "A key is its caller's. A service that forgets the scope hands one tenant's answer to \
              another.",
        applies: principal::applies,
        run: principal::run,
    },
    Scenario {
        id: "missing-key",
        title: "missing key",
        sends: "one request without a key",
        why: "Where a key is required, a request without one must not run unprotected.",
        applies: header_keyed,
        run: key_shape::missing,
    },
    Scenario {
        id: "malformed-key",
        title: "malformed key",
        sends: "requests with an empty and a broken key",
        why: "An empty key would be everybody's.",
        applies: header_keyed,
        run: key_shape::malformed,
    },
    Scenario {
        id: "doubled-key",
        title: "doubled key",
        sends: "one request with two keys",
        why: "With two keys it is not known which one a retry would have.",
        applies: header_keyed,
        run: key_shape::doubled,
    },
    Scenario {
        id: "long-key",
        title: "over-long key",
        sends: "two requests whose long keys share their first 255 bytes",
        why: "A key that is cut to a column's width equals another one.",
        applies: header_keyed,
        run: key_shape::long,
    },
    Scenario {
        id: "error-retry",
        title: "retry of an error answer",
        sends: "a request that fails, and the same again",
        why: "Whether an error is final is a promise: a client must know if a retry can help.",
        applies: keyed,
        run: error_retry::run,
    },
    Scenario {
        id: "fidelity",
        title: "replay fidelity",
        sends: "3 times: one request, and the same again",
        why: "A replay that lost a header or changed its status breaks the client that needed it.",
        applies: keyed,
        run: fidelity::run,
    },
    Scenario {
        id: "mixed",
        title: "many keys at once",
        sends: "12 keys, 3 copies each, from 4 threads",
        why: "Different keys must neither block nor swallow each other.",
        applies: keyed,
        run: mixed::run,
    },
    Scenario {
        id: "restart",
        title: "retry after a restart",
        sends: "one request, and the same after --target-cmd was stopped and started",
        why: "Deployments end processes. What a service keeps of its keys in memory is gone with \
              them, and the retry runs again.",
        applies: crash::applies,
        run: crash::restart,
    },
    Scenario {
        id: "kill",
        title: "retry after SIGKILL",
        sends: "6 requests, each killed with --target-cmd at another moment, and retries",
        why: "A process can die between its effect and its record. What a service promises then, \
              the plan says under `after_crash`.",
        applies: crash::applies,
        run: crash::kill,
    },
    Scenario {
        id: "twice",
        title: "the method twice",
        sends: "3 times: one request twice, with the state read between",
        why: "PUT and DELETE promise by their method that twice is as good as once.",
        applies: natural,
        run: twice::run,
    },
];

fn keyed(bench: &Bench<'_>) -> Option<String> {
    if bench.profile == Profile::Natural {
        return Some("the natural profile has no key".into());
    }
    bench
        .endpoint
        .key
        .is_none()
        .then(|| "the plan gives no place for a key".into())
}

fn header_keyed(bench: &Bench<'_>) -> Option<String> {
    keyed(bench).or_else(|| {
        let header = bench.endpoint.key.as_ref()?.header.as_ref();
        header.is_none().then(|| "the key is a body field".into())
    })
}

fn natural(bench: &Bench<'_>) -> Option<String> {
    match bench.method.as_str() {
        "PUT" | "DELETE" => None,
        method => Some(format!("{method} does not promise it")),
    }
}
