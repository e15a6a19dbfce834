//! The service with a page for operators: seeded, and behind its login.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use examples::admin::PATH;
use examples::client::{Request, ask};

use crate::example;
use crate::running::Running;

#[tokio::test]
async fn the_page_is_there_for_who_may_log_in() {
    // Its address is printed when all seeds are there.
    let mut service = Running::start(example("admin"), PATH);
    let line = service.lines.next().expect("a person").expect("text");
    let person = line.trim().split_once(": ").expect("what they may").0;
    let (name, password) = person.split_once(' ').expect("a password");
    let login = STANDARD.encode(format!("{name}:{password}"));

    let page = Request::get(PATH);
    let refused = ask(service.address, &page).await.expect("an answer");
    assert_eq!(refused.status, 401);
    let page = page.header("authorization", format!("Basic {login}"));
    let shown = ask(service.address, &page).await.expect("an answer");
    assert_eq!(shown.status, 200);
    let text = String::from_utf8_lossy(&shown.body);
    assert!(text.contains("payments.create"), "{text}");
}
