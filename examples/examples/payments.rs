//! The payments service: `cargo run --example payments -- --help`.
//!
//! ```sh
//! cargo run --example payments &
//! curl -i localhost:3000/v1/payments -H 'Authorization: Bearer acme' \
//!   -H 'Idempotency-Key: "1f0c"' -H 'Content-Type: application/json' \
//!   -d '{"amount": 1250, "currency": "EUR", "card": "tok_ok", "reference": "order-1"}'
//! curl localhost:3000/v1/ledger
//! ```
//!
//! Send the first request as often as you like: the ledger counts one effect.

use std::process::ExitCode;

use examples::payments::{StartError, run};

#[tokio::main]
async fn main() -> ExitCode {
    let Err(error) = run(std::env::args_os().skip(1)).await else {
        return ExitCode::SUCCESS;
    };
    eprintln!("payments: {error}");
    match error {
        StartError::Flags(_) => ExitCode::from(2),
        _ => ExitCode::FAILURE,
    }
}
