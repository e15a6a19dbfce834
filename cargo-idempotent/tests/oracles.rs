//! What counts effects: a sink, marks, and how many effects a run may make.
#![cfg(feature = "cli")]

mod shop;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use shop::{Promise, Shop, folder, plan, run, tool};

/// An address that nobody listens at.
fn free() -> String {
    let free = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    free.local_addr().unwrap().to_string()
}

fn with_downstream(keyless: bool) -> (Promise, String) {
    let address = free();
    let downstream = Some(address.clone());
    let promise = Promise {
        downstream,
        keyless,
        early: false,
        ..Promise::default()
    };
    (promise, address)
}

const SOME: [&str; 4] = [
    "--only",
    "sequential,abort,missing-key,mixed",
    "--bursts",
    "20",
];

#[test]
fn a_sink_counts_what_a_right_service_sends_downstream() {
    let (promise, address) = with_downstream(false);
    let plan = format!(
        "profile: default\noracles:\n  sink:\n    listen: {address}\n    path: /charges\n    \
         answer: {{ status: 201, json: {{ id: 1 }} }}\n"
    );
    let ran = run("sink", promise, &plan, &SOME);
    assert_eq!(ran.code, Some(0), "{}", ran.text);
    assert!(
        ran.text.contains("PROVEN (downstream sink)"),
        "{}",
        ran.text
    );
    assert!(
        ran.text.ends_with("4 passed, 0 failed, 0 skipped\n"),
        "{}",
        ran.text
    );
}

#[test]
fn a_sink_of_the_command_line_sees_what_runs_twice() {
    let (promise, address) = with_downstream(true);
    let plan = "profile: default\noracles: {}\n";
    let args = ["--only", "sequential", "--sink", &address];
    let ran = run("sink-twice", promise, plan, &args);
    assert_eq!(ran.code, Some(1), "{}", ran.text);
    let (_, sentence) = ran.found("sequential");
    assert!(
        sentence.contains("the downstream sink rose by 2"),
        "{sentence}"
    );
}

/// A service of its own behind the shop, which counts what it is told; what it was
/// asked, without the bodies, comes back.
fn counting(address: &str) -> Arc<Mutex<Vec<String>>> {
    let listener = TcpListener::bind(address).unwrap();
    let heads = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&heads);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.unwrap());
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") && stream.read_line(&mut head).unwrap() > 0 {}
            let length = head
                .lines()
                .find_map(|l| l.strip_prefix("Content-Length: "));
            let length = length.map_or(0, |n| n.parse().unwrap());
            stream.read_exact(&mut vec![0; length]).unwrap();
            let mut heads = heads.lock().unwrap();
            heads.push(head);
            let charges = heads.iter().filter(|h| h.starts_with("POST ")).count();
            let body = format!("{{\"charges\":{charges}}}");
            write!(
                stream.get_mut(),
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            )
            .unwrap();
        }
    });
    seen
}

#[test]
fn a_ledger_elsewhere_is_asked_there_and_shown_no_credentials() {
    let (promise, address) = with_downstream(true);
    let asked = counting(&address);
    let plan = format!(
        "profile: default\noracles:\n  ledger: {{ get: 'http://{address}/count', count: charges }}\n"
    );
    let args = [
        "--only",
        "sequential",
        "--header",
        "Authorization: Bearer t",
    ];
    let ran = run("elsewhere", promise, &plan, &args);
    assert_eq!(ran.code, Some(1), "{}", ran.text);
    let (_, sentence) = ran.found("sequential");
    assert!(sentence.contains("effect ledger rose by 2"), "{sentence}");
    let asked = asked.lock().unwrap();
    let counts: Vec<_> = asked
        .iter()
        .filter(|h| h.starts_with("GET /count "))
        .collect();
    assert!(!counts.is_empty(), "{asked:?}");
    assert!(!counts.iter().any(|h| h.contains("Bearer")), "{counts:?}");
}

const MARKED: &str = "profile: default\noracles:\n  ledger: \
                      { get: /ledger, count: 'by_reference.${reference}' }\n";

#[test]
fn a_ledger_that_moves_by_itself_counts_by_a_mark_and_by_nothing_else() {
    let drifting = |keyless| Promise {
        drifts: Some(0),
        keyless,
        early: false,
        ..Promise::default()
    };
    let ran = run("drifts", drifting(false), "profile: default\n", &SOME);
    assert_eq!(ran.code, Some(4), "{}", ran.text);
    assert!(
        ran.text.contains("count by a mark of the request's"),
        "{}",
        ran.text
    );
    let ran = run("marked", drifting(false), MARKED, &SOME);
    assert_eq!(ran.code, Some(0), "{}", ran.text);
    assert!(
        ran.text.ends_with("4 passed, 0 failed, 0 skipped\n"),
        "{}",
        ran.text
    );
    let ran = run(
        "marked-twice",
        drifting(true),
        MARKED,
        &["--only", "sequential,other-key"],
    );
    assert_eq!(ran.code, Some(1), "{}", ran.text);
    assert_eq!(ran.found("sequential").0, "violation");
    assert_eq!(ran.found("other-key").0, "proven", "{}", ran.text);
}

#[test]
fn a_run_makes_no_more_effects_than_its_budget_allows() {
    let budget = "profile: default\nbudget: { time: 10s, bursts: 500, effects: 40 }\n";
    let promise = Promise {
        early: false,
        ..Promise::default()
    };
    let ran = run("budget", promise, budget, &["--only", "concurrent,mixed"]);
    assert_eq!(ran.code, Some(4), "{}", ran.text);
    let said = "the budget of 40 effects is used up (`budget.effects`)";
    assert!(ran.text.contains(said), "{}", ran.text);
    assert!(ran.found("mixed").1.contains(said), "{}", ran.text);
    let left = ran
        .text
        .split(" effects left on the target")
        .next()
        .unwrap();
    let left: usize = left.rsplit(' ').next().unwrap().parse().unwrap();
    assert!(left <= 40, "{}", ran.text);
}

#[test]
fn a_query_that_cannot_be_asked_is_named_and_its_password_is_not() {
    let shop = Shop::open(Promise::default());
    let folder = folder("sql");
    let query = "select count(*) from orders where reference = ${reference}";
    let more = format!(
        "profile: default\noracles: {{ ledger: {{ sql: {{ url: {{ env: SHOP_DB }}, \
         query: '{query}' }} }} }}\n"
    );
    plan(&folder, &shop.url, &more);
    let args = ["run", "--only", "mixed", "--out", "out"];
    let ran = tool(&folder, &args, &[]);
    assert_eq!(ran.code, Some(4), "{}", ran.text);
    assert!(
        ran.text.contains("the variable SHOP_DB has no URL"),
        "{}",
        ran.text
    );
    let url = "postgres://shop:s3cret-word@127.0.0.1:1/shop";
    let ran = tool(&folder, &args, &[("SHOP_DB", url)]);
    assert_eq!(ran.code, Some(4), "{}", ran.text);
    assert!(ran.text.contains(query), "{}", ran.text);
    let page = std::fs::read_to_string(folder.join("out/report.html")).unwrap();
    let kept = std::fs::read_to_string(folder.join("out/run.json")).unwrap();
    for text in [ran.text, page, kept] {
        assert!(!text.contains("s3cret-word"), "{text}");
    }
    std::fs::remove_dir_all(folder).unwrap();
}
