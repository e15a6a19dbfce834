//! The pictures of the chapter on the page: `cargo xtask screenshots`.

use std::fs;
use std::path::Path;

use crate::chromium::in_a_tab;
use crate::pages::PAGES;
use crate::service::seeded;

#[test]
#[ignore = "writes into the repository, by `cargo xtask screenshots`"]
fn pictures_of_the_chapter() {
    in_a_tab(async |tab| {
        let service = seeded().await;
        service.as_operator(tab).await;
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../idempotent-runtime/docs/admin");
        fs::create_dir_all(&folder).expect("a folder");
        let mut bytes = 0;
        for page in PAGES {
            for (width, size) in [(1280, "wide"), (390, "narrow")] {
                for dark in [false, true] {
                    tab.width(width).await;
                    tab.dark(dark).await;
                    tab.open(&(page.address)(service)).await;
                    let picture = tab.picture(width).await;
                    bytes += picture.len();
                    let light = if dark { "dark" } else { "light" };
                    let file = folder.join(format!("{}-{size}-{light}.png", page.name));
                    fs::write(file, picture).expect("writes");
                }
            }
        }
        println!("{} pictures, {} KiB", PAGES.len() * 4, bytes / 1024);
    });
}
