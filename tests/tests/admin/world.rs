//! A service with a page, seeded by its own functions, and a client that
//! reads the page as a browser would.

use std::collections::BTreeSet;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{Response, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::IntoResponse;
use idempotent_runtime::conformance::FaultyStore;
use idempotent_runtime::record::{RecordId, RecordView};
use idempotent_runtime::{Error, Idempotency, Key, MemoryStore, Scope, admin, idempotent};
use serde_json::Value;
use tower::ServiceExt;

/// Where the pages of these tests are mounted.
pub(crate) const PREFIX: &str = "/ops/idem";

/// A body that ends at once.
#[idempotent(store = it, key = key, scope = scope, name = "shop::charge", ttl = "48h")]
pub(crate) async fn charge(it: &Idempotency, scope: &str, key: &str) -> Result<String, Error> {
    Ok("<script>alert(1)</script>".to_owned())
}

/// A body that does not end.
#[idempotent(store = it, key = key, name = "shop::hang", lease = "30s")]
pub(crate) async fn hang(it: &Idempotency, key: &str) -> Result<u32, Error> {
    std::future::pending().await
}

pub(crate) struct Service {
    pub(crate) idempotency: Idempotency,
    pub(crate) store: FaultyStore,
    pub(crate) router: Router,
}

/// What came back.
pub(crate) struct Got {
    pub(crate) status: StatusCode,
    pub(crate) headers: axum::http::HeaderMap,
    pub(crate) text: String,
}

/// Who asks, by a header that these tests' own login reads.
pub(crate) const READER: &str = "reader";
pub(crate) const ACTOR: &str = "actor";
pub(crate) const SEER: &str = "seer";

async fn login(mut request: Request, next: Next) -> axum::response::Response {
    let who = request
        .headers()
        .get("x-user")
        .and_then(|it| it.to_str().ok());
    let operator = match who {
        Some(READER) => admin::Operator::named(READER),
        Some(ACTOR) => admin::Operator::named(ACTOR).may_act(),
        Some(SEER) => admin::Operator::named(SEER).may_see_answers(),
        Some(other) => admin::Operator::named(other).may_act().may_see_answers(),
        None => return StatusCode::UNAUTHORIZED.into_response(),
    };
    request.extensions_mut().insert(operator);
    next.run(request).await
}

impl Service {
    pub(crate) fn new() -> Self {
        Self::of(|page| {
            page.actions()
                .trace_link("https://traces.example/{trace_id}")
        })
    }

    pub(crate) fn of(options: impl FnOnce(admin::Unprotected) -> admin::Unprotected) -> Self {
        let store = FaultyStore::new(MemoryStore::new(), 1);
        let idempotency = Idempotency::builder(store.clone())
            .secret([7; 32])
            .detector_slots(Idempotency::DETECTOR_SLOTS)
            .owner("api-1");
        let idempotency = idempotency.build().expect("durations in their range");
        let page = options(admin::router(&idempotency)).protected_by(from_fn(login));
        Self {
            router: Router::new().nest(PREFIX, page),
            idempotency,
            store,
        }
    }

    /// The id of a key of `shop::charge` in the scope `acme`.
    pub(crate) fn charged(&self, key: &str) -> RecordId {
        let scope = Scope::of("acme").expect("a scope");
        let key = Key::new(key).expect("a key");
        self.idempotency.record_id("shop::charge", &scope, &key)
    }

    /// Starts an attempt that hangs, and gives its record.
    pub(crate) async fn hanging(&self, key: &str) -> RecordView {
        let idempotency = self.idempotency.clone();
        let owned = key.to_owned();
        tokio::spawn(async move { hang(&idempotency, &owned).await });
        let id = self.idempotency.record_id(
            "shop::hang",
            &Scope::public(),
            &Key::new(key).expect("a key"),
        );
        loop {
            tokio::task::yield_now().await;
            if let Some(view) = self.seen(&id).await {
                return view;
            }
        }
    }

    /// A record that is done.
    pub(crate) async fn done(&self, key: &str) -> RecordView {
        charge(&self.idempotency, "acme", key)
            .await
            .expect("it runs");
        self.seen(&self.charged(key)).await.expect("a record")
    }

    /// The record as it stands now.
    pub(crate) async fn seen(&self, id: &RecordId) -> Option<RecordView> {
        self.idempotency.inspect(id).await.expect("a store")
    }

    pub(crate) async fn get(&self, who: &str, path: &str) -> Got {
        self.send(
            request("GET", who, path)
                .body(Body::empty())
                .expect("a request"),
        )
        .await
    }

    /// A form as a browser on the page sends it.
    pub(crate) async fn post(&self, who: &str, path: &str, form: &[(&str, &str)]) -> Got {
        let request = request("POST", who, path).header("sec-fetch-site", "same-origin");
        self.send(formed(request, form)).await
    }

    pub(crate) async fn post_json(&self, who: &str, path: &str, json: &Value) -> Got {
        let request = request("POST", who, path)
            .header("idempotency-admin", "1")
            .header(header::CONTENT_TYPE, "application/json");
        self.send(
            request
                .body(Body::from(json.to_string()))
                .expect("a request"),
        )
        .await
    }

    pub(crate) async fn send(&self, request: Request) -> Got {
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("an answer");
        Got::of(response).await
    }

    /// All addresses that the pages lead to, from the overview on: links,
    /// forms, style sheet, script and stream.
    pub(crate) async fn crawl(&self, who: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::from([PREFIX.to_owned()]);
        let mut left = vec![PREFIX.to_owned()];
        while let Some(address) = left.pop() {
            if address.ends_with("/events") {
                continue; // It does not end.
            }
            let path = address
                .strip_prefix(PREFIX)
                .expect("an address of the page");
            let got = self.get(who, path).await;
            for (name, value) in attributes(&got.text) {
                let leads = ["href", "src", "action", "data-live-tools"].contains(&name.as_str());
                let is_own = value.starts_with('/') && leads;
                if is_own && found.insert(value.clone()) {
                    left.push(value);
                }
            }
        }
        found
    }
}

pub(crate) fn request(method: &str, who: &str, path: &str) -> axum::http::request::Builder {
    let request = Request::builder()
        .method(method)
        .uri(format!("{PREFIX}{path}"))
        .header(header::HOST, "shop.example");
    match who {
        "" => request,
        who => request.header("x-user", who),
    }
}

pub(crate) fn formed(request: axum::http::request::Builder, form: &[(&str, &str)]) -> Request {
    let pairs = form
        .iter()
        .map(|(name, value)| format!("{name}={}", encoded(value)));
    let body = pairs.collect::<Vec<_>>().join("&");
    request
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body))
        .expect("a request")
}

fn encoded(value: &str) -> String {
    value
        .bytes()
        .fold(String::new(), |text, byte| text + &format!("%{byte:02X}"))
}

impl Got {
    pub(crate) async fn of(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 1 << 22).await.expect("a body");
        Self {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(bytes.into()).expect("text"),
        }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).map(|it| it.to_str().expect("text"));
        value.unwrap_or_default()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    /// The value of a hidden field of the page's form.
    pub(crate) fn hidden(&self, name: &str) -> String {
        let start = format!("type=\"hidden\" name=\"{name}\" value=\"");
        let (_, rest) = self.text.split_once(&start).expect("a hidden field");
        rest.split('"').next().unwrap_or_default().to_owned()
    }

    /// The text of the page, without its tags.
    pub(crate) fn words(&self) -> String {
        let mut words = String::new();
        for part in self.text.split('<') {
            words.push(' ');
            words.push_str(part.split_once('>').map_or(part, |(_, text)| text));
        }
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// Each attribute of each tag, with its value unescaped.
pub(crate) fn attributes(html: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once("=\"") {
        let name = before
            .rsplit(|c: char| c.is_whitespace())
            .next()
            .unwrap_or_default();
        let (value, after) = after.split_once('"').unwrap_or((after, ""));
        found.push((
            name.to_owned(),
            value.replace("&#38;", "&").replace("&amp;", "&"),
        ));
        rest = after;
    }
    found
}
