//! Without a login there is nothing: not a page, not a style sheet, not a word
//! about what exists.

use std::collections::BTreeSet;

use examples::admin::PATH;
use examples::client::Request;
use serde_json::json;

use crate::chromium::in_a_tab;
use crate::service::seeded;

/// Every link, form, style sheet, script and stream of a page, on this origin.
const LEADS: &str = "[...document.querySelectorAll('[href], [action], [src], [data-live-tools]')] \
    .flatMap(it => [it.href, it.action, it.src, it.dataset.liveTools && new URL(it.dataset.liveTools, location).href]) \
    .filter(it => typeof it === 'string' && it.startsWith(location.origin)) \
    .map(it => new URL(it).pathname + new URL(it).search)";

#[test]
fn nothing_is_there_without_a_login() {
    in_a_tab(async |tab| {
        let service = seeded().await;
        service.as_operator(tab).await;
        let mut found = BTreeSet::new();
        let mut next = vec![PATH.to_owned()];
        while let Some(path) = next.pop() {
            if found.len() > 60 || !found.insert(path.clone()) {
                continue;
            }
            if path.contains("/assets/") || path.contains("/api/") || path.ends_with("/events") {
                continue;
            }
            tab.open(&format!("http://{}{path}", service.address)).await;
            let leads: Vec<String> = serde_json::from_value(tab.run(LEADS).await).expect("paths");
            // One record of fifty is as good as another.
            let records = |it: &&String| it.contains("/records/") || it.contains("after=");
            next.extend(leads.iter().filter(records).take(2).cloned());
            next.extend(leads.iter().filter(|it| !records(it)).cloned());
        }
        for kind in [
            "/assets/",
            "/events",
            "/lookup",
            "/records/",
            "/findings/",
            "/operations",
        ] {
            assert!(
                found.iter().any(|it| it.contains(kind)),
                "no {kind} in {found:?}"
            );
        }
        let documented = service
            .ask(
                &Request::get(&format!("{PATH}/api/openapi.json"))
                    .header("authorization", service.staff.viewer().authorization()),
            )
            .await;
        let documented = documented.json();
        let paths = documented["paths"].as_object().expect("paths");
        found.extend(
            paths
                .keys()
                .map(|path| format!("{PATH}{}", path.replace("{id}", "00"))),
        );
        found.extend([format!("{PATH}/nowhere"), format!("{PATH}/assets/none.css")]);

        for path in &found {
            for method in ["GET", "POST", "HEAD", "DELETE"] {
                let reply = service.ask(&Request::new(method, path)).await;
                assert_eq!(
                    (reply.status, reply.body.len()),
                    (401, 0),
                    "{method} {path}"
                );
            }
        }
        println!("{} addresses are closed", found.len());

        // And in the browser, which would have asked its user.
        tab.log_out().await;
        tab.open(&service.at("/")).await;
        assert_eq!(
            tab.run("document.querySelector('main, link, script')")
                .await,
            json!(null)
        );
    });
}
