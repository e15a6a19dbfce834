//! The peers round the same handler.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::routing::post;
use axum_idempotent::{IdempotentLayer, IdempotentOptions};
use ruts::store::Ttl;
use ruts::store::moka::MokaStore;
use ruts::{CookieOptions, Session, SessionLayer};
use tower::ServiceExt;
use tower_cookies::CookieManagerLayer;

use super::Subject;
use crate::handler::pay;
use crate::requests::Requests;

/// `idempotent`: a layer over an actor's memory store.
pub fn idempotent() -> Subject {
    let store = idempotent::memory::MemoryStore::builder()
        .try_build()
        .expect("a runtime");
    let layer = idempotent::middleware::IdempotencyLayer::new(store);
    Subject::new(
        "idempotent 2.0.0",
        Router::new().route("/pay", post(pay)).layer(layer),
    )
}

/// `axum-idempotent`: a layer over a session store. It takes a session that
/// exists already; one is made here.
pub async fn axum_idempotent() -> Subject {
    let store = Arc::new(MokaStore::builder().build());
    let options = IdempotentOptions::default()
        .use_idempotency_key_header(Some("idempotency-key"), true)
        .expire_after(86_400);
    let cookies = CookieOptions::build()
        .name("session")
        .max_age(86_400)
        .path("/");
    let router = Router::new()
        .route("/pay", post(pay))
        .route("/login", post(login))
        .layer(IdempotentLayer::<MokaStore>::new(options))
        .layer(SessionLayer::new(store).with_cookie_options(cookies))
        .layer(CookieManagerLayer::new());
    let request = Request::post("/login").header("idempotency-key", "login");
    let request = request.body(Body::empty()).expect("a request");
    let answer = router.clone().oneshot(request).await.expect("infallible");
    let cookie = answer
        .headers()
        .get("set-cookie")
        .expect("a session's cookie")
        .clone();
    let mut subject = Subject::new("axum-idempotent 0.6.0", router);
    subject.requests = Requests::new(Some(cookie));
    subject
}

async fn login(session: Session<MokaStore>) {
    session
        .set(
            "user",
            &"alice".to_owned(),
            Ttl::new(86_400).expect("a ttl"),
            None,
        )
        .await
        .expect("stored");
}
