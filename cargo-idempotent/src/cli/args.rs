//! The arguments, with the help that teaches them.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

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
    /// Read Keploy, HAR, curl and .http files into cases
    Import(Import),
    /// Write cases as Keploy, HAR, hurl or curl
    Export(Export),
}

#[derive(clap::Args)]
pub(super) struct Import {
    /// Files or folders; the format is told by the name: .har, .http, .rest, .sh,
    /// .curl, and .yaml or .yml for Keploy (in a folder: below `tests/` only)
    #[arg(required = true)]
    pub(super) files: Vec<PathBuf>,
    /// The recording to add to; its cases lie in `<into>/cases/NNNN.yaml`
    #[arg(long, default_value = "recordings/imported")]
    pub(super) into: PathBuf,
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
}
