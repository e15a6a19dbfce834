//! A small shop on the standard library's sockets, with promises that a test chooses,
//! and the tool run against it.
#![allow(dead_code, reason = "each test file uses its part of it")]

mod promise;
mod server;

use std::{
    path::{Path, PathBuf},
    process::Command,
};

pub(crate) use promise::Promise;
pub(crate) use server::Shop;

/// A run's exit code, what it printed, and its folder.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) text: String,
    pub(crate) folder: PathBuf,
}

/// The shop's order as a case, and a plan for it with `more` lines at its top.
pub(crate) fn plan(folder: &Path, url: &str, more: &str) {
    plan_with(folder, url, more, "");
}

fn plan_with(folder: &Path, url: &str, more: &str, endpoint: &str) {
    std::fs::create_dir_all(folder.join("cases")).unwrap();
    let case = format!(
        "version: 1\nname: order\nrequest:\n  method: POST\n  url: {url}/orders\n  headers:\n  \
         - 'Content-Type: application/json'\n  body: '{{\"amount\": 1, \"reference\": \"r\"}}'\n"
    );
    std::fs::write(folder.join("cases/0001.yaml"), case).unwrap();
    let ledger = if more.contains("oracles:") {
        ""
    } else {
        "oracles: { ledger: { get: /ledger, count: effects } }\n"
    };
    let plan = format!(
        "version: 1\ntarget: {url}\n{ledger}{more}\
         endpoints:\n- id: orders\n  request: {{ case: cases/0001.yaml, fresh: [body.reference] }}\n  \
         changes_state: true\n  key: {{ header: Idempotency-Key }}\n  \
         other: {{ payload: {{ body.amount: 2 }} }}\n  witness: [body.id]\n{endpoint}"
    );
    std::fs::write(folder.join("plan.yaml"), plan).unwrap();
}

/// A folder that no other test has.
pub(crate) fn folder(name: &str) -> PathBuf {
    let name = format!("cargo-idempotent-{name}-{}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Runs the tool in a folder.
pub(crate) fn tool(folder: &Path, args: &[&str], env: &[(&str, &str)]) -> Ran {
    let out = Command::new(env!("CARGO_BIN_EXE_cargo-idempotent"))
        .args(args)
        .envs(env.iter().copied())
        .current_dir(folder)
        .output()
        .unwrap();
    Ran {
        code: out.status.code(),
        text: String::from_utf8(out.stdout).unwrap() + &String::from_utf8(out.stderr).unwrap(),
        folder: folder.to_owned(),
    }
}

/// Runs some scenarios against a shop.
pub(crate) fn run(name: &str, promise: Promise, more: &str, args: &[&str]) -> Ran {
    run_with(name, promise, more, "", args)
}

/// The same, with lines for the plan's endpoint.
pub(crate) fn run_with(
    name: &str,
    promise: Promise,
    more: &str,
    endpoint: &str,
    args: &[&str],
) -> Ran {
    let shop = Shop::open(promise);
    let folder = folder(name);
    plan_with(&folder, &shop.url, more, endpoint);
    let args: Vec<_> = ["run", "--seed", "7", "--out", "out"]
        .iter()
        .chain(args)
        .copied()
        .collect();
    tool(&folder, &args, &[])
}

impl Ran {
    /// A scenario's state and sentence in the run's record.
    pub(crate) fn found(&self, scenario: &str) -> (String, String) {
        let text = std::fs::read_to_string(self.folder.join("out/run.json")).unwrap();
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        let findings = json["findings"].as_array().unwrap();
        let found = findings.iter().find(|f| f["scenario"] == scenario).unwrap();
        let text = |name: &str| found[name].as_str().unwrap().to_owned();
        (text("state"), text("sentence"))
    }
}
