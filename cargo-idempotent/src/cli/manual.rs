//! Shell completions, the manual page and the schemas, made of the types themselves.

use std::io;

use clap::CommandFactory as _;

use super::{
    End,
    args::{Args, SchemaOf},
};
use crate::Problem;

pub(super) fn completions(shell: clap_complete::Shell) -> Result<End, Problem> {
    // Shells complete the binary's name; `cargo idempotent` is cargo's to complete.
    let mut command = Args::command().bin_name("cargo-idempotent");
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut command, "cargo-idempotent", &mut out);
    print(&out)
}

pub(super) fn page() -> Result<End, Problem> {
    let mut out = Vec::new();
    clap_mangen::Man::new(Args::command())
        .render(&mut out)
        .map_err(|e| Problem::at(0, "man", e.to_string()))?;
    print(&out)
}

pub(super) fn schema(of: SchemaOf) -> Result<End, Problem> {
    let schema = match of {
        SchemaOf::Plan => crate::plan::schema(),
        SchemaOf::Run => crate::verdict::schema(),
        SchemaOf::Event => crate::verdict::event_schema(),
    };
    let text = serde_json::to_string_pretty(&schema);
    let text = text.map_err(|e| Problem::at(0, "schema", e.to_string()))? + "\n";
    print(text.as_bytes())
}

fn print(text: &[u8]) -> Result<End, Problem> {
    match io::Write::write_all(&mut io::stdout(), text) {
        Ok(()) => Ok(End::Good),
        Err(e) => Err(Problem::at(0, "standard output", e.to_string())),
    }
}
