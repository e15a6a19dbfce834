//! Every answer of the page forbids what it does not need.

use crate::world::{PREFIX, READER, Service};

#[tokio::test]
async fn every_answer_has_the_headers() {
    let service = Service::new();
    service.done("paid").await;
    service.hanging("runs").await;
    let mut addresses = service.crawl("root").await;
    for more in [
        "/nothing",
        "/api/nothing",
        "/records?state=gone",
        "/api/v1/overview",
        "/api/v1/records",
    ] {
        addresses.insert(format!("{PREFIX}{more}"));
    }
    for address in addresses {
        if address.ends_with("/events") {
            continue; // It does not end; `streams` looks at it.
        }
        let got = service
            .get("root", address.strip_prefix(PREFIX).expect("our own"))
            .await;
        assert_eq!(
            got.header("content-security-policy"),
            "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
             img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            "{address}"
        );
        assert_eq!(got.header("referrer-policy"), "no-referrer", "{address}");
        assert_eq!(got.header("x-content-type-options"), "nosniff", "{address}");
        let cache = got.header("cache-control");
        if address.contains("/assets/") {
            assert_eq!(cache, "private, max-age=31536000, immutable", "{address}");
        } else {
            assert_eq!(cache, "no-store", "{address}");
        }
        // What the policy would block is not there at all.
        if got.header("content-type").starts_with("text/html") {
            assert!(
                !got.text.contains(" style=") && !got.text.contains("<style"),
                "{address}"
            );
            assert!(
                !got.text.contains(" onclick") && !got.text.contains("<script>"),
                "{address}"
            );
        }
    }
    let post = service.post(READER, "/lookup", &[]).await;
    assert_eq!(post.header("cache-control"), "no-store");
}
