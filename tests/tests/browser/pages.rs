//! Every page, on every screen: no rule of accessibility is broken, nothing
//! scrolls sideways, no policy is broken, nothing is complained of.

use crate::axe;
use crate::chromium::in_a_tab;
use crate::service::seeded;

/// All pages, by their paths.
const PAGES: [&str; 2] = ["/", "/nowhere"];

const WIDTHS: [u32; 3] = [1280, 390, 320];

#[test]
fn every_page_is_accessible_and_fits_every_screen_in_light_and_dark() {
    in_a_tab(async |tab| {
        let service = seeded().await;
        service.as_operator(tab).await;
        let mut wrong = Vec::new();
        let (mut judged, mut least) = (0, u64::MAX);
        for page in PAGES {
            tab.open(&service.at(page)).await;
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
            wrong.extend(complaints.iter().map(|it| format!("{page}: {it}")));
        }
        println!("axe-core judged {judged} times, and each passed {least} rules or more");
        assert!(wrong.is_empty(), "{wrong:#?}");
        // Else an empty page, or a checker that checks nothing, would pass too.
        assert!(least >= 15, "only {least} rules were passed");
    });
}
