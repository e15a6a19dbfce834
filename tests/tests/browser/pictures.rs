//! The pictures of the chapter on the page: `cargo xtask screenshots`.

use std::fs;
use std::path::PathBuf;

use examples::admin::seed;

use crate::chromium::in_a_tab;
use crate::lookup::look_up;
use crate::pages::PAGES;
use crate::service::seeded;
use crate::tab::Tab;

/// The pages of the chapter, of those that are tested.
const SHOWN: [&str; 10] = [
    "overview",
    "records",
    "running",
    "stuck-record",
    "done",
    "end-lease",
    "findings",
    "finding",
    "operations",
    "store-down",
];

/// Name, width, and the height at which a picture is cut off.
const SIZES: [(&str, u32, u32); 2] = [("wide", 1280, 1600), ("narrow", 390, 1800)];

#[test]
#[ignore = "writes into the repository, by `cargo xtask screenshots`"]
fn pictures_of_the_chapter() {
    in_a_tab(async |tab| {
        let service = seeded().await;
        service.as_operator(tab).await;
        for page in PAGES {
            if SHOWN.contains(&page.name) {
                tab.open(&(page.address)(service)).await;
                take(tab, page.name).await;
            }
        }
        tab.open(&service.at("/")).await;
        look_up(tab, seed::OPERATION, "", "order-1001").await;
        take(tab, "lookup-refused").await;
    });
}

/// The open page, in each size.
async fn take(tab: &Tab, page: &str) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../idempotent-runtime/docs/admin");
    fs::create_dir_all(&folder).expect("a folder");
    for (size, width, most) in SIZES {
        for (light, dark) in [("light", false), ("dark", true)] {
            tab.width(width).await;
            tab.dark(dark).await;
            let file = folder.join(format!("{page}-{size}-{light}.png"));
            fs::write(file, tab.picture(width, most).await).expect("writes");
        }
    }
    tab.dark(false).await;
}
