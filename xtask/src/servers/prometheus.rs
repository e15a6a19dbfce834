//! A private Prometheus: one target, a handful of rule files, its own directory.
//!
//! It is no store, and so no [`Kind`](super::Kind): no fleet starts one, as it
//! has to know what it scrapes.

mod api;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::process::Signal;

use super::account::Account;
use super::launch::Launch;
use super::process::Process;
use super::programs::find;
use super::{Result, Server, data, ports};

pub use api::{Labels, Sample};

const PACKAGE: &str = "prometheus";
const RULES: &str = "rules";

/// What a Prometheus looks at, how often, and by which rules it judges.
#[derive(Clone, Debug)]
pub struct Watch<'a> {
    /// The label `job` of all that it scrapes.
    pub job: &'a str,
    /// `host:port` of what serves `/metrics`.
    pub target: String,
    /// How often it scrapes, and evaluates the rules.
    pub every: Duration,
    /// The rule files: their names, and what stands in them.
    pub rules: Vec<(String, String)>,
}

/// A running Prometheus.
pub struct Prometheus {
    process: Process,
    port: u16,
}

impl Prometheus {
    /// The name on command lines and of the Cargo feature of its tests.
    pub const NAME: &'static str = "prometheus";

    /// Starts one without data in `dir`, which must not exist yet.
    ///
    /// # Errors
    /// When Prometheus is not installed, or refuses a rule.
    pub fn start(dir: &Path, watch: &Watch<'_>) -> Result<Self> {
        let program = find(&["prometheus"], PACKAGE)?;
        let account = Account::for_server("prometheus")?;
        data::create(dir, account.as_ref())?;
        let rules = dir.join(RULES);
        data::create(&rules, account.as_ref())?;
        for (name, content) in &watch.rules {
            data::write(&rules.join(name), content, account.as_ref())?;
        }
        let file = dir.join("prometheus.yml");
        data::write(&file, &configuration(watch), account.as_ref())?;
        ports::on_free(|port| {
            let process = Process::start(Launch {
                name: format!("Prometheus on port {port}"),
                program: program.clone(),
                args: arguments(dir, &file, port),
                dir: dir.to_owned(),
                account: account.clone(),
                abrupt: Signal::KILL,
                ready: Box::new(move || api::is_ready(port)),
            })?;
            Ok(Self { process, port })
        })
    }

    /// The labels of every alert that fires now.
    ///
    /// # Errors
    /// When it does not answer.
    pub fn firing(&self) -> Result<Vec<Labels>> {
        api::firing(self.port)
    }

    /// What an expression gives now, as a vector.
    ///
    /// # Errors
    /// When it does not answer, or the expression gives no vector.
    pub fn query(&self, expression: &str) -> Result<Vec<Sample>> {
        api::query(self.port, expression)
    }

    /// Looks whether its programs are installed.
    ///
    /// # Errors
    /// [`Error::Missing`](super::Error::Missing) names the first that is not.
    pub fn look() -> Result<()> {
        find(&["prometheus"], PACKAGE)?;
        Self::promtool().map(|_| ())
    }

    /// Where `promtool` lies, which checks rules and runs their tests.
    ///
    /// # Errors
    /// [`Error::Missing`](super::Error::Missing) when it is not installed.
    pub fn promtool() -> Result<PathBuf> {
        find(&["promtool"], PACKAGE)
    }
}

impl Server for Prometheus {
    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn process(&mut self) -> &mut Process {
        &mut self.process
    }
}

fn configuration(watch: &Watch<'_>) -> String {
    let every = watch.every.as_millis();
    format!(
        "global: {{ scrape_interval: {every}ms, scrape_timeout: {every}ms, evaluation_interval: {every}ms }}\n\
         rule_files: [ '{RULES}/*' ]\n\
         scrape_configs:\n  \
         - job_name: '{}'\n    \
           static_configs: [ {{ targets: [ '{}' ] }} ]\n",
        watch.job, watch.target
    )
}

fn arguments(dir: &Path, configuration: &Path, port: u16) -> Vec<String> {
    vec![
        format!("--config.file={}", configuration.display()),
        format!("--storage.tsdb.path={}", dir.join("data").display()),
        format!("--web.listen-address=127.0.0.1:{port}"),
        "--log.level=warn".to_owned(),
    ]
}
