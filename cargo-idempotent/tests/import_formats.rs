//! What the files of each tool hold beyond the plain case, by a fixture in its shape.

use std::path::PathBuf;

use cargo_idempotent::{
    case::Case,
    import::{self, Import},
};

fn fixture(name: &str) -> Import {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests/fixtures", name]
        .iter()
        .collect();
    import::paths(&[path])
}

fn named<'a>(read: &'a Import, name: &str) -> &'a Case {
    let found = read.cases.iter().find(|c| c.name == name);
    found.unwrap_or_else(|| panic!("no case `{name}`: {:?} {:?}", read.cases, read.problems))
}

fn text(case: &Case) -> &str {
    case.request.body.as_text().unwrap()
}

#[test]
fn keploy_sets_of_a_newer_version_are_read_with_json_forms_and_assets() {
    let read = fixture("keploy-newer");
    assert!(read.problems.is_empty(), "{:?}", read.problems);
    assert!(
        read.skipped.is_empty(),
        "only `tests` holds cases: {:?}",
        read.skipped
    );
    let names: Vec<_> = read.cases.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(
        names,
        ["test-1", "test-2", "test-3", "test-3-lost", "test-4"]
    );
    assert_eq!(text(named(&read, "test-1")), "{\"sku\": \"tea-01\"}");
    assert_eq!(
        named(&read, "test-1").kept["keploy"]["spec"]["app_port"],
        8010
    );
    let form = named(&read, "test-2");
    let kind = form.request.headers.get("content-type").unwrap();
    let boundary = kind.strip_prefix("multipart/form-data; boundary=").unwrap();
    let body = String::from_utf8_lossy(&form.request.body.0).into_owned();
    assert!(body.starts_with(&format!("--{boundary}\r\n")), "{body}");
    assert!(
        body.contains("name=\"title\"\r\n\r\ntea at noon\r\n"),
        "{body}"
    );
    assert!(
        body.contains("filename=\"photo.png\"\r\nContent-Type: image/png\r\n"),
        "{body}"
    );
    assert_eq!(text(named(&read, "test-4")), "name=Ann%20%26%20Bob");
    assert_eq!(
        named(&read, "test-4").noise,
        ["header.Date", "body.data.InsertedID"]
    );
}

#[test]
fn keploy_bodies_in_files_are_found_and_lost_ones_are_never_sent() {
    let read = fixture("keploy-newer");
    let found = named(&read, "test-3");
    assert_eq!(text(found), "{\"rows\":[1,2,3]}");
    assert_eq!(found.truncated.request, None);
    assert_eq!(found.truncated.response, Some(2_097_152));
    let assertions = &found.kept["keploy"]["assertions"];
    for kept in [
        "status_code",
        "status_code_class",
        "status_code_in",
        "header_equal",
        "header_contains",
        "header_exists",
        "header_matches",
        "json_equal",
        "json_contains",
    ] {
        assert!(assertions.get(kept).is_some(), "{kept}");
    }
    assert_eq!(
        named(&read, "test-3-lost").truncated.request,
        Some(1_500_000)
    );
}

#[test]
fn keploy_files_beside_the_cases_are_no_cases_even_if_they_are_named() {
    for (file, said) in [
        ("test-set-1/mocks.yaml", "of kind Postgres"),
        ("test-set-1/mappings.yaml", "of kind TestMapping"),
        ("test-set-1/config.yaml", "not a Keploy document"),
        ("reports/test-run-0/test-set-1-report.yaml", "has no kind"),
    ] {
        let read = fixture(&format!("keploy-newer/{file}"));
        assert!(
            read.cases.is_empty() && read.problems.is_empty(),
            "{read:?}"
        );
        assert!(read.skipped[0].message.contains(said), "{:?}", read.skipped);
    }
    let mocks = fixture("keploy-newer/test-set-1/mocks.yaml");
    assert!(
        mocks.skipped[1].message.starts_with("document 2: "),
        "{:?}",
        mocks.skipped
    );
}

#[test]
fn chrome_archives_lose_pseudo_headers_binary_posts_and_failed_entries_with_a_word() {
    let read = fixture("har/chrome.har");
    assert!(read.problems.is_empty(), "{:?}", read.problems);
    let order = named(&read, "entry-1");
    let names = order.request.headers.0.iter().map(|(n, _)| n.as_str());
    assert_eq!(
        names.collect::<Vec<_>>(),
        ["accept", "content-type", "user-agent"]
    );
    let kept = &order.kept["har"];
    assert_eq!(kept["_initiator"]["type"], "script");
    assert_eq!(kept["response"]["_transferSize"], 152);
    assert_eq!(kept["timings"]["_blocked_queueing"], 0.9);
    let image = named(&read, "entry-2").response.as_ref().unwrap();
    assert_eq!(image.body.0, [0x89, b'P', b'N', b'G']);
    let skipped: Vec<_> = read
        .skipped
        .iter()
        .map(|p| (p.field.as_str(), p.line))
        .collect();
    assert_eq!(
        skipped,
        [
            ("log.entries[2].request.postData", 78),
            ("log.entries[3]", 91)
        ]
    );
    assert!(
        read.skipped[0].message.contains("record it instead"),
        "{:?}",
        read.skipped
    );
    assert!(
        read.notes[0].message.contains("--header 'Authorization"),
        "{:?}",
        read.notes
    );
}

#[test]
fn firefox_safari_and_charles_archives_are_read_and_say_which_secret_is_needed() {
    let firefox = fixture("har/firefox.har");
    assert!(
        firefox.problems.is_empty() && firefox.notes.is_empty(),
        "{firefox:?}"
    );
    let order = named(&firefox, "entry-1");
    assert_eq!(
        order.request.headers.get("cookie"),
        Some("${secret:cookie}")
    );
    assert!(
        !format!("{order:?}").contains("8f0c"),
        "cookies stand in two places: {order:?}"
    );
    let safari = fixture("har/safari.har");
    let note = named(&safari, "entry-1");
    assert_eq!((note.request.method.as_str(), text(note)), ("PUT", "hello"));
    assert_eq!(
        note.request.headers.get("authorization"),
        Some("${secret:authorization}")
    );
    assert_eq!(note.kept["har"]["_fetchType"], "Network Load");
    let charles = fixture("har/charles.har");
    let login = named(&charles, "entry-1");
    assert_eq!(text(login), "user=ann%20%26%20bob&next=%2Fshop");
    // The header was left out of the export, and the list of cookies was not.
    assert_eq!(
        login.request.headers.get("cookie"),
        Some("${secret:cookie}")
    );
}

#[test]
fn http_files_have_multipart_parts_scripts_and_files_with_variables() {
    let read = fixture("more.http");
    assert!(read.problems.is_empty(), "{:?}", read.problems);
    let upload = text(named(&read, "request-1"));
    assert_eq!(
        upload,
        "--b0\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\ntea\r\n--b0\r\n\
         Content-Disposition: form-data; name=\"file\"; filename=\"note.txt\"\r\n\
         Content-Type: text/plain\r\n\r\na note\n\r\n--b0--\r\n"
    );
    let filled = named(&read, "Filled from a file");
    assert_eq!(
        filled.request.url,
        "http://localhost:8080/search?q=tea&lang=en"
    );
    assert_eq!(text(filled), "{\"host\": \"http://localhost:8080\"}\n");
}

#[cfg(feature = "cli")]
#[test]
fn curl_scripts_have_variables_files_forms_and_what_a_shell_puts_around_commands() {
    let read = fixture("more-commands.sh");
    let requests: Vec<_> = read
        .cases
        .iter()
        .map(|c| (c.request.method.as_str(), c.request.url.as_str()))
        .collect();
    let api = "http://localhost:8080/v1";
    let url = |path: &str| format!("{api}/{path}");
    assert_eq!(
        requests,
        [
            ("POST", url("orders").as_str()),
            ("DELETE", &url("orders/7")),
            ("POST", &url("orders")),
            ("POST", &url("files")),
            ("GET", &url("search?q=tea&who=A%26B&page=2")),
            ("POST", &url("orders?dry=no&lang=en")),
            ("PUT", &url("notes/1")),
        ],
        "{:?}",
        read.problems
    );
    assert_eq!(
        text(named(&read, "create from a file")),
        "{  \"sku\": \"tea-02\"}"
    );
    assert_eq!(text(&read.cases[2]), "{\n  \"sku\": \"tea-02\"\n}\n");
    let form = text(&read.cases[3]);
    for part in [
        "name=\"title\"\r\n\r\ntea at noon\r\n",
        "name=\"photo\"; filename=\"n.txt\"\r\nContent-Type: text/plain\r\n\r\na note\n\r\n",
        "name=\"raw\"\r\n\r\n@not-a-file\r\n",
    ] {
        assert!(form.contains(part), "{part}\n{form}");
    }
    assert_eq!(text(&read.cases[5]), "a=1&@b&c=3");
    assert_eq!(text(&read.cases[6]), "a note\n");
    let problems: Vec<_> = read
        .problems
        .iter()
        .map(|p| (p.line, p.field.as_str()))
        .collect();
    assert_eq!(problems, [(15, "url"), (16, "data"), (17, "data")]);
    assert!(
        read.problems[0].message.contains("$NOWHERE"),
        "{:?}",
        read.problems
    );
}
