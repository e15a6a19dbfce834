//! What `spec()` lists.

use std::time::Duration;

use idempotent_runtime::policy::Mode;
use idempotent_runtime::{Idempotency, MemoryStore, OperationContract, spec};
use serde_json::json;

#[test]
fn every_operation_is_listed_though_none_was_called() {
    let contract = spec();
    let names: Vec<&str> = contract
        .operations()
        .iter()
        .map(OperationContract::name)
        .collect();
    let ours = "contract::operations::";
    let expected = ["event", "hidden", "note", "pay"].map(|name| format!("{ours}{name}"));
    assert_eq!(names[..4], expected);
    assert_eq!(names[4..], ["send-mail"]);
    let mail = contract.operation("send-mail").expect("is listed");
    assert_eq!(mail.mode(), Mode::Function);
    assert_eq!((mail.header(), mail.final_answers()), (None, "Ok"));
    assert_eq!(mail.is_final(200), None);
    let pay = contract.operation(&expected[3]).expect("is listed");
    assert_eq!(
        (pay.is_final(404), pay.is_final(409)),
        (Some(true), Some(false))
    );
    assert!(contract.operation("mail").is_none());
}

#[test]
fn an_operation_without_a_ttl_has_its_services() {
    let day = Duration::from_hours(24);
    let ttl = |contract: idempotent_runtime::Contract, name| {
        let name = format!("contract::operations::{name}");
        contract.operation(&name).expect("is listed").ttl()
    };
    assert_eq!(ttl(spec(), "pay"), day);
    let service = Idempotency::builder(MemoryStore::new()).ttl(2 * day);
    let service = service.build().expect("a ttl in range");
    assert_eq!(ttl(service.spec(), "pay"), 2 * day);
    assert_eq!(ttl(service.spec(), "note"), Duration::from_mins(90));
}

#[test]
fn a_contract_reads_as_words() {
    let contract = spec();
    let note = contract.operation("contract::operations::note");
    let expected = "\
contract::operations::note (handler)
  key          header x-note-key, optional
  scope        one for all callers
  fingerprint  method, path, query and body
  duplicates   wait up to 5 seconds
  replayed     for 90 minutes
  final        2xx, 3xx";
    assert_eq!(note.expect("is listed").to_string(), expected);
    let all = contract.to_string();
    assert!(all.contains(&format!("\n\n{expected}\n\n")), "{all}");
    let event = contract.operation("contract::operations::event");
    let event = event.expect("is listed").to_string();
    assert!(
        event.contains("  key          from the arguments\n"),
        "{event}"
    );
    assert!(event.ends_with("final        as the operation's classifier decides"));
}

#[test]
fn a_contract_serializes() {
    let contract = spec();
    let value = serde_json::to_value(&contract).expect("serializes");
    let expected = json!({
        "name": "contract::operations::pay", "mode": "handler",
        "header": "idempotency-key", "required": true,
        "scope": "expression", "fingerprint": "request",
        "ttl_seconds": 86400.0,
        "final": "2xx, 3xx, 4xx except 401, 408, 409, 423, 425, 429",
        "wait_seconds": null, "on_interrupt": "rerun", "max_key_age_seconds": 86400.0,
    });
    assert_eq!(value["operations"][3], expected);
}
