//! One key is found by operation, scope and key, and stands in no address.

use axum::http::StatusCode;
use serde_json::json;

use crate::world::{PREFIX, READER, Service, attributes};

const KEY: &str = "canary-7d1f";

#[tokio::test]
async fn a_key_is_found_by_a_post_and_stands_in_no_address() {
    let service = Service::new();
    let done = service.done(KEY).await;
    let form = [
        ("operation", "shop::charge"),
        ("scope", "acme"),
        ("key", KEY),
    ];
    let found = service.post(READER, "/lookup", &form).await;
    assert_eq!(found.status, StatusCode::SEE_OTHER);
    let to = found.header("location").to_owned();
    assert!(
        to.starts_with(&format!("{PREFIX}/records/{}", done.id)),
        "{to}"
    );
    let page = service
        .get(READER, to.strip_prefix(PREFIX).expect("our own"))
        .await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!to.contains(KEY) && !page.text.contains(KEY));
    for address in service.crawl("root").await {
        assert!(!address.contains(KEY), "{address}");
    }
    let overview = service.get(READER, "").await;
    let forms = overview
        .text
        .split("<form")
        .skip(1)
        .filter(|form| form.contains("name=\"key\""));
    for form in forms {
        assert!(
            attributes(form).contains(&("method".to_owned(), "post".to_owned())),
            "{form}"
        );
    }
}

#[tokio::test]
async fn a_key_without_a_record_is_told_in_words_with_its_ttl() {
    let service = Service::new();
    let form = [
        ("operation", "shop::charge"),
        ("scope", "acme"),
        ("key", "never"),
    ];
    let found = service.post(READER, "/lookup", &form).await;
    let to = found
        .header("location")
        .strip_prefix(PREFIX)
        .expect("our own")
        .to_owned();
    let page = service.get(READER, &to).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    let words = page.words();
    assert!(
        words.contains("Never seen, expired, released or forgotten."),
        "{words}"
    );
    assert!(
        words.contains("Answers of shop::charge are kept for 2 d."),
        "{words}"
    );
}

#[tokio::test]
async fn what_cannot_be_is_told_beside_its_field() {
    let service = Service::new();
    for (form, field, words) in [
        (
            [("operation", ""), ("scope", "a"), ("key", "k")],
            "operation",
            "An operation is needed",
        ),
        (
            [
                ("operation", "shop::charge"),
                ("scope", "a//b"),
                ("key", "k"),
            ],
            "scope",
            "none is empty",
        ),
        (
            [("operation", "shop::charge"), ("scope", ""), ("key", "k")],
            "scope",
            "whose is it?",
        ),
        (
            [("operation", "shop::charge"), ("scope", "a"), ("key", "")],
            "key",
            "empty",
        ),
    ] {
        let got = service.post(READER, "/lookup", &form).await;
        assert_eq!(got.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(got.words().contains(words), "{}", got.words());
        assert!(got.text.contains(&format!("id=\"{field}-error\"")));
        let input = got
            .text
            .split("<input")
            .find(|it| it.contains(&format!("id=\"{field}\"")));
        let input = input.expect("the field").split('>').next().expect("a tag");
        assert!(
            input.contains("aria-invalid=\"true\"") && input.contains(&format!("{field}-error")),
            "{input}"
        );
    }
}

#[tokio::test]
async fn a_header_key_may_be_pasted_with_its_quotes() {
    let service = Service::new();
    let quoted = json!({ "operation": "POST /pay", "scope": "acme", "key": "\"a\\\"b\"" });
    let bare = json!({ "operation": "POST /pay", "scope": "acme", "key": "a\"b" });
    for asked in [quoted, bare] {
        let got = service.post_json(READER, "/api/v1/lookup", &asked).await;
        assert_eq!(
            (got.status, got.json()["code"].as_str()),
            (StatusCode::NOT_FOUND, Some("no-record"))
        );
    }
}

#[tokio::test]
async fn a_program_looks_up_by_json() {
    let service = Service::new();
    let done = service.done(KEY).await;
    let asked = json!({ "operation": "shop::charge", "scope": "acme", "key": KEY });
    let got = service
        .post_json(READER, "/api/v1/lookup", &asked)
        .await
        .json();
    assert_eq!(
        (got["id"].as_str(), got["state"].as_str()),
        (Some(done.id.to_string().as_str()), Some("done"))
    );
    let wrong = service
        .post_json(
            READER,
            "/api/v1/lookup",
            &json!({ "operation": "shop::charge" }),
        )
        .await;
    assert_eq!(
        (wrong.status, wrong.json()["code"].as_str()),
        (StatusCode::BAD_REQUEST, Some("unreadable"))
    );
}
