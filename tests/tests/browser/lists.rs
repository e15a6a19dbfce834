//! Lists: pages that show every record once, and filters that stand in the
//! address, so that a list can be shared.

use std::collections::BTreeSet;

use examples::admin::seed;
use serde_json::json;

use crate::chromium::in_a_tab;
use crate::service::seeded;
use crate::tab::Tab;

const NEXT: &str = "a[rel='next']";

#[test]
fn pages_show_every_record_once() {
    in_a_tab(async |tab| {
        let service = seeded().await;
        service.as_viewer(tab).await;
        tab.open(&service.at("/records")).await;
        let mut seen = links(tab).await;
        assert_eq!(seen.len(), 50, "a full page");
        tab.follow(NEXT).await;
        let rest = links(tab).await;
        seen.extend(rest.iter().cloned());
        let distinct: BTreeSet<&String> = seen.iter().collect();
        assert_eq!(distinct.len(), seen.len(), "none twice");
        assert!(!tab.has(NEXT).await, "two pages are enough for the seeds");
        // Of each kind of seed one, wherever it stands.
        for (account, key) in [
            ("acme", "order-1001"),
            ("bolt", "order-1050"),
            ("acme", "order-2003"),
            ("acme", "order-4001"),
            ("acme", "order-5001"),
            ("acme", "order-6002"),
        ] {
            let id = service.record(account, key).to_string();
            assert!(
                seen.iter().any(|it| it.contains(&id)),
                "{key} is not listed"
            );
        }
        tab.follow("nav[aria-label='Pages of the list'] a").await;
        assert_eq!(tab.address().await, service.at("/records"));
    });
}

#[test]
fn filters_stand_in_the_address_and_go_along_to_the_next_page() {
    in_a_tab(async |tab| {
        let service = seeded().await;
        service.as_viewer(tab).await;
        tab.open(&service.at("/records")).await;
        tab.choose("#state", "done").await;
        tab.fill("#operation", seed::OPERATION).await;
        tab.follow("form.filter button").await;
        let narrowed = |address: &str| {
            address.contains("state=done") && address.contains("operation=payments.create")
        };
        let first = tab.address().await;
        assert!(narrowed(&first), "{first}");
        tab.follow(NEXT).await;
        let second = tab.address().await;
        assert!(narrowed(&second) && second.contains("after="), "{second}");
        let shown = links(tab).await;
        assert!(!shown.is_empty());

        // Somebody else opens the address.
        tab.open("about:blank").await;
        tab.open(&second).await;
        assert_eq!(links(tab).await, shown);
        let chosen =
            "[document.querySelector('#state').value, document.querySelector('#operation').value]";
        assert_eq!(tab.run(chosen).await, json!(["done", seed::OPERATION]));
        let states: BTreeSet<String> = tab.texts("td[data-l='State']").await.into_iter().collect();
        assert!(
            states.iter().all(|it| it == "Done" || it == "Tombstone"),
            "{states:?}"
        );
    });
}

#[test]
fn what_is_stuck_is_listed_and_nothing_else() {
    in_a_tab(async |tab| {
        let service = seeded().await;
        service.as_viewer(tab).await;
        tab.open(&service.at("/records?state=stuck")).await;
        let stuck: BTreeSet<String> = links(tab).await.into_iter().collect();
        let expected = ["order-2001", "order-2002", "order-2003"].map(|key| {
            let id = service.record("acme", key);
            service.at(&format!("/records/{id}"))
        });
        assert_eq!(stuck, BTreeSet::from(expected));
    });
}

/// Where the rows lead, in their order.
async fn links(tab: &Tab) -> Vec<String> {
    let all = "[...document.querySelectorAll('tbody th a')].map(it => it.href)";
    serde_json::from_value(tab.run(all).await).expect("addresses")
}
