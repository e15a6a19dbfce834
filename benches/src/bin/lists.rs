//! An operator's lists on a million records of each store; `--help` says more.

use std::process::ExitCode;

use benches::lists::{Options, run};

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
            eprintln!("lists: {why}");
            ExitCode::FAILURE
        }
    }
}
