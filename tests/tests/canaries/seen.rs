//! All that an operator can see of a service.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::{Mutex, OnceLock, PoisonError};

use idempotent_runtime::Idempotency;
use idempotent_runtime::metrics::buckets;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::fmt::format::FmtSpan;

use crate::planted::leaks;

/// What was seen, by where.
pub(crate) struct Seen(Vec<(&'static str, String)>);

impl Seen {
    /// Everywhere where a service's operators look.
    pub(crate) fn of(idempotency: &Idempotency) -> Self {
        Self(vec![
            ("log and spans", log()),
            ("/metrics", metrics()),
            ("findings", findings(idempotency)),
            ("Debug", format!("{idempotency:?} {idempotency:#?}")),
        ])
    }

    /// And there.
    pub(crate) fn and(mut self, place: &'static str, text: String) -> Self {
        self.0.push((place, text));
        self
    }

    /// Fails where anything shows a canary, or is empty.
    pub(crate) fn shows_no_canary(self) {
        for (place, text) in self.0 {
            assert!(!text.trim().is_empty(), "nothing was seen in: {place}");
            let leaks = leaks(&text);
            assert!(leaks.is_empty(), "{place} shows {leaks:#?}");
        }
    }
}

fn findings(idempotency: &Idempotency) -> String {
    let mut text = String::from("findings\n");
    for finding in idempotency.findings() {
        let words = (finding.what(), finding.why(), finding.action());
        writeln!(text, "{finding:?} {words:?}").expect("a text");
    }
    text
}

/// Turns on the log and the metrics of this process, once for all tests: each
/// searches what all of them left.
pub(crate) fn watch() {
    log();
    metrics();
}

static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// What this process logged, everybody's at TRACE, whichever thread it was.
pub(crate) fn log() -> String {
    static INSTALLED: OnceLock<()> = OnceLock::new();
    INSTALLED.get_or_init(|| {
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_span_events(FmtSpan::CLOSE)
            .with_ansi(false)
            .with_writer(|| Log)
            .finish();
        let installed = tracing::subscriber::set_global_default(subscriber);
        installed.expect("the only subscriber");
        tracing::info!("watched");
    });
    let log = LOG.lock().unwrap_or_else(PoisonError::into_inner);
    String::from_utf8_lossy(&log).into_owned()
}

struct Log;

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What a scrape gets.
fn metrics() -> String {
    static PAGE: OnceLock<PrometheusHandle> = OnceLock::new();
    let page = PAGE.get_or_init(|| {
        let builder = buckets().fold(PrometheusBuilder::new(), |builder, (name, bounds)| {
            let name = Matcher::Full(name.to_owned());
            let builder = builder.set_buckets_for_metric(name, bounds);
            builder.expect("bounds")
        });
        builder.install_recorder().expect("the only recorder")
    });
    page.run_upkeep();
    page.render() + "# the end"
}
