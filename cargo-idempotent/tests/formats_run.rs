//! Each format from its file to a verdict, and back: imported, planned, run against a
//! service, exported, and read again equal.
#![cfg(feature = "cli")]

mod any_path;

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use cargo_idempotent::{
    case::{self, Case, Source},
    export,
    import::{self, Format},
};

/// Runs the command, and gives its last line and all it said.
fn tool(folder: &Path, args: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-idempotent"));
    for secret in ["AUTHORIZATION", "COOKIE"] {
        command.env(format!("IDEMPOTENT_{secret}"), "Bearer of-a-test");
    }
    let out = command.args(args).current_dir(folder).output().unwrap();
    let text = String::from_utf8(out.stdout).unwrap() + &String::from_utf8(out.stderr).unwrap();
    (out.status.code(), text)
}

fn placeless(mut case: Case) -> Case {
    case.source = Source::default();
    case
}

/// Keploy has a map of headers, without their order, and needs an answer.
fn sorted(mut case: Case) -> Case {
    case.request.headers.0.sort();
    case
}

/// From a fixture to its cases on disk, by way of a run that must prove something.
fn through(name: &str, fixtures: &[&str]) -> Vec<Case> {
    let folder = std::env::temp_dir().join(format!("format-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let files: Vec<PathBuf> = fixtures.iter().map(|f| root.join(f)).collect();
    let mut args = vec!["import", "--into", "rec"];
    args.extend(files.iter().map(|f| f.to_str().unwrap()));
    let (code, said) = tool(&folder, &args);
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = tool(&folder, &["gen", "--from", "rec"]);
    assert_eq!(code, Some(0), "{said}");
    let target = any_path::open();
    let (code, said) = tool(
        &folder,
        &[
            "run",
            "--target",
            &target,
            "--ledger",
            "/ledger#effects",
            "--only",
            "sequential,other-key,twice",
            "--allow-not-proven",
            "--seed",
            "1",
        ],
    );
    assert_eq!(code, Some(0), "{name}: {said}");
    let last = said.lines().find(|l| l.contains(" passed, ")).unwrap();
    let passed: usize = last.split(' ').next().unwrap().parse().unwrap();
    assert!(passed > 0 && last.contains(" 0 failed"), "{name}: {said}");
    let cases = case::load(&folder.join("rec/cases")).unwrap();
    std::fs::remove_dir_all(folder).unwrap();
    cases.into_iter().map(|(_, case)| case).collect()
}

/// Exports to a format and reads it again: nothing may differ.
fn through_har(cases: &[Case]) {
    let (text, _) = export::har(cases);
    let read = import::text(Format::Har, "again.har", &text);
    assert!(read.problems.is_empty(), "{:?}", read.problems);
    let textual = |c: &&Case| c.response.is_some() && c.request.body.as_text().is_some();
    let wanted: Vec<_> = cases
        .iter()
        .filter(textual)
        .cloned()
        .map(placeless)
        .collect();
    let read: Vec<_> = read.cases.into_iter().map(placeless).collect();
    assert_eq!(read, wanted);
    assert!(
        har::from_str(&text).is_ok(),
        "an independent reader: {text}"
    );
}

fn through_keploy(cases: &[Case]) {
    for case in cases.iter().filter(|c| c.response.is_some()) {
        let text = export::keploy(case).unwrap();
        let read = import::text(Format::Keploy, "again.yaml", &text);
        assert!(read.problems.is_empty(), "{:?}\n{text}", read.problems);
        let read = read.cases.into_iter().next().unwrap();
        assert_eq!(
            sorted(placeless(read)),
            sorted(placeless(case.clone())),
            "{text}"
        );
    }
}

fn through_curl(cases: &[Case]) {
    let text = export::curl(cases);
    let read = import::text(Format::Curl, "again.sh", &text);
    assert!(read.problems.is_empty(), "{:?}\n{text}", read.problems);
    let requests = |cases: &[Case]| -> Vec<_> {
        let textual = cases.iter().filter(|c| c.request.body.as_text().is_some());
        textual
            .map(|c| (c.name.clone(), c.request.clone()))
            .collect()
    };
    assert_eq!(requests(&read.cases), requests(cases));
}

#[test]
fn keploy_sets_are_imported_run_exported_and_read_again_equal() {
    let cases = through("keploy", &["keploy", "keploy-newer"]);
    assert_eq!(cases.len(), 9);
    through_keploy(&cases);
    through_curl(&cases);
}

#[test]
fn archives_of_four_tools_are_imported_run_exported_and_read_again_equal() {
    let archives = [
        "har/chrome.har",
        "har/firefox.har",
        "har/safari.har",
        "har/charles.har",
    ];
    let cases = through("har", &archives);
    assert_eq!(cases.len(), 5);
    through_har(&cases);
    through_curl(&cases);
}

#[test]
fn openapi_documents_are_imported_run_exported_and_read_again_equal() {
    let documents = [
        "openapi/petstore-3.0.yaml",
        "openapi/orders-3.1.json",
        "openapi/petstore-3.1.yaml",
    ];
    let cases = through("openapi", &documents);
    assert!(cases.len() > 5, "{cases:?}");
    through_curl(&cases);
    // An example has no time of its own, and no format but these keeps the answer.
    let bare = |c: &Case| (c.name.clone(), c.request.clone(), c.response.clone());
    let (text, _) = export::har(&cases);
    let read = import::text(Format::Har, "again.har", &text);
    let wanted: Vec<_> = cases
        .iter()
        .filter(|c| c.response.is_some())
        .map(bare)
        .collect();
    assert_eq!(read.cases.iter().map(bare).collect::<Vec<_>>(), wanted);
}

#[test]
fn curl_and_http_files_are_imported_run_exported_and_read_again_equal() {
    through_curl(&through("curl", &["commands.sh", "more-commands.sh"]));
    through_curl(&through("http", &["orders.http", "more.http"]));
}
