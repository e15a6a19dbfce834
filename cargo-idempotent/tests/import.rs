//! What each format's files give, and that a bad entry costs only itself.

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

fn problems(read: &Import) -> Vec<String> {
    let short = |p: &cargo_idempotent::Problem| format!("{}|{}|{}", p.line, p.field, p.message);
    read.problems.iter().map(short).collect()
}

#[test]
fn keploy_header_values_keep_their_text_and_secrets_are_masked() {
    let read = fixture("keploy");
    let case = named(&read, "test-1");
    let headers = &case.request.headers;
    assert_eq!(headers.get("X-Build"), Some("0x1F"));
    assert_eq!(headers.get("X-Version"), Some("1.10"));
    assert_eq!(
        headers.get("Authorization"),
        Some("${secret:authorization}")
    );
    assert_eq!(headers.get("Host"), None);
    assert_eq!(headers.get("Content-Length"), None);
    assert_eq!(case.noise, ["body.id", "header.Date"]);
    assert_eq!(case.kept["keploy"]["spec"]["app_port"], 8080);
    assert!(!format!("{case:?}").contains("s3cret"));
}

#[test]
fn keploy_bodies_may_be_binary_a_list_or_a_map() {
    let read = fixture("keploy");
    let stream = named(&read, "test-2").response.as_ref().unwrap();
    assert_eq!(stream.body.as_json().unwrap()[0]["data"]["event"], "tick");
    let file = named(&read, "test-3");
    assert_eq!(file.request.body.0, [0xff, 0xfe, 0xfd, 0xfc]);
    let xml = file.response.as_ref().unwrap().body.as_json().unwrap();
    assert_eq!(xml["file"]["id"], 1);
    assert_eq!(file.noise, ["body.file.id"]);
}

#[test]
fn a_broken_keploy_document_is_named_and_costs_no_other() {
    let read = fixture("keploy");
    let names: Vec<_> = read.cases.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(
        names,
        ["test-1", "test-2", "test-3", "after-the-broken-one"]
    );
    let [problem] = &read.problems[..] else {
        panic!("{:?}", read.problems);
    };
    assert!(problem.file.ends_with("test-4.yaml"));
    assert_eq!(
        (problem.line, problem.field.as_str()),
        (16, "spec.resp.status_code")
    );
    assert_eq!(read.skipped.len(), 1);
    assert!(read.skipped[0].message.contains("gRPC"));
}

#[test]
fn har_entries_are_read_one_by_one() {
    let read = fixture("browser.har");
    assert_eq!(read.cases.len(), 2);
    let order = named(&read, "entry-1");
    let names: Vec<_> = order
        .request
        .headers
        .0
        .iter()
        .map(|(n, _)| n.as_str())
        .collect();
    assert_eq!(names, ["content-type", "Cookie"]);
    assert_eq!(order.kept["har"]["_securityState"], "secure");
    let answer = order.response.as_ref().unwrap();
    let cookies = answer.headers.0.iter().filter(|(n, _)| n == "set-cookie");
    assert_eq!(cookies.count(), 2);
    let login = named(&read, "entry-2");
    assert_eq!(login.request.body.as_text(), Some("user=ann&pin=1"));
    assert_eq!(
        login.response.as_ref().unwrap().body.0,
        [0x89, b'P', b'N', b'G']
    );
    assert_eq!(read.skipped.len(), 1);
    let lines: Vec<_> = read
        .problems
        .iter()
        .map(|p| (p.line, p.field.as_str()))
        .collect();
    assert_eq!(
        lines,
        [
            (63, "log.entries[3].request"),
            (66, "log.entries[4].request.url")
        ]
    );
}

#[test]
fn http_files_fill_variables_and_keep_bodies_as_they_are() {
    let read = fixture("orders.http");
    let create = named(&read, "create");
    assert_eq!(
        create.request.url,
        "http://localhost:8080/v1/orders?dry=no&lang=en"
    );
    assert_eq!(
        create.request.headers.get("idempotency-key"),
        Some("\"k-1\"")
    );
    let body = "{\n  \"sku\": \"tea-01\",\n\n  \"count\": 2\n}";
    assert_eq!(create.request.body.as_text(), Some(body));
    assert_eq!(
        named(&read, "From a file").request.body.as_text(),
        Some("a note\n")
    );
    assert_eq!(read.cases.len(), 3);
    let problems = problems(&read);
    assert!(problems[0].starts_with("28|{{nowhere}}|"), "{problems:?}");
    assert!(problems[1].starts_with("31|request line|"), "{problems:?}");
}

#[test]
fn openapi_3_0_operations_become_cases_and_a_bad_one_costs_only_itself() {
    let read = fixture("openapi/petstore-3.0.yaml");
    let names: Vec<_> = read.cases.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["listPets", "createPet", "deletePet"]);
    let create = named(&read, "createPet");
    assert_eq!(create.request.url, "http://127.0.0.1:8080/v1/pets");
    assert!(create.request.headers.get("idempotency-key").is_some());
    let body = create.request.body.as_json().unwrap();
    assert_eq!(
        (&body["name"], &body["kind"]),
        (&"textxx".into(), &"cat".into())
    );
    assert!(body.get("id").is_none(), "read-only: {body}");
    let answer = create.response.as_ref().unwrap();
    assert_eq!(
        (answer.status, &answer.body.as_json().unwrap()["id"]),
        (201, &1.into())
    );
    assert_eq!(
        named(&read, "deletePet").request.url,
        "http://127.0.0.1:8080/v1/pets/1"
    );
    let places: Vec<_> = read
        .problems
        .iter()
        .map(|p| (p.line, p.field.as_str()))
        .collect();
    assert_eq!(
        places,
        [(32, "paths./pets/{petId}.put"), (42, "paths./photos.post")]
    );
}

#[test]
fn openapi_3_1_types_and_bounds_are_read() {
    let read = fixture("openapi/orders-3.1.json");
    assert!(read.problems.is_empty(), "{:?}", read.problems);
    let order = named(&read, "post /orders");
    let body = order.request.body.as_json().unwrap();
    assert_eq!(body, serde_json::json!({ "sku": "tea-01", "amount": 5 }));
    let answer = order.response.as_ref().unwrap();
    assert_eq!(answer.body.as_text(), Some("{\"id\":7}"));
}

#[cfg(feature = "cli")]
#[test]
fn curl_commands_are_read_as_shells_and_browsers_write_them() {
    let read = fixture("commands.sh");
    let create = named(&read, "create");
    assert_eq!(create.request.method, "POST");
    assert_eq!(
        create.request.body.as_text(),
        Some("{\"note\":\"it's tea!\\n\"}")
    );
    assert_eq!(create.source.line, 3);
    let delete = named(&read, "curl-2");
    assert_eq!(delete.request.method, "DELETE");
    assert_eq!(
        named(&read, "curl-3").request.url,
        "http://localhost:8080/search?q=tea&who=A%26B"
    );
    assert_eq!(read.cases.len(), 3);
    let problems = problems(&read);
    assert!(
        problems[0].starts_with("14|--form|") && problems[0].contains("a.png"),
        "{problems:?}"
    );
    assert!(problems[1].contains("--made-up"), "{problems:?}");
    assert!(problems[2].contains("quote"), "{problems:?}");
}
