//! Every scenario, in the order in which they run.

use super::{
    Scenario, abort, concurrent, crash, duplicate, error_retry, fidelity, header_keyed, instances,
    key_shape, keyed, lease, mixed, natural, other_path, principal, reuse, slow, ttl, twice,
};

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
        id: "slow",
        title: "copy overtakes a slow client",
        sends: "3 times: half a body, the whole request on another connection, the rest",
        why: "On a bad line a body takes seconds, and the retry is there before it. What was \
              looked up before the body came is no longer true after it.",
        applies: slow::applies,
        run: slow::run,
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
        id: "other-path",
        title: "same key, other path",
        sends: "one request, and its key at another path of the same route",
        why: "A key that is looked up by the route alone gives the answer about one thing to a \
              client who asked about another.",
        applies: other_path::applies,
        run: other_path::run,
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
        sends: "12 keys, 3 copies each, from 4 threads, and 36 keys, one copy each, beside them; \
                up to 3 times",
        why: "Different keys must neither block nor swallow each other. How long keys take is \
              compared with as many unique requests and with one alone: more than 3 times as \
              long, in 3 of 3 rounds, is a warning, and no violation, as a busy machine looks \
              alike.",
        applies: keyed,
        run: mixed::run,
    },
    Scenario {
        id: "instances",
        title: "one key at two instances",
        sends: "one request at the first --target, and the same at each other one",
        why: "Load balancers send the retry to another instance. Keys that lie in one instance's \
              memory are unknown there.",
        applies: instances::applies,
        run: instances::run,
    },
    Scenario {
        id: "lease",
        title: "retry after the lease",
        sends: "2 requests that stop half way and stay, and their retries; with --target-cmd, \
                3 more that are killed",
        why: "An attempt that hangs or dies never gives its key back. Its claim has to end with \
              its lease, so that a retry can run; and the attempt must not come to life again \
              after that. Needs `lease:` in the plan, and --patience for lease + 5 s.",
        applies: lease::applies,
        run: lease::run,
    },
    Scenario {
        id: "ttl",
        title: "retry after the ttl",
        sends: "6 requests; 3 are sent again within the ttl, 3 after it",
        why: "Within the ttl an answer is replayed, however late the retry. After it the key is a \
              fresh one to the default profile, and the others leave it open. Needs `ttl:` in the \
              plan, a short one in the test configuration, and --patience for it.",
        applies: ttl::applies,
        run: ttl::run,
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
