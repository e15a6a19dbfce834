//! `cargo xtask screenshots`: the pictures of the chapter on the admin page.

use crate::failure::Outcome;
use crate::install::{self, Need};
use crate::interrupt::Interrupt;
use crate::run::must_succeed;
use crate::workspace::cargo;

const HELP: &str = "\
Make the pictures in idempotent-runtime/docs/admin/ anew: the pages of the example
`admin` in a real Chromium, wide and narrow, light and dark. Look at them before you
commit them, and commit them with a palette of 64 colours, a third of their size:
Python's Pillow does it by `Image.open(it).convert('RGB').quantize(64).save(it, optimize=True)`.

Usage: cargo xtask screenshots
";

/// The test that makes them, and that no other run wants.
const TEST: &str = "pictures::pictures_of_the_chapter";

/// Runs the command.
pub(crate) fn main(mut arguments: lexopt::Parser, interrupt: &Interrupt) -> Outcome<()> {
    use lexopt::prelude::{Long, Short};

    match arguments.next()? {
        None => {}
        Some(Long("help") | Short('h')) => {
            print!("{HELP}");
            return Ok(());
        }
        Some(other) => return Err(other.unexpected().into()),
    }
    install::make_sure(&[Need::Browser], interrupt)?;
    must_succeed(
        cargo()
            .args(["test", "--workspace", "--all-features", "--test", "browser"])
            .args(["--", "--ignored", "--exact", "--nocapture", TEST]),
        interrupt,
    )
}
