//! Another site, in a browser that is logged in: it cannot act, not even with
//! a token that it has got hold of, nor show the page inside its own.

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use serde_json::json;
use tokio::net::TcpListener;

use crate::chromium::in_a_tab;
use crate::service::{Running, seeded};
use crate::tab::Tab;

/// The same machine by another name is another site; by the same name it is
/// the same site, and another origin still.
const NAMES: [&str; 2] = ["localhost", "127.0.0.1"];

#[test]
fn another_origin_cannot_act_even_with_a_token() {
    in_a_tab(async |tab| {
        let service = seeded().await;
        service.as_operator(tab).await;
        let form = stolen_form(tab, service, "order-1013").await;
        let port = serve(form).await;
        for name in NAMES {
            tab.open(&format!("http://{name}:{port}/")).await;
            tab.follow("button").await;
            assert_eq!(tab.text("h1").await, "Sent from elsewhere", "{name}");
        }
        assert!(service.view("acme", "order-1013").await.is_some());
    });
}

#[test]
fn another_origin_can_neither_call_nor_read_the_json() {
    in_a_tab(async |tab| {
        let service = seeded().await;
        service.as_operator(tab).await;
        let view = service.view("acme", "order-1016").await.expect("a record");
        let forget = service.at(&format!("/api/v1/records/{}/forget", view.id));
        let read = service.at("/api/v1/records");
        let port = serve("<p>Hello".to_owned()).await;
        for name in NAMES {
            tab.open(&format!("http://{name}:{port}/")).await;
            let body = json!({ "fence": view.fence.get() });
            for options in [
                // As a form could send it: no permission is asked before.
                json!({ "method": "POST", "mode": "no-cors", "body": body.to_string() }),
                json!({ "method": "POST", "body": body.to_string(),
                        "headers": { "content-type": "application/json", "idempotency-admin": "1" } }),
            ] {
                let call =
                    format!("fetch('{forget}', {options}).then(it => it.status, () => 'refused')");
                let got = tab.run(&call).await;
                // 0 is what is seen of an answer that one may not see.
                assert!(got == json!("refused") || got == json!(0), "{name}: {got}");
            }
            let call = format!("fetch('{read}').then(it => it.text(), () => 'refused')");
            assert_eq!(tab.run(&call).await, json!("refused"), "{name}");
        }
        let after = service
            .view("acme", "order-1016")
            .await
            .expect("still there");
        assert_eq!(after.fence, view.fence);
    });
}

#[test]
fn another_origin_cannot_frame_the_page() {
    in_a_tab(async |tab| {
        let service = seeded().await;
        service.as_operator(tab).await;
        let port = serve(format!("<iframe src='{}'></iframe>", service.at("/"))).await;
        tab.open(&format!("http://localhost:{port}/")).await;
        let complaints = tab.complaints().await;
        let refused = complaints.iter().any(|it| it.contains("frame-ancestors"));
        assert!(refused, "{complaints:?}");
    });
}

/// The form that forgets a record, with its token, as the page itself gave it
/// to who may act.
async fn stolen_form(tab: &Tab, service: &Running, key: &str) -> String {
    let id = service.record("acme", key);
    let action = service.at(&format!("/records/{id}/forget"));
    tab.open(&action).await;
    let value = async |name: &str| {
        let value = tab
            .run(&format!("document.querySelector('[name={name}]').value"))
            .await;
        value.as_str().expect("a value").to_owned()
    };
    let (fence, token) = (value("fence").await, value("token").await);
    assert_eq!(token.len(), 64);
    format!(
        "<form method=post action='{action}'><input name=fence value={fence}>\
         <input name=token value={token}><button>Win a prize</button></form>"
    )
}

/// The other site: a page on a port of its own.
async fn serve(page: String) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let router = Router::new().route("/", get(async move || Html(page)));
    tokio::spawn(async move { axum::serve(listener, router).await });
    port
}
