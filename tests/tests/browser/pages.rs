//! Every page, on every screen: no rule of accessibility is broken, nothing
//! scrolls sideways, no policy is broken, nothing is complained of.

use crate::axe;
use crate::chromium::in_a_tab;
use crate::service::{Running, seeded};

/// A page of the seeded service.
pub(crate) struct Page {
    pub(crate) name: &'static str,
    pub(crate) address: fn(&Running) -> String,
}

const fn page(name: &'static str, address: fn(&Running) -> String) -> Page {
    Page { name, address }
}

/// Every kind of page, and the states in which it looks different.
pub(crate) const PAGES: [Page; 18] = [
    page("overview", |it| it.at("/")),
    page("records", |it| it.at("/records")),
    page("stuck", |it| {
        it.at("/records?state=stuck&operation=payments.create")
    }),
    page("no-records", |it| it.at("/records?operation=never")),
    page("running", |it| it.of("order-6001", "")),
    page("stuck-record", |it| it.of("order-2001", "")),
    page("lease-over", |it| it.of("order-2001", "/end-lease")),
    page("free", |it| it.of("order-5001", "")),
    page("done", |it| it.of("order-1001", "")),
    page("tombstone", |it| it.of("order-4001", "")),
    page("end-lease", |it| it.of("order-6001", "/end-lease")),
    page("forget", |it| it.of("order-1001", "/forget")),
    page("findings", |it| it.at("/findings")),
    page("finding", |it| it.at(&format!("/findings/{}", it.finding))),
    page("operations", |it| it.at("/operations")),
    page("lookup", |it| it.at("/lookup")),
    page("store-down", |it| it.down.clone()),
    page("not-found", |it| it.at("/nowhere")),
];

const WIDTHS: [u32; 3] = [1280, 390, 320];

#[test]
fn every_page_is_accessible_and_fits_every_screen_in_light_and_dark() {
    in_a_tab(async |tab| {
        let service = seeded().await;
        service.as_operator(tab).await;
        let mut wrong = Vec::new();
        let (mut judged, mut least) = (0, u64::MAX);
        for Page {
            name: page,
            address,
        } in PAGES
        {
            tab.open(&address(service)).await;
            for width in WIDTHS {
                tab.width(width).await;
                assert_eq!(tab.run("innerWidth").await, width);
                for dark in [false, true] {
                    tab.dark(dark).await;
                    let place =
                        format!("{page} at {width}, {}", if dark { "dark" } else { "light" });
                    let (passes, violations) = axe::judge(tab).await;
                    (judged, least) = (judged + 1, least.min(passes));
                    wrong.extend(violations.iter().map(|it| format!("{place}: {it}")));
                    let wide = tab.run("document.documentElement.scrollWidth").await;
                    if wide.as_u64() > Some(u64::from(width)) {
                        wrong.push(format!("{place}: scrolls to {wide}"));
                    }
                }
            }
            let complaints = tab.complaints().await;
            // These say by their status what they say in words.
            let refused = ["not-found", "lease-over"].contains(&page);
            let complaints = complaints
                .iter()
                .filter(|it| !(refused && it.contains("Failed to load resource")));
            wrong.extend(complaints.map(|it| format!("{page}: {it}")));
        }
        println!("axe-core judged {judged} times, and each passed {least} rules or more");
        let judged_all = PAGES.len() * WIDTHS.len() * 2;
        assert_eq!(judged, judged_all);
        assert!(wrong.is_empty(), "{wrong:#?}");
        // Else an empty page, or a checker that checks nothing, would pass too.
        assert!(least >= 15, "only {least} rules were passed");
    });
}

impl Running {
    /// The address of a seed's record.
    fn of(&self, key: &str, action: &str) -> String {
        let id = self.record("acme", key);
        self.at(&format!("/records/{id}{action}"))
    }
}
