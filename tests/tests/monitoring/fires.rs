//! A real Prometheus scrapes a service with planted faults, and fires exactly
//! the alerts that they deserve: none for its clean half, none twice.
//!
//! Its rules are the kit's but for the times: `for`, and the two thresholds in
//! seconds.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use xtask::servers::{Prometheus, Scratch, Watch};
use xtask::{Deadline, Watchdog};

use crate::kit;

/// Alerts, and their operation or route.
const EXPECTED: &[(&str, &str)] = &[
    ("IdempotencyCrossScopeKeys", "transfers"),
    ("IdempotencyDuplicateExecution", "ledger"),
    ("IdempotencyDuplicateExecution", "quotes"),
    ("IdempotencyLateRetries", "reports"),
    ("IdempotencyLeasePressure", "ledger"),
    ("IdempotencyLeasePressure", "quotes"),
    ("IdempotencyRepeatedEffects", "charges"),
    ("IdempotencyReplayDrift", "quotes"),
    ("IdempotencySuspectedDuplicates", "orders"),
    ("IdempotencyTakeovers", "ledger"),
    ("IdempotencyTakeovers", "quotes"),
    ("IdempotencyUnprotectedRepeats", "POST /notes"),
];

/// What is replaced, by what, and how often it stands in the rules.
const SHORTENED: [(&str, &str, usize); 4] = [
    ("for: 2m", "for: 1s", 1),
    ("for: 5m", "for: 1s", 1),
    (") > 300\n", ") > 15\n", 1),
    (" > 3600\n", " > 15\n", 1),
];

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_real_prometheus_fires_exactly_what_the_planted_faults_deserve() {
    let service = Service::start();
    let scratch = Scratch::new().expect("a directory");
    let watch = Watch {
        job: "observed",
        target: service.address.clone(),
        every: SECOND,
        rules: shortened(),
    };
    let prometheus = Prometheus::start(&scratch.join("prometheus"), &watch).expect("starts");
    let expected: BTreeSet<(String, String)> = EXPECTED
        .iter()
        .map(|(alert, place)| ((*alert).to_owned(), (*place).to_owned()))
        .collect();

    // A round of traffic takes some eight seconds, and a counter has to be
    // seen twice.
    let took = Deadline::after(Duration::from_mins(2));
    took.poll(SECOND / 4, || firing(&prometheus).is_superset(&expected));
    println!("all fire after {:.1?}", took.elapsed());
    // A whole round more, in which nothing else may fire.
    let calm = Deadline::after(Duration::from_secs(10));
    while !calm.passed() {
        assert_eq!(firing(&prometheus), expected);
        thread::sleep(SECOND);
    }

    let pages = prometheus.query("count by (alertname) (ALERTS{severity=\"page\"})");
    let pages = pages.expect("it answers");
    let names: Vec<&str> = pages
        .iter()
        .map(|page| &*page.labels["alertname"])
        .collect();
    assert_eq!(names, ["IdempotencyDuplicateExecution"]);

    let problems = linted(&service.address);
    assert_eq!(
        problems, "",
        "promtool on the names and texts of the metrics"
    );
}

/// What promtool finds wrong with the page itself.
fn linted(address: &str) -> String {
    let mut page = TcpStream::connect(address).expect("it serves");
    let request = b"GET /metrics HTTP/1.0\r\n\r\n";
    page.write_all(request).expect("it listens");
    let mut answer = String::new();
    page.read_to_string(&mut answer).expect("it answers");
    let (_, metrics) = answer.split_once("\r\n\r\n").expect("a head and a body");
    assert!(metrics.contains("idempotency_requests_total{"), "{metrics}");

    let mut promtool = Command::new(Prometheus::promtool().expect("is installed"))
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut input = promtool.stdin.take().expect("is piped");
    input.write_all(metrics.as_bytes()).expect("it reads");
    drop(input);
    let output = promtool.wait_with_output().expect("it ends");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn firing(prometheus: &Prometheus) -> BTreeSet<(String, String)> {
    let alerts = prometheus.firing().expect("it answers");
    let count = alerts.len();
    let places: BTreeSet<(String, String)> = alerts
        .into_iter()
        .map(|labels| {
            let place = ["operation", "route"].iter().find_map(|it| labels.get(*it));
            let place = place.unwrap_or_else(|| panic!("no place: {labels:?}"));
            (labels["alertname"].clone(), place.clone())
        })
        .collect();
    assert_eq!(places.len(), count, "one place fires twice: {places:?}");
    places
}

/// The kit's rules with shorter times.
fn shortened() -> Vec<(String, String)> {
    let all = kit::rules();
    for (long, _, times) in SHORTENED {
        assert_eq!(all.matches(long).count(), times, "{long}");
    }
    let files = kit::yml("rules").into_iter();
    files
        .map(|file| {
            let name = file.file_name().expect("a file").to_string_lossy();
            let rules = SHORTENED
                .iter()
                .fold(kit::read(&file), |text, (long, short, _)| {
                    text.replace(long, short)
                });
            (name.into_owned(), rules)
        })
        .collect()
}

/// The example, serving, and repeating its traffic.
struct Service {
    process: Child,
    address: String,
    _watchdog: Watchdog,
}

impl Service {
    fn start() -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_observed"))
            .args(["--serve", "--every", "1"])
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()
            .expect("starts");
        let watchdog = Watchdog::ends_group(process.id(), "KILL").expect("guards it");
        let mut lines = BufReader::new(process.stdout.take().expect("is piped")).lines();
        let first = lines.next().expect("a line").expect("text");
        let address = first
            .strip_prefix("metrics: http://")
            .and_then(|rest| rest.strip_suffix("/metrics"))
            .unwrap_or_else(|| panic!("no address: {first}"));
        // It must be able to go on writing.
        let address = address.to_owned();
        thread::spawn(move || lines.for_each(|line| println!("{}", line.unwrap_or_default())));
        Self {
            process,
            address,
            _watchdog: watchdog,
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // Either fails only where it is dead already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
