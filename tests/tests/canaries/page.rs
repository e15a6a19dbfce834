//! All that the page for operators says: what every link on it leads to, every
//! path of its JSON side, and an event of its stream.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::future::poll_fn;
use std::pin::Pin;

use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, header};
use axum::{Extension, Router};
use http_body::Body as _;
use idempotent_runtime::admin::{self, Operator};
use idempotent_runtime::{Idempotency, Scope};
use tower::ServiceExt;

const BEGIN: [&str; 7] = [
    "/ops",
    "/ops/records",
    "/ops/events",
    "/ops/api/v1/overview",
    "/ops/api/v1/records",
    "/ops/api/v1/findings",
    "/ops/api/v1/operations",
];

/// Heads and bodies of everything, as this operator gets it.
pub(crate) async fn told(idempotency: &Idempotency, operator: Operator) -> String {
    let page = admin::router(idempotency).actions();
    let router = Router::new().nest("/ops", page.protected_by(Extension(operator)));
    let mut told = String::new();
    let mut asked = BTreeSet::new();
    let mut next: Vec<String> = BEGIN.map(str::to_owned).into();
    while let Some(path) = next.pop() {
        if !asked.insert(path.clone()) {
            continue;
        }
        let request = Request::get(&path).body(Body::empty()).expect("a path");
        let response = router.clone().oneshot(request).await.expect("an answer");
        let text = text(response, path.ends_with("/events")).await;
        for link in text.split("href=\"").skip(1) {
            let link = link.split('"').next().unwrap_or_default();
            next.extend(link.starts_with("/ops").then(|| link.replace("&#38;", "&")));
        }
        if path.starts_with("/ops/records/") || path.starts_with("/ops/findings/") {
            next.push(path.replacen("/ops/", "/ops/api/v1/", 1));
        }
        writeln!(told, "{path}\n{text}").expect("a text");
    }
    assert!(asked.len() >= 12, "only {asked:?}");
    told
}

/// What the look-up of a key answers, which its client never sees.
pub(crate) async fn found(idempotency: &Idempotency, account: &str, key: &str) -> String {
    let page = admin::router(idempotency).protected_by(Extension(Operator::named("ada")));
    let scope = Scope::of(account).expect("a scope");
    let form = format!("operation=pay&scope={}&key={key}", scope.as_str());
    let request = Request::post("/lookup")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form));
    let response = page.oneshot(request.expect("a form")).await;
    let response = response.expect("an answer");
    assert_eq!(response.status(), 303);
    text(response, false).await
}

async fn text(response: Response<Body>, is_stream: bool) -> String {
    let (head, mut body) = response.into_parts();
    let bytes = if is_stream {
        let frame = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await;
        let frame = frame.expect("an event").expect("no failure");
        frame.into_data().expect("data")
    } else {
        to_bytes(body, usize::MAX).await.expect("a body")
    };
    format!("{:?}\n{}", head.headers, String::from_utf8_lossy(&bytes))
}
