//! What is exported and read again is what was there.

use std::path::PathBuf;

use cargo_idempotent::{
    case::Case,
    export,
    import::{self, Format},
};

fn cases(name: &str) -> Vec<Case> {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests/fixtures", name]
        .iter()
        .collect();
    import::paths(&[path]).cases
}

/// Without what only says where the case was read.
fn placeless(mut case: Case) -> Case {
    case.source = cargo_idempotent::case::Source::default();
    case
}

fn again(format: Format, text: &str) -> Vec<Case> {
    let read = import::text(format, "again", text);
    assert!(read.problems.is_empty(), "{:?}\n{text}", read.problems);
    read.cases
}

#[test]
fn keploy_export_reads_back_equal_with_all_that_was_kept() {
    let mut before = cases("keploy");
    assert_eq!(before.len(), 4);
    before.extend(cases("keploy-newer"));
    for case in before {
        let text = export::keploy(&case).unwrap();
        let after = again(Format::Keploy, &text).remove(0);
        assert_eq!(placeless(after), placeless(case), "{text}");
    }
}

#[test]
fn har_export_reads_back_equal_with_all_that_was_kept() {
    let archives = [
        "browser.har",
        "har/chrome.har",
        "har/firefox.har",
        "har/safari.har",
        "har/charles.har",
    ];
    for archive in archives {
        let before = cases(archive);
        assert!(!before.is_empty(), "{archive}");
        let (text, left_out) = export::har(&before);
        assert!(left_out.is_empty());
        let after = again(Format::Har, &text);
        let bare = |cases: Vec<Case>| cases.into_iter().map(placeless).collect::<Vec<_>>();
        assert_eq!(bare(after), bare(before), "{archive}");
    }
}

#[test]
fn har_export_satisfies_an_independent_reader() {
    let mut all = cases("browser.har");
    all.extend(cases("keploy"));
    all.extend(cases("orders.http"));
    all.extend(cases("har"));
    let (text, left_out) = export::har(&all);
    // Answers are missing in `.http` files; one Keploy request body is not text.
    assert_eq!(left_out, ["test-3", "create", "request-3", "From a file"]);
    let read: har::Har = har::from_str(&text).unwrap();
    let har::Spec::V1_2(log) = read.log else {
        panic!("not version 1.2");
    };
    assert_eq!(log.entries.len(), 10);
}

#[test]
fn a_case_file_reads_back_equal() {
    let mut all = cases("browser.har");
    all.extend(cases("keploy"));
    let recording =
        std::env::temp_dir().join(format!("cargo-idempotent-cases-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&recording);
    let folder = recording.join("cases");
    cargo_idempotent::case::save(&folder, &all).unwrap();
    let read = cargo_idempotent::case::load(&folder).unwrap();
    let read: Vec<_> = read.into_iter().map(|(_, case)| case).collect();
    std::fs::remove_dir_all(&recording).unwrap();
    assert_eq!(read, all);
}

#[test]
fn openapi_cases_read_back_equal_through_keploy_and_har() {
    let before = cases("openapi/petstore-3.0.yaml");
    let bare = |case: &Case| {
        (
            case.name.clone(),
            case.request.clone(),
            case.response.clone(),
        )
    };
    let wanted: Vec<_> = before.iter().map(bare).collect();
    let (text, left_out) = export::har(&before);
    assert!(left_out.is_empty());
    let after: Vec<_> = again(Format::Har, &text).iter().map(bare).collect();
    assert_eq!(after, wanted);
    let mut sorted = wanted;
    for (case, wanted) in before.iter().zip(&mut sorted) {
        // Keploy's headers are a map: their order is not kept.
        wanted.1.headers.0.sort();
        let after = again(Format::Keploy, &export::keploy(case).unwrap());
        assert_eq!(bare(&after[0]), *wanted);
    }
}

#[cfg(feature = "cli")]
#[test]
fn curl_export_reads_back_the_same_requests() {
    let mut before = cases("commands.sh");
    before.extend(cases("orders.http"));
    before.extend(cases("browser.har"));
    let after = again(Format::Curl, &export::curl(&before));
    let requests =
        |cases: Vec<Case>| -> Vec<_> { cases.into_iter().map(|c| (c.name, c.request)).collect() };
    assert_eq!(requests(after), requests(before));
}

#[test]
fn hurl_export_writes_each_request_with_its_status() {
    let text = export::hurl(&cases("browser.har"));
    let first = "POST https://shop.example/orders?draft=no\ncontent-type: application/json\n";
    assert!(text.contains(first), "{text}");
    assert!(
        text.contains("`{\"sku\": \"tea-01\"}`\nHTTP 201\n"),
        "{text}"
    );
}
