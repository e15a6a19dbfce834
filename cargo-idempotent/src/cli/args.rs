//! The arguments, with the help that teaches them.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

pub(super) use super::run_args::{MinOracle, Run};
use super::trusted::Trusted;
use crate::{demo::Flaw, plan::Profile};

#[derive(Parser)]
#[command(
    name = "cargo-idempotent",
    bin_name = "cargo idempotent",
    version,
    about = "Tests any HTTP service's idempotency from its recorded traffic",
    after_help = "Exit codes: 0 all proven, 1 a violation, 2 usage, 3 the target failed,\n\
                  4 something was not proven, 70 a defect of this tool."
)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Subcommand)]
pub(super) enum Command {
    /// Stand between client and service, and write cases as requests pass
    Record(Record),
    /// Read Keploy, HAR, OpenAPI, curl and .http files into cases
    Import(Import),
    /// Make a plan of the cases, or add the new ones to it
    Gen(Gen),
    /// Send the plan's requests in all the ways that networks repeat them
    Run(Box<Run>),
    /// Make a run's reports again
    Report(Report),
    /// Record, plan and run against a service of this tool's own
    Demo(Demo),
    /// Run against servers that are wrong in one way each: every one must be found
    Zoo(Zoo),
    /// Completions for a shell, on the standard output
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// The manual page, on the standard output
    Man,
    /// The demo's service by itself, with its payments in a file
    #[command(hide = true)]
    Serve(Serve),
    /// A JSON Schema on the standard output, for editors and reviews
    Schema {
        /// Of which file
        #[arg(value_enum, default_value = "plan")]
        of: SchemaOf,
    },
    /// What a scenario does and why, or all of them
    #[command(after_help = super::help::EXPLAIN)]
    Explain {
        /// Its name, as in reports
        scenario: Option<String>,
    },
    /// Write cases as Keploy, HAR, hurl, curl or Rust tests
    Export(Export),
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum SchemaOf {
    /// plan.yaml
    Plan,
    /// run.json
    Run,
    /// A line of events.jsonl
    Event,
}

#[derive(clap::Args)]
#[command(after_help = super::help::RECORD)]
pub(super) struct Record {
    /// Where clients connect
    #[arg(long, default_value = "127.0.0.1:7070")]
    pub(super) listen: String,
    /// The service: http://host:port or https://host:port
    #[arg(long)]
    pub(super) upstream: String,
    /// The service speaks HTTP/2: over https by ALPN, in the clear by prior knowledge;
    /// clients may speak either
    #[arg(long, visible_alias = "h2c")]
    pub(super) h2: bool,
    #[command(flatten)]
    pub(super) trusted: Trusted,
    /// Meet clients by https, with the certificate (and its chain) in this PEM file
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub(super) tls_cert: Option<PathBuf>,
    /// The key of --tls-cert, in a PEM file
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(super) tls_key: Option<PathBuf>,
    /// The recording to add to
    #[arg(long, default_value = "recordings/recorded")]
    pub(super) into: PathBuf,
    /// The most bytes of a body that are kept; a larger one passes whole, and its case
    /// is marked as truncated and never sent
    #[arg(long, default_value_t = 1 << 20)]
    pub(super) max_body: usize,
    /// Names to mask (a regular expression for the whole name, whatever its case) of
    /// headers, JSON fields, form fields and query parameters, beside Authorization,
    /// Cookie, password, token, card and their like
    #[arg(long, value_name = "REGEX")]
    pub(super) mask: Vec<String>,
    /// Names not to mask, although they are masked by default: a test card's, say
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub(super) no_mask: Vec<String>,
}

#[derive(clap::Args)]
#[command(after_help = super::help::IMPORT)]
pub(super) struct Import {
    /// Files or folders; the format is told by the name: .har, .http, .rest, .sh,
    /// .curl, and .yaml, .yml or .json for Keploy (in a folder: below `tests/` only) and
    /// OpenAPI (not in a folder)
    #[arg(required = true)]
    pub(super) files: Vec<PathBuf>,
    /// The recording to add to; its cases lie in `<into>/cases/NNNN.yaml`
    #[arg(long, default_value = "recordings/imported")]
    pub(super) into: PathBuf,
}

#[derive(clap::Args)]
#[command(after_help = super::help::GEN)]
pub(super) struct Gen {
    /// The recording to read
    #[arg(long, default_value = "recordings/imported")]
    pub(super) from: PathBuf,
    /// The plan to write; one that is there gains what is new and loses nothing
    #[arg(long, default_value = "plan.yaml")]
    pub(super) plan: PathBuf,
    /// Whose contract the service follows [default: default]
    #[arg(long, value_enum)]
    pub(super) profile: Option<Profile>,
}

#[derive(clap::Args)]
#[command(after_help = super::help::REPORT)]
#[allow(
    clippy::struct_field_names,
    reason = "the flag is called so on `run` too"
)]
pub(super) struct Report {
    /// The run's folder, in which run.json lies
    pub(super) run: PathBuf,
    /// The reports to write
    #[arg(long, value_enum, value_delimiter = ',', default_value = "html,junit")]
    pub(super) report: Vec<Form>,
    /// End with 0 although something was not proven
    #[arg(long)]
    pub(super) allow_not_proven: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    /// A page for people: report.html
    Html,
    /// junit.xml
    Junit,
    /// run.json, of which all others are made
    Json,
    /// report.sarif
    Sarif,
    /// Annotations for GitHub, on the standard output
    Github,
}

#[derive(clap::Args)]
pub(super) struct Demo {
    /// Run against the twin that is wrong in four ways: it must be found out
    #[arg(long)]
    pub(super) broken: bool,
    /// Orders arms and offsets
    #[arg(long, default_value_t = 1)]
    pub(super) seed: u64,
    /// The demo's folder
    #[arg(long, default_value = "runs/demo")]
    pub(super) out: PathBuf,
}

#[derive(clap::Args)]
pub(super) struct Serve {
    /// Where to listen
    #[arg(long)]
    pub(super) listen: std::net::SocketAddr,
    /// The file that payments are kept in; without it they are gone with the process
    #[arg(long)]
    pub(super) journal: Option<PathBuf>,
    /// What it does wrong
    #[arg(long, value_enum)]
    pub(super) flaw: Option<Flaw>,
}

#[derive(clap::Args)]
pub(super) struct Zoo {
    /// How many seeds each server is run with, from 1 on
    #[arg(long, default_value_t = 1)]
    pub(super) seeds: u64,
    /// Of a server with a flaw, only the scenario that has to find it; without this the
    /// first seed has all
    #[arg(long)]
    pub(super) planted: bool,
    /// Only these servers, by their names in the table
    #[arg(long, value_delimiter = ',', conflicts_with = "races")]
    pub(super) server: Vec<String>,
    /// Bursts of copies per run
    #[arg(long, default_value_t = 500)]
    pub(super) bursts: usize,
    /// The races alone, with the default budget, a fresh process of the server a seed
    #[arg(long, conflicts_with_all = ["planted", "bursts"])]
    pub(super) races: bool,
}

#[derive(clap::Args)]
pub(super) struct Export {
    /// The format to write
    #[arg(long, value_enum)]
    pub(super) to: Target,
    /// The recording to read
    #[arg(long, default_value = "recordings/imported")]
    pub(super) from: PathBuf,
    /// The file to write; for Keploy the test set's folder
    #[arg(long)]
    pub(super) out: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum Target {
    /// One YAML file a case, below `<out>/tests/`
    Keploy,
    /// One HTTP archive
    Har,
    /// One hurl file
    Hurl,
    /// One shell script
    Curl,
    /// A module of tests of a tower service: `--out tests/recorded/mod.rs`, below a test
    /// file with `mod recorded;` and `fn app()`
    Rust,
}
