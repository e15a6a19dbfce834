//! The dashboard loads in any Grafana: the classic model, no fixed data source,
//! no panel over another. What Grafana makes of each field is asked by hand
//! (`monitoring/check_dashboard.py`).

use std::collections::BTreeSet;

use serde_json::Value;

use crate::kit;

#[test]
fn the_dashboard_is_of_the_classic_model_and_of_no_particular_grafana() {
    let dashboard = dashboard();
    assert_eq!(dashboard["schemaVersion"], 39);
    let variables = dashboard["templating"]["list"].as_array();
    let variables: Vec<&str> = variables
        .expect("a list")
        .iter()
        .filter_map(|variable| variable["name"].as_str())
        .collect();
    assert_eq!(variables, ["datasource", "job", "operation"]);
    for panel in panels(&dashboard) {
        let row = panel["type"] == "row";
        let targets = panel["targets"].as_array();
        assert_eq!(targets.is_none(), row, "{}", panel["title"]);
        for source in targets.into_iter().flatten().chain([panel]) {
            let source = &source["datasource"]["uid"];
            assert!(row || source == "${datasource}", "{}", panel["title"]);
        }
        let told = row
            || panel["description"]
                .as_str()
                .is_some_and(|it| it.len() > 10);
        assert!(told, "{} says nothing", panel["title"]);
    }
}

#[test]
fn no_panel_lies_over_another() {
    let dashboard = dashboard();
    let (mut ids, mut taken) = (BTreeSet::new(), BTreeSet::new());
    for panel in panels(&dashboard) {
        assert!(ids.insert(panel["id"].as_u64()), "two panels of one id");
        let at = |field: &str| panel["gridPos"][field].as_u64().expect("a place");
        assert!(at("x") + at("w") <= 24, "{} is too wide", panel["title"]);
        for x in at("x")..at("x") + at("w") {
            for y in at("y")..at("y") + at("h") {
                assert!(taken.insert((x, y)), "{} lies over another", panel["title"]);
            }
        }
    }
}

#[test]
fn the_rows_go_from_what_is_wrong_to_who_is() {
    let dashboard = dashboard();
    let rows = panels(&dashboard).filter(|panel| panel["type"] == "row");
    let titles: Vec<&str> = rows.filter_map(|row| row["title"].as_str()).collect();
    let expected = [
        "Is anything wrong?",
        "Traffic",
        "Time",
        "Leases",
        "Store",
        "Clients",
    ];
    assert_eq!(titles, expected);
}

fn dashboard() -> Value {
    serde_json::from_str(&kit::read("monitoring/dashboard.json")).expect("is JSON")
}

fn panels(dashboard: &Value) -> impl Iterator<Item = &Value> {
    dashboard["panels"].as_array().into_iter().flatten()
}
