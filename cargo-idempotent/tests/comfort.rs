//! What makes a run pleasant: defaults in a file, progress in lines, quiet.
#![cfg(feature = "cli")]

mod shop;

use shop::{Promise, Shop, folder, plan, run, tool};

#[test]
fn without_a_terminal_progress_is_plain_lines_and_quiet_is_quiet() {
    let more = "profile: default\n";
    let lines = run(
        "lines",
        Promise::default(),
        more,
        &["--only", "sequential,mixed"],
    );
    assert_eq!(lines.code, Some(0), "{}", lines.text);
    for line in ["orders/sequential (1 of 2)\n", "orders/mixed (2 of 2)\n"] {
        assert!(lines.text.contains(line), "{}", lines.text);
    }
    assert!(!lines.text.contains('\u{1b}'), "no escapes: {}", lines.text);
    let only = ["--only", "sequential,mixed", "--quiet"];
    let quiet = run("quiet", Promise::default(), more, &only);
    assert!(!quiet.text.contains("(1 of 2)"), "{}", quiet.text);
    assert!(!quiet.text.contains("PROVEN"), "{}", quiet.text);
    assert!(
        quiet.text.ends_with("2 passed, 0 failed, 0 skipped\n"),
        "{}",
        quiet.text
    );
}

#[test]
fn the_file_of_defaults_is_found_upward_and_the_command_line_wins() {
    let shop = Shop::open(Promise::default());
    let folder = folder("defaults");
    plan(&folder, "http://127.0.0.1:1", "profile: default\n");
    let defaults = format!(
        "plan = \"plan.yaml\"\ntarget = [\"{}\"]\nonly = [\"mixed\"]\nseed = 9\nout = \"out\"\n",
        shop.url
    );
    std::fs::write(folder.join("idempotent.toml"), defaults).unwrap();
    let below = folder.join("below");
    std::fs::create_dir(&below).unwrap();
    let ran = tool(&below, &["run"], &[]);
    assert_eq!(ran.code, Some(0), "{}", ran.text);
    assert!(
        ran.text.contains("seed 9") && ran.text.contains("1 passed"),
        "{}",
        ran.text
    );
    assert!(folder.join("out/run.json").exists(), "beside the file");
    let ran = tool(
        &below,
        &["run", "--only", "sequential,mixed", "--seed", "3"],
        &[],
    );
    assert!(
        ran.text.contains("seed 3") && ran.text.contains("2 passed"),
        "{}",
        ran.text
    );
    std::fs::write(folder.join("idempotent.toml"), "\nsede = 9\n").unwrap();
    let ran = tool(&below, &["run"], &[]);
    assert_eq!(ran.code, Some(2), "{}", ran.text);
    assert!(
        ran.text.contains("idempotent.toml:2: sede: no flag"),
        "{}",
        ran.text
    );
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn every_line_of_the_events_is_one_moment_of_a_request() {
    let ran = run(
        "events",
        Promise::default(),
        "profile: default\n",
        &["--only", "sequential,abort"],
    );
    let text = std::fs::read_to_string(ran.folder.join("out/events.jsonl")).unwrap();
    let schema = include_str!("../schemas/event.schema.json");
    let schema = jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap();
    let mut open = std::collections::BTreeMap::new();
    for line in text.lines() {
        let event: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(schema.is_valid(&event), "{line}");
        let what = event["what"].as_str().unwrap();
        let request = event["request"].as_u64().unwrap();
        let at = event["at"].as_u64().unwrap();
        let before = open.insert(request, (what.to_owned(), at));
        assert_eq!(before.is_none(), what == "sent", "{line}");
        assert!(before.is_none_or(|(_, earlier)| earlier <= at), "{line}");
    }
    // Each ended, and 5 of them as the client left.
    let ended = |what: &str| open.values().filter(|(w, _)| w == what).count();
    assert_eq!(
        (ended("last") + ended("left"), ended("left")),
        (open.len(), 5),
        "{text}"
    );
    let run = std::fs::read_to_string(ran.folder.join("out/run.json")).unwrap();
    let schema = include_str!("../schemas/run.schema.json");
    let schema = jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap();
    assert!(schema.is_valid(&serde_json::from_str(&run).unwrap()));
}

#[test]
fn a_probe_of_the_command_line_counts_where_the_plan_has_none() {
    let more = "profile: default\noracles: {}\n";
    let args = ["--only", "sequential", "--probe", "orders=/ledger#effects"];
    let ran = run("probe", Promise::default(), more, &args);
    assert_eq!(ran.code, Some(0), "{}", ran.text);
    assert!(ran.text.contains("PROVEN (state probe)"), "{}", ran.text);
    let args = ["--only", "sequential", "--min-oracle", "effect"];
    let ran = run("answers", Promise::default(), more, &args);
    assert_eq!(ran.code, Some(4), "{}", ran.text);
    assert!(
        ran.text.contains("--min-oracle asks for effects"),
        "{}",
        ran.text
    );
}
