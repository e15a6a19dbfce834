//! What comes from outside is text on every page: markup, marks that turn the
//! direction, and percent signs by the hundred.

use axum::http::StatusCode;
use idempotent_runtime::outcome::ClaimOutcome;
use idempotent_runtime::record::{RecordId, ScopeDigest};
use idempotent_runtime::store::Claim;
use idempotent_runtime::{Answer, Key, Scope, Token, Ttl};
use serde_json::json;

use crate::world::{READER, SEER, Service, formed, request};

const EVIL: &str = "<img src=x onerror=alert(1)>\u{202e}gnp.\u{2066}\"'&";

fn is_text(html: &str, at: &str) {
    assert!(!html.contains("<img"), "{at}: {html}");
    assert!(
        !html.contains('\u{202e}') && !html.contains('\u{2066}'),
        "{at}: {html}"
    );
}

#[tokio::test]
async fn a_record_of_hostile_names_is_text_on_every_page() {
    let service = Service::new();
    let id = RecordId::from_bytes([9; 32]);
    let token = Token::mint().expect("random bytes");
    let scope = ScopeDigest::of(&Scope::public());
    let mut claim = Claim::new(id, EVIL, scope, token);
    claim.owner = EVIL;
    let store = service.idempotency.store();
    let Ok(ClaimOutcome::Claimed(claimed)) = store.claim(&claim).await else {
        panic!("a claim")
    };
    for state in ["running", "done"] {
        for path in [
            "/records".to_owned(),
            format!("/records/{id}"),
            format!("/records/{id}/forget"),
        ] {
            let page = service.get("root", &path).await;
            is_text(&page.text, &path);
            if page.status == StatusCode::OK {
                assert!(
                    page.text
                        .contains("<bdi>&#60;img src=x onerror=alert(1)&#62;\\u{202e}gnp."),
                    "{state} {path}: {}",
                    page.text
                );
            }
        }
        if state == "running" {
            // A response with a hostile header value and body, as it is stored.
            let mut bytes = vec![1, 0, 200, 1, 0, 6];
            bytes.extend(b"x-evil");
            bytes.push(4);
            bytes.extend(b"<b>\xe9");
            bytes.extend(EVIL.as_bytes());
            let answer = Answer::from_bytes(bytes);
            store
                .complete(&id, &token, claimed.fence, &answer, Ttl::DEFAULT)
                .await
                .expect("a store");
        }
    }
    let page = service.get(SEER, &format!("/records/{id}")).await;
    is_text(&page.text, "the answer");
    assert!(page.text.contains("&#60;b&#62;\u{fffd}"), "{}", page.text);
    assert!(page.words().contains("200 OK"), "{}", page.words());
    assert!(page.text.contains("\\u{202e}gnp."), "{}", page.text);
}

#[tokio::test]
async fn what_was_typed_comes_back_as_text() {
    let service = Service::new();
    let percents = "%".repeat(255);
    for (operation, scope, key) in [
        (EVIL, EVIL, EVIL),
        ("shop::charge", percents.as_str(), percents.as_str()),
        ("\"><script>alert(1)</script>", "\"><script>", "\"><script>"),
    ] {
        let form = [("operation", operation), ("scope", scope), ("key", key)];
        let got = service
            .send(formed(request("POST", READER, "/lookup"), &form))
            .await;
        assert!(
            !got.text.contains("<img") && !got.text.contains("<script>"),
            "{}",
            got.text
        );
        let to = got.header("location");
        assert!(
            to.bytes()
                .all(|byte| byte.is_ascii_graphic() && !b"<>\"".contains(&byte)),
            "{to}"
        );
    }
    let form = [
        ("operation", "shop::charge"),
        ("scope", "a"),
        ("key", percents.as_str()),
    ];
    let found = service.post(READER, "/lookup", &form).await;
    let scope = Scope::of("a").expect("a scope");
    let key = Key::new(percents.as_str()).expect("255 bytes are a key");
    let id = service.idempotency.record_id("shop::charge", &scope, &key);
    assert!(found.header("location").contains(&id.to_string()));
}

#[tokio::test]
async fn a_hostile_filter_and_name_are_text() {
    let service = Service::new();
    let page = service
        .get(
            "<img src=x>",
            "/records?operation=%3Cimg%20src=x%3E%E2%80%AE",
        )
        .await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.text.contains("<img"), "{}", page.text);
    let asked = json!({ "operation": EVIL, "scope": "a", "key": EVIL });
    let api = service.post_json(READER, "/api/v1/lookup", &asked).await;
    assert_eq!(api.json()["code"], "no-record");
}
