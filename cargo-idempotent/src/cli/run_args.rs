//! The arguments of `run`.

use std::path::PathBuf;

use clap::ValueEnum;

use super::{args::Form, trusted::Trusted};
use crate::plan::{Profile, Span};

#[derive(clap::Args)]
#[command(after_help = super::help::RUN)]
#[allow(clippy::struct_excessive_bools, reason = "they are switches")]
#[allow(clippy::struct_field_names, reason = "a dry run is what it is called")]
pub(super) struct Run {
    /// The plan, as `gen` makes it
    #[arg(default_value = "plan.yaml")]
    pub(super) plan: PathBuf,
    /// Where to send, http:// or https://, in the place of the plan's target; a second
    /// one is another instance of the same service
    #[arg(long)]
    pub(super) target: Vec<String>,
    #[command(flatten)]
    pub(super) trusted: Trusted,
    /// The command that serves the target: it is started, and stopped and killed in the
    /// scenarios `restart` and `kill`
    #[arg(long)]
    pub(super) target_cmd: Option<String>,
    /// The path that answers when the target is ready
    #[arg(long, default_value = "/", requires = "target_cmd")]
    pub(super) ready: String,
    /// Whose contract the service follows, in the place of the plan's
    #[arg(long, value_enum)]
    pub(super) profile: Option<Profile>,
    /// Only these: an endpoint, a scenario, or endpoint/scenario
    #[arg(long, value_delimiter = ',')]
    pub(super) only: Vec<String>,
    /// Not these
    #[arg(long, value_delimiter = ',')]
    pub(super) skip: Vec<String>,
    /// Orders arms and offsets; printed always
    #[arg(long)]
    pub(super) seed: Option<u64>,
    /// For the search for races, per endpoint: 500ms, 10s, 2m
    #[arg(long)]
    pub(super) time: Option<Span>,
    /// Bursts of copies per endpoint; each is an effect on the target
    #[arg(long)]
    pub(super) bursts: Option<usize>,
    /// 5,000 bursts or two minutes
    #[arg(long, conflicts_with_all = ["time", "bursts"])]
    pub(super) thorough: bool,
    /// A path that counts effects, with the number's place: /ledger#effects
    #[arg(long)]
    pub(super) ledger: Option<String>,
    /// Play the downstream service at this address, and count the calls that reach it
    #[arg(long, value_name = "LISTEN")]
    pub(super) sink: Option<String>,
    /// A path that shows the state, for endpoints without a `probe:`; `ENDPOINT=PATH`
    /// for one; with a list's or a number's place: /payments#items
    #[arg(long, value_name = "PATH")]
    pub(super) probe: Vec<String>,
    /// A header for every request: 'Authorization: Bearer …'
    #[arg(long)]
    pub(super) header: Vec<String>,
    /// A header of a principal that the plan names: 'bob=Authorization: Bearer …'
    #[arg(long, value_name = "NAME=HEADER")]
    pub(super) principal: Vec<String>,
    /// The longest wait for a lease or a ttl to end; what needs longer is skipped
    #[arg(long, default_value = "30s")]
    pub(super) patience: Span,
    /// What a proof has to rest on
    #[arg(long, value_enum)]
    pub(super) min_oracle: Option<MinOracle>,
    /// End with 0 although something was not proven
    #[arg(long)]
    pub(super) allow_not_proven: bool,
    /// No progress, and of the findings only violations, before the last lines
    #[arg(long, short)]
    pub(super) quiet: bool,
    /// Print what would be sent, and send nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// A host that is not this machine, and whose data you may change
    #[arg(long, value_name = "HOST")]
    pub(super) i_may_change_data_on: Option<String>,
    /// The reports to write beside run.json
    #[arg(long, value_enum, value_delimiter = ',', default_value = "html,junit")]
    pub(super) report: Vec<Form>,
    /// The run's folder [default: runs/<time>-<seed>]
    #[arg(long)]
    pub(super) out: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum MinOracle {
    /// A ledger or a probe
    Effect,
    /// Answers will do
    Answer,
}
