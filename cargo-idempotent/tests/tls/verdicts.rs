//! What is found over https is what is found in the clear.

use std::collections::BTreeMap;

use crate::{
    service::{Service, free, run, secure},
    shop::folder,
};

/// A whole run's exit code, and the state of each scenario of each endpoint.
type Found = (Option<i32>, BTreeMap<String, String>);

/// What is found of one service in the clear, and over https.
fn both(name: &str, flaw: &[&str]) -> [Found; 2] {
    let (folder, service) = (folder(name), free());
    let _running = Service::start(service, flaw);
    let clear = format!("http://{service}");
    let secure = secure(&folder, service, &["h2", "http/1.1"]);
    let trusted = ["--cacert", "authority.pem", "--seed", "7", "--bursts", "60"];
    [clear, secure].map(|target| {
        let ran = run(&folder, &target, &trusted);
        let text = std::fs::read_to_string(folder.join("out/run.json")).expect(&ran.text);
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        let found = json["findings"].as_array().unwrap().iter().map(|f| {
            let text = |name: &str| f[name].as_str().unwrap().to_owned();
            (text("endpoint") + "/" + &text("scenario"), text("state"))
        });
        (ran.code, found.collect())
    })
}

#[test]
fn a_right_service_is_proven_over_https_as_it_is_in_the_clear() {
    let [clear, secure] = both("right", &[]);
    assert_eq!(clear, secure);
    assert_eq!(secure.0, Some(0), "{secure:?}");
    let proven = secure.1.values().filter(|s| *s == "proven").count();
    assert!(proven > 10, "{secure:?}");
}

#[test]
fn a_wrong_service_is_found_out_over_https_as_it_is_in_the_clear() {
    let [clear, secure] = both("wrong", &["--flaw", "no-keys"]);
    assert_eq!(clear, secure);
    assert_eq!(secure.0, Some(1), "{secure:?}");
    for scenario in ["sequential", "concurrent", "abort"] {
        let state = &secure.1[&format!("payments/{scenario}")];
        assert_eq!(state, "violation", "{scenario}: {secure:?}");
    }
}
