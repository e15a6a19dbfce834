//! The payments service with a page for operators:
//! `cargo run -p examples --features admin --example admin`.
//!
//! It seeds itself with records in every state and a few findings, prints the
//! page's address and who may log in, and serves until Ctrl-C. It takes the
//! flags of `payments`, so that the records may lie in any store:
//!
//! ```sh
//! cargo run -p examples --features admin,sqlite --example admin -- --store sqlite:admin.db
//! ```

use std::process::ExitCode;

use examples::payments::StartError;

#[tokio::main]
async fn main() -> ExitCode {
    let Err(error) = examples::admin::run(std::env::args_os().skip(1)).await else {
        return ExitCode::SUCCESS;
    };
    eprintln!("admin: {error}");
    match error.downcast_ref() {
        Some(StartError::Flags(_)) => ExitCode::from(2),
        _ => ExitCode::FAILURE,
    }
}
