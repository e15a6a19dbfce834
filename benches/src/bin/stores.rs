//! The stores against the raw limits of their servers; `--help` says more.

use std::process::ExitCode;

use benches::stores::{Options, run};

#[tokio::main]
async fn main() -> ExitCode {
    let outcome = match Options::from_arguments() {
        Ok(Some(options)) => run(options).await,
        Ok(None) => Ok(()),
        Err(why) => Err(why),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("stores: {why}");
            ExitCode::FAILURE
        }
    }
}
