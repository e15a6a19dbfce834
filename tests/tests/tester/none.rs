//! The tester on ourselves: a service that keeps no keys must be found out.

use crate::judged::{AfterCrash, Service};

#[test]
fn payments_without_a_store_fail() {
    let service = Service {
        name: "none".into(),
        store: "none".into(),
        mode: "lease",
        after_crash: AfterCrash::Gone,
    };
    let judged = service.judge(1);
    println!("{}", judged.text);
    for scenario in ["sequential duplicate", "concurrent duplicates"] {
        let found = judged.text.lines().any(|line| {
            line.starts_with("✗ POST /v1/payments")
                && line.contains(scenario)
                && line.ends_with("VIOLATION (effect ledger)")
        });
        assert!(found, "{scenario}\n{}", judged.text);
    }
    assert_eq!(judged.code, Some(1), "{}", judged.text);
    println!("payments --store none: exit 1, as it must");
}
