//! Points at which this process may be killed.

use std::io::Write;
use std::sync::OnceLock;

static CHOSEN: OnceLock<Option<String>> = OnceLock::new();

/// The one point of this process, if any.
pub(crate) fn choose(point: Option<String>) {
    CHOSEN.set(point).expect("chosen once");
}

fn is_chosen(point: &str) -> bool {
    CHOSEN.get().and_then(Option::as_deref) == Some(point)
}

fn say(point: &str) {
    println!("at {point}");
    std::io::stdout().flush().expect("a reader");
}

/// Goes no further here, if it is the chosen point.
pub(crate) async fn stop(point: &str) {
    if is_chosen(point) {
        say(point);
        std::future::pending::<()>().await;
    }
}

/// Says that it is here, and goes on: the killer races with what comes.
pub(crate) fn pass(point: &str) {
    if is_chosen(point) {
        say(point);
    }
}
