//! Which features a test run enables: all, or all that do not bring in a backend
//! that was excluded by name.

use std::collections::BTreeSet;

use crate::workspace::Workspace;

/// Cargo's arguments that enable every feature but those named, and those that
/// enable one of them.
pub(crate) fn all_but(excluded: &BTreeSet<String>, workspace: &Workspace) -> Vec<String> {
    if !excluded.iter().any(|name| workspace.has_feature(name)) {
        return vec!["--all-features".to_owned()];
    }
    let left_out = closure(excluded, workspace);
    let kept: Vec<String> = every(workspace)
        .map(|(package, feature, _)| id(package, feature))
        .filter(|id| !left_out.contains(id))
        .collect();
    vec![
        // A default may enable an excluded one; the others are in the list.
        "--no-default-features".to_owned(),
        format!("--features={}", kept.join(",")),
    ]
}

/// The features (`package/feature`) that lead to an excluded one.
fn closure(excluded: &BTreeSet<String>, workspace: &Workspace) -> BTreeSet<String> {
    let mut found: BTreeSet<String> = every(workspace)
        .filter(|(_, feature, _)| excluded.contains(*feature))
        .map(|(package, feature, _)| id(package, feature))
        .collect();
    loop {
        let more: Vec<String> = every(workspace)
            .filter(|(package, _, enables)| {
                enables
                    .iter()
                    .any(|enabled| found.contains(&target(package, enabled)))
            })
            .map(|(package, feature, _)| id(package, feature))
            .filter(|id| !found.contains(id))
            .collect();
        if more.is_empty() {
            return found;
        }
        found.extend(more);
    }
}

fn every(workspace: &Workspace) -> impl Iterator<Item = (&str, &str, &[String])> {
    workspace.packages.iter().flat_map(|package| {
        package
            .features
            .iter()
            .map(|(feature, enables)| (package.name.as_str(), feature.as_str(), enables.as_slice()))
    })
}

fn id(package: &str, feature: &str) -> String {
    format!("{package}/{feature}")
}

/// What an entry of a feature's list enables: a feature of its own package
/// (`redis`), or a dependency's (`idempotent-runtime/redis`, `sqlx?/sqlite`).
fn target(package: &str, enabled: &str) -> String {
    match enabled.split_once('/') {
        Some((dependency, feature)) => id(dependency.trim_end_matches('?'), feature),
        None => id(package, enabled),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn workspace() -> Workspace {
        let package = |name: &str, features: serde_json::Value| json!({ "name": name, "manifest_path": "", "features": features, "targets": [] });
        let runtime = json!({
            "axum": ["dep:axum"], "default": ["axum"],
            "redis": ["dep:redis"], "redis-cluster": ["redis", "redis/cluster"], "sqlite": [],
        });
        let tests = json!({
            "fast": ["cluster"], "cluster": ["runtime/redis-cluster"], "redis": ["runtime/redis"],
        });
        serde_json::from_value(json!({
            "packages": [package("runtime", runtime), package("tests", tests)],
            "target_directory": "",
        }))
        .expect("as cargo prints it")
    }

    fn arguments(excluded: &[&str]) -> Vec<String> {
        let excluded = excluded.iter().map(ToString::to_string).collect();
        all_but(&excluded, &workspace())
    }

    #[test]
    fn enables_all_when_nothing_is_excluded() {
        assert_eq!(arguments(&[]), ["--all-features"]);
        assert_eq!(arguments(&["oracle"]), ["--all-features"]);
    }

    #[test]
    fn leaves_out_what_leads_to_an_excluded_feature() {
        let kept = "--features=runtime/axum,runtime/default,runtime/sqlite";
        assert_eq!(arguments(&["redis"]), ["--no-default-features", kept]);
    }

    #[test]
    fn keeps_what_an_excluded_feature_enables() {
        let kept =
            "--features=runtime/axum,runtime/default,runtime/redis,runtime/sqlite,tests/redis";
        assert_eq!(
            arguments(&["redis-cluster"]),
            ["--no-default-features", kept]
        );
    }
}
