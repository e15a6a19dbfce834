//! axe-core in a page: what it holds against the page's accessibility.

use std::path::Path;
use std::sync::LazyLock;

use crate::tab::Tab;

static SCRIPT: LazyLock<String> = LazyLock::new(|| {
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR"));
    xtask::axe::script(cache).unwrap_or_else(|error| panic!("{error}"))
});

/// The rules that are checked: WCAG 2.2 up to AA, and what is good practice.
const RUN: &str = "axe.run(document, { resultTypes: ['violations', 'incomplete'], \
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }) \
    .then(found => ({ passes: found.passes.length, violations: found.violations \
        .map(it => `${it.id}: ${it.help}: ${it.nodes.map(node => node.html).join(' ')}`) }))";

/// How many rules the page passes, and which it breaks where.
pub(crate) async fn judge(tab: &Tab) -> (u64, Vec<String>) {
    if tab.run("typeof axe").await == "undefined" {
        tab.run(&format!("{}; 0", *SCRIPT)).await;
    }
    let found = tab.run(RUN).await;
    let passes = found["passes"].as_u64().expect("a number");
    let violations = found["violations"].clone();
    (passes, serde_json::from_value(violations).expect("texts"))
}
