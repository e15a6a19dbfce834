//! What comes from outside is text in a browser too: nothing of it runs, loads,
//! or turns the direction of what stands beside it.

use examples::admin::seed::payment;
use idempotent_runtime::outcome::ClaimOutcome;
use idempotent_runtime::record::{RecordId, ScopeDigest};
use idempotent_runtime::store::Claim;
use idempotent_runtime::{Answer, Scope, Token, Ttl};
use serde_json::json;

use crate::chromium::in_a_tab;
use crate::lookup::look_up;
use crate::service::Running;

const MARKUP: &str = "<img src=x onerror=alert(1)><script>alert(2)</script>";
/// Turns what follows it, where it is obeyed.
const TURNED: &str = "\u{202e}gnp.\u{2066}";

#[test]
fn hostile_records_are_text_on_every_page() {
    in_a_tab(async |tab| {
        let service = Running::start().await;
        let id = leave_a_record(&service).await;
        service.as_operator(tab).await;
        for path in [
            "/".to_owned(),
            "/records".to_owned(),
            format!("/records/{id}"),
            format!("/records/{id}/forget"),
            "/operations".to_owned(),
        ] {
            tab.open(&service.at(&path)).await;
            // A dialog would make this an error.
            let strange = "document.querySelectorAll('main img, main script, main iframe, main svg image').length";
            assert_eq!(tab.run(strange).await, json!(0), "{path}");
            let raw = tab.run("document.documentElement.textContent").await;
            let raw = raw.as_str().expect("a text");
            assert!(
                !raw.contains('\u{202e}') && !raw.contains('\u{2066}'),
                "{path}"
            );
            if path.contains("/records") {
                // The very characters, the marks as escapes.
                let shown = format!("{MARKUP}\\u{{202e}}gnp.\\u{{2066}}");
                assert!(raw.contains(&shown), "{path}: {raw}");
            }
        }
        tab.open(&service.at(&format!("/records/{id}"))).await;
        let header = tab.texts("ul.names li").await;
        assert!(
            header
                .iter()
                .any(|it| it.contains("x-evil") && it.contains("<b>")),
            "{header:?}"
        );
        assert_eq!(tab.complaints().await, [""; 0]);
    });
}

#[test]
fn hostile_words_in_the_form_come_back_as_they_were_typed() {
    in_a_tab(async |tab| {
        let service = Running::start().await;
        service.as_viewer(tab).await;
        let percents = "%".repeat(255);
        // A client may send this one, and so it may be looked for.
        let reply = service
            .ask(&payment("<b>acme</b>", &percents, "tok_ok"))
            .await;
        assert_eq!(reply.status, 201);
        tab.open(&service.at("/")).await;
        look_up(tab, "payments.create", "<b>acme<%2Fb>", &percents).await;
        assert_eq!(tab.text(".tag.large").await, "Done");
        assert!(!tab.address().await.contains("%25%25"));

        tab.open(&service.at("/")).await;
        look_up(tab, MARKUP, "//", "\"><script>alert(3)</script>").await;
        let values = "['operation', 'scope', 'key'].map(it => document.getElementById(it).value)";
        let typed = json!([MARKUP, "//", "\"><script>alert(3)</script>"]);
        assert_eq!(tab.run(values).await, typed);
        assert_eq!(
            tab.run("document.querySelectorAll('main script, main img').length")
                .await,
            json!(0)
        );
    });
}

/// A done record, all names of which are hostile, and the answer too.
async fn leave_a_record(service: &Running) -> RecordId {
    let evil = format!("{MARKUP}{TURNED}");
    let id = RecordId::from_bytes([9; 32]);
    let token = Token::mint().expect("random bytes");
    let scope = ScopeDigest::of(&Scope::public());
    let mut claim = Claim::new(id, &evil, scope, token);
    claim.owner = &evil;
    let store = service.idempotency.store();
    let Ok(ClaimOutcome::Claimed(claimed)) = store.claim(&claim).await else {
        panic!("a claim")
    };
    // An answer as it is stored: 200, one header, and a body.
    let mut bytes = vec![1, 0, 200, 1, 0, 6];
    bytes.extend(b"x-evil");
    bytes.push(4);
    bytes.extend(b"<b>\xe9");
    bytes.extend(evil.as_bytes());
    let answer = Answer::from_bytes(bytes);
    let completed = store.complete(&id, &token, claimed.fence, &answer, Ttl::DEFAULT);
    completed.await.expect("a store");
    id
}
