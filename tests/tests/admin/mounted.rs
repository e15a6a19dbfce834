//! The page works under any prefix, and at the root.

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use idempotent_runtime::{Idempotency, admin};
use tower::ServiceExt;

use crate::world::{Got, attributes};

async fn get(router: &Router, path: &str) -> Got {
    let request = Request::get(path).body(Body::empty()).expect("a request");
    Got::of(router.clone().oneshot(request).await.expect("an answer")).await
}

#[tokio::test]
async fn every_address_is_absolute_from_where_it_is_mounted() {
    let idempotency = Idempotency::in_memory();
    let page = || admin::router(&idempotency).without_auth("a test");
    for (router, root, prefix) in [
        (page(), "/", ""),
        (Router::new().nest("/ops", page()), "/ops", "/ops"),
        (
            Router::new().nest("/a", Router::new().nest("/b/c", page())),
            "/a/b/c",
            "/a/b/c",
        ),
        (Router::new().nest_service("/ops", page()), "/ops/", "/ops"),
        (
            Router::new().nest("/{tenant}/ops", page()),
            "/acme/ops",
            "/acme/ops",
        ),
    ] {
        let overview = get(&router, root).await;
        assert_eq!(overview.status, StatusCode::OK, "{root}");
        let mut assets = 0;
        for (name, value) in attributes(&overview.text) {
            if !["href", "src", "action", "data-live-tools"].contains(&name.as_str())
                || value.starts_with(['#', 'd'])
            {
                continue;
            }
            assert!(
                value.starts_with(&format!("{prefix}/")) || value == prefix,
                "{root}: {value}"
            );
            if value.contains("/assets/") {
                assets += 1;
                assert_eq!(get(&router, &value).await.status, StatusCode::OK, "{value}");
            }
        }
        assert_eq!(assets, 2, "{root}");
        let records = get(&router, &format!("{prefix}/records")).await;
        assert_eq!(records.status, StatusCode::OK, "{root}");
        let document = get(&router, &format!("{prefix}/api/openapi.json"))
            .await
            .json();
        let server = if prefix.is_empty() { "/" } else { prefix };
        assert_eq!(document["servers"][0]["url"], server);
    }
    // As the chapter says: `nest` answers its path without a slash at its end.
    let nested = Router::new().nest("/ops", page());
    assert_eq!(get(&nested, "/ops/").await.status, StatusCode::NOT_FOUND);
}
