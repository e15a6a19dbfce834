//! Who sends a request, by a name in the plan: the credential is in the environment or on
//! the command line, and nowhere in a file.
#![cfg(feature = "cli")]

mod shop;

use std::path::Path;

use shop::{Promise, Ran, Shop, folder, tool};

const ENV: [(&str, &str); 2] = [("ALICE_TOKEN", "alice-token"), ("BOB_TOKEN", "bob-token")];
const SECRETS: &str = "secrets: { alice: { env: ALICE_TOKEN }, bob: { env: BOB_TOKEN } }\nprincipals:\n  shop-bob:\n    \
     headers: { Authorization: \"Bearer ${secret:bob}\", X-Branch: north }\n";
const RUN: [&str; 7] = [
    "run",
    "--seed",
    "7",
    "--out",
    "out",
    "--only",
    "sequential,other-principal",
];

/// A plan whose order is recorded with a credential that nobody has any more.
fn write(folder: &Path, url: &str, top: &str, own: &str, other: &str) {
    std::fs::create_dir_all(folder.join("cases")).unwrap();
    let case = format!(
        "version: 1\nname: order\nrequest:\n  method: POST\n  url: {url}/orders\n  headers:\n  \
         - 'Content-Type: application/json'\n  - 'Authorization: ${{secret:authorization}}'\n  \
         body: '{{\"amount\": 1, \"reference\": \"r\"}}'\n"
    );
    std::fs::write(folder.join("cases/0001.yaml"), case).unwrap();
    let plan = format!(
        "version: 1\ntarget: {url}\nprofile: default\n{top}\
         oracles: {{ ledger: {{ get: /ledger, count: effects }} }}\n\
         endpoints:\n- id: orders\n  request: {{ case: cases/0001.yaml, fresh: [body.reference] }}\n  \
         changes_state: true\n  key: {{ header: Idempotency-Key }}\n  \
         as: {own}\n  other:\n    principal: {other}\n"
    );
    std::fs::write(folder.join("plan.yaml"), plan).unwrap();
}

fn guarded(unscoped: bool) -> Shop {
    Shop::open(Promise {
        guarded: true,
        unscoped,
        ..Promise::default()
    })
}

/// Every file of the run's folder, as one text.
fn files(folder: &Path) -> String {
    let mut all = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        all += &if path.is_dir() {
            files(&path)
        } else {
            std::fs::read_to_string(path).unwrap()
        };
    }
    all
}

fn sequential_and_other(name: &str, own: &str, other: &str, unscoped: bool) -> Ran {
    let (shop, folder) = (guarded(unscoped), folder(name));
    write(&folder, &shop.url, SECRETS, own, other);
    tool(&folder, &RUN, &ENV)
}

#[test]
fn the_recorded_credential_gives_way_to_the_plans_principals() {
    // By a secret's name alone, and by headers of its own.
    for (name, other) in [("by-secret", "bob"), ("by-headers", "shop-bob")] {
        let ran = sequential_and_other(name, "alice", other, false);
        assert_eq!(ran.code, Some(0), "{}", ran.text);
        let last = "2 passed, 0 failed, 0 skipped\n";
        assert!(ran.text.ends_with(last), "{}", ran.text);
        let text = files(&ran.folder) + &ran.text;
        assert!(!text.contains("alice-token") && !text.contains("bob-token"));
        std::fs::remove_dir_all(ran.folder).unwrap();
    }
}

#[test]
fn a_key_without_its_callers_scope_is_found_and_the_script_names_both_variables() {
    let ran = sequential_and_other("unscoped", "alice", "shop-bob", true);
    assert_eq!(ran.code, Some(1), "{}", ran.text);
    assert_eq!(ran.found("other-principal").0, "violation");
    let script = ran.folder.join("out/repro/orders-other-principal.sh");
    let script = std::fs::read_to_string(script).unwrap();
    for part in [
        "Bearer '\"$ALICE_TOKEN\"''",
        "Bearer '\"$BOB_TOKEN\"''",
        "X-Branch: north",
    ] {
        assert!(script.contains(part), "{part}\n{script}");
    }
    let text = files(&ran.folder) + &ran.text;
    assert!(!text.contains("alice-token") && !text.contains("bob-token"));
    std::fs::remove_dir_all(ran.folder).unwrap();
}

#[test]
fn a_name_that_nobody_has_and_a_credential_in_the_plan_are_errors_with_their_line() {
    let (shop, folder) = (guarded(false), folder("misnamed"));
    let clear = SECRETS.replace("${secret:bob}", "bob-token");
    let unknown = SECRETS.replace("${secret:bob}", "${secret:bill}");
    for (top, own, other, said) in [
        (
            SECRETS,
            "alise",
            "bob",
            "plan.yaml:14: endpoints.orders.as: `alise` is no principal; there are alice, bob, \
             shop-bob",
        ),
        (
            SECRETS,
            "alice",
            "bill",
            "plan.yaml:16: endpoints.orders.other.principal: `bill` is no principal",
        ),
        (
            &clear,
            "alice",
            "bob",
            "plan.yaml:7: principals.shop-bob.headers.Authorization: a credential in the plan: \
             write ${secret:shop-bob}",
        ),
        (
            &unknown,
            "alice",
            "bob",
            "plan.yaml:7: principals.shop-bob.headers.Authorization: `bill` is none of",
        ),
    ] {
        write(&folder, &shop.url, top, own, other);
        let ran = tool(&folder, &RUN, &ENV);
        assert_eq!(ran.code, Some(2), "{}", ran.text);
        assert!(ran.text.contains(said), "{said}\n{}", ran.text);
        assert!(!ran.text.contains("bob-token"), "{}", ran.text);
    }
    // The variable of a principal that is used; those of the recording are not asked for.
    write(&folder, &shop.url, SECRETS, "alice", "bob");
    let ran = tool(&folder, &RUN, &ENV[..1]);
    assert_eq!(ran.code, Some(2), "{}", ran.text);
    let said = "these secrets have no value: `bob` (set the variable BOB_TOKEN)";
    assert!(ran.text.contains(said), "{}", ran.text);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn the_file_of_defaults_and_the_command_line_may_say_who_a_principal_is() {
    let (shop, folder) = (guarded(false), folder("said"));
    write(&folder, &shop.url, "", "alice", "bob");
    let defaults = "principal = [\"alice=Authorization: Bearer alice-token\"]\n";
    std::fs::write(folder.join("idempotent.toml"), defaults).unwrap();
    let ran = tool(&folder, &RUN, &[]);
    assert_eq!(ran.code, Some(2), "{}", ran.text);
    let said = "`bob` is no principal; the plan has neither";
    assert!(ran.text.contains(said), "{}", ran.text);
    std::fs::remove_file(folder.join("idempotent.toml")).unwrap();
    let both = [
        "--principal=alice=Authorization: Bearer alice-token",
        "--principal=bob=Authorization: Bearer bob-token",
    ];
    let ran = tool(&folder, &[&RUN[..], &both].concat(), &[]);
    assert_eq!(ran.code, Some(0), "{}", ran.text);
    let ran = tool(&folder, &[&RUN[..], &["--principal", "bob"]].concat(), &[]);
    assert_eq!(ran.code, Some(2), "{}", ran.text);
    assert!(ran.text.contains("`bob` names nobody"), "{}", ran.text);
    std::fs::remove_dir_all(folder).unwrap();
}
