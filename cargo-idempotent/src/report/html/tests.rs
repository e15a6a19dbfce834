//! A page of many endpoints is read from its top: failures first, the rest folded.

use super::{MANY, html};
use crate::verdict::{Evidence, Finding, Report, State};

fn finding(number: usize, state: State) -> Finding {
    Finding {
        endpoint: format!("e{number}"),
        route: format!("POST /v1/e{number}"),
        scenario: "sequential".into(),
        title: "sequential duplicate".into(),
        state,
        level: None,
        sentence: String::new(),
        clause: String::new(),
        likely: String::new(),
        mend: String::new(),
        evidence: Evidence::default(),
    }
}

fn page(proven: usize, violated: usize) -> String {
    let state = |n| {
        if n == violated {
            State::Violation
        } else {
            State::Proven
        }
    };
    html(&Report {
        version: 1,
        tool: String::new(),
        target: "http://127.0.0.1:1".into(),
        profile: "default".into(),
        seed: 1,
        took_ms: 0,
        requests: 0,
        bursts: 0,
        effects: None,
        notes: Vec::new(),
        ended: None,
        controls: Vec::new(),
        findings: (0..=proven).map(|n| finding(n, state(n))).collect(),
    })
    .unwrap()
}

#[test]
fn the_endpoint_that_fails_is_the_first_column_and_the_others_keep_their_order() {
    let page = page(4, 3);
    let table = page.split("<thead>").nth(1).unwrap();
    let head = table.split("</thead>").next().unwrap();
    let at = |n: usize| head.find(&format!("#e{n}--")).unwrap();
    assert!([3, 0, 1, 2, 4].map(at).is_sorted(), "{head}");
    assert!(head.contains("/<wbr>v1/<wbr>"), "{head}");
}

#[test]
fn many_proven_findings_stand_behind_a_line_and_few_do_not() {
    let folded = format!("<summary>{} scenarios</summary>", MANY + 1);
    assert!(page(MANY + 1, 0).contains(&folded));
    assert!(!page(MANY, 0).contains("scenarios</summary>"));
}
