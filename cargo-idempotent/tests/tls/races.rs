//! Races are found through TLS, by both protocols, and nobody is accused who is right; a
//! target of one's own is stopped and killed behind it.

use crate::{
    service::{Service, TOOL, free, run, secure},
    shop::{Ran, folder},
};

/// The race of one service, through TLS that offers these protocols.
fn raced(name: &str, seed: u64, flaw: &[&str], protocols: &[&str]) -> Ran {
    let service = free();
    let _running = Service::start(service, flaw);
    let (folder, seed) = (folder(name), seed.to_string());
    let target = secure(&folder, service, protocols);
    let args = [
        "--cacert",
        "authority.pem",
        "--seed",
        &seed,
        "--only",
        "payments/concurrent",
    ];
    run(&folder, &target, &args)
}

#[test]
fn a_race_is_found_through_tls_by_both_protocols() {
    let ran = raced("race", 3, &["--flaw", "race"], &["h2", "http/1.1"]);
    assert_eq!(ran.code, Some(1), "{}", ran.text);
    let title = "concurrent duplicates       VIOLATION (effect ledger)";
    assert!(ran.text.contains(title), "{}", ran.text);
    assert!(
        ran.text.contains("the target speaks HTTP/2: "),
        "{}",
        ran.text
    );
    let script = ran.folder.join("out/repro/payments-concurrent.sh");
    let script = std::fs::read_to_string(script).unwrap();
    let trusts = "curl() { command curl --cacert ";
    assert!(
        script.contains(trusts) && script.contains("/authority.pem"),
        "{script}"
    );
}

/// How many of twenty seeds have to find a flaw. The gap at an end was seen to be found
/// less often than in the clear, in 16: one seed says nothing of it.
const OF_TWENTY: [(&str, u64); 4] = [
    ("race", 19),
    ("race-before-body", 19),
    ("race-delayed", 19),
    ("end-gap", 10),
];

/// `IDEMPOTENT_SOAK_TLS_RACES` seeds a flaw, a fresh process each, by the default budget.
#[test]
fn each_race_is_found_through_tls() {
    let seeds = std::env::var("IDEMPOTENT_SOAK_TLS_RACES");
    let seeds: u64 = seeds.map_or(1, |n| n.parse().expect("a number"));
    for (flaw, of_twenty) in OF_TWENTY {
        if of_twenty < 19 && seeds < 20 {
            continue;
        }
        let (mut bursts, mut spans) = (Vec::new(), Vec::new());
        for seed in 1..=seeds {
            let name = format!("tls-{flaw}-{seed}");
            let ran = raced(&name, seed, &["--flaw", flaw], &["h2", "http/1.1"]);
            let run = std::fs::read(ran.folder.join("out/run.json")).expect(&ran.text);
            let run: serde_json::Value = serde_json::from_slice(&run).unwrap();
            let seen = &run["findings"][0]["evidence"]["seen"];
            bursts.extend(seen["burst"].as_u64());
            spans.extend(seen["after_ms"].as_u64());
            let _ = std::fs::remove_dir_all(&ran.folder);
        }
        let found = bursts.len() as u64;
        for values in [&mut bursts, &mut spans] {
            values.sort_unstable();
        }
        let middle = bursts.len().saturating_sub(1) / 2;
        println!(
            "{flaw}: {found} of {seeds}; bursts {:?} / {:?}, ms {:?} / {:?}",
            bursts.get(middle),
            bursts.last(),
            spans.get(middle),
            spans.last()
        );
        assert!(
            found * 20 >= seeds * of_twenty,
            "{flaw}: {found} of {seeds}"
        );
    }
}

#[test]
fn an_atomic_service_is_not_accused_through_tls() {
    for (name, protocols, spoken) in [
        (
            "atomic",
            &["h2", "http/1.1"][..],
            "the target speaks HTTP/2: ",
        ),
        ("atomic-1", &["http/1.1"], "the target speaks no HTTP/2: "),
    ] {
        let ran = raced(name, 3, &[], protocols);
        assert_eq!(ran.code, Some(0), "{}", ran.text);
        let run = std::fs::read_to_string(ran.folder.join("out/run.json")).unwrap();
        assert!(run.contains(spoken), "{run}");
        assert!(run.contains("0 double runs in "), "{run}");
    }
}

#[test]
fn a_target_behind_tls_is_waited_for_stopped_and_killed() {
    let (folder, service) = (folder("killed"), free());
    let target = secure(&folder, service, &["http/1.1"]);
    let command = format!("{TOOL} serve --listen {service} --journal payments.jsonl");
    let only = "payments/restart,payments/kill";
    let mut args = [
        "--cacert",
        "authority.pem",
        "--ready",
        "/v1/ledger",
        "--only",
        only,
    ]
    .to_vec();
    args.extend(["--target-cmd", &command]);
    let ran = run(&folder, &target, &args);
    assert_eq!(ran.code, Some(0), "{}", ran.text);
    assert!(
        ran.text.ends_with("2 passed, 0 failed, 0 skipped\n"),
        "{}",
        ran.text
    );
    // Who is not believed is not waited for.
    let ran = run(&folder, &target, &args[2..]);
    assert_eq!(ran.code, Some(3), "{}", ran.text);
    assert!(
        ran.text
            .contains("the start of --target-cmd: https://localhost:"),
        "{}",
        ran.text
    );
    assert!(ran.text.contains("--cacert FILE"), "{}", ran.text);
}
