//! A service with planted faults, and what its detectors make of them.

mod app;
mod clean;
mod faults;
mod flags;
mod world;

use std::error::Error;
use std::ffi::OsString;
use std::time::Duration;

use idempotent_runtime::findings::{Finding, FindingKind};

use self::flags::Flags;
use self::world::World;
use crate::metrics;

/// What the detectors must find, no more and no less: where, and what. One
/// fault may rightly be found twice.
pub const EXPECTED: &[(FindingKind, &str)] = &[
    (FindingKind::DuplicateExecution, "ledger"),
    (FindingKind::DuplicateExecution, "quotes"),
    (FindingKind::UnprotectedRepeat, "POST /notes"),
    (FindingKind::RepeatedEffect, "charges"),
    (FindingKind::LateRetry, "reports"),
    (FindingKind::SuspectedDuplicate, "orders"),
    (FindingKind::CrossScopeKey, "transfers"),
    (FindingKind::ReplayDrift, "quotes"),
    (FindingKind::LeasePressure, "ledger"),
    (FindingKind::LeasePressure, "quotes"),
];

/// Runs the example: to its end, or with `--serve` until Ctrl-C.
///
/// # Panics
/// Where the findings are not those that were planted: that is its point.
pub async fn run(arguments: impl Iterator<Item = OsString>) -> Result<(), Box<dyn Error>> {
    let Some(flags) = Flags::parse(arguments)? else {
        print!("{}", flags::HELP);
        return Ok(());
    };
    let page = metrics::install().map_err(|error| -> Box<dyn Error> { error })?;
    let mut world = World::start(flags.port, page).await?;
    println!("metrics: http://{}/metrics", world.address());

    clean::traffic(&world).await?;
    let found = world.findings();
    assert!(found.is_empty(), "found where nothing is wrong: {found:?}");
    println!("the clean half: no findings");

    faults::traffic(&world).await?;
    let found = world.findings();
    for finding in &found {
        tell(finding);
    }
    let places: Vec<(FindingKind, &str)> = sorted(&found);
    assert_eq!(places, EXPECTED, "not what was planted");
    println!("ok: {} findings, each of them planted", found.len());

    if flags.serve {
        println!("a round every {:?} until Ctrl-C", flags.every);
        tokio::select! {
            outcome = rounds(&mut world, flags.every) => outcome?,
            interrupted = tokio::signal::ctrl_c() => interrupted?,
        }
    }
    Ok(())
}

async fn rounds(world: &mut World, every: Duration) -> Result<(), Box<dyn Error>> {
    loop {
        tokio::time::sleep(every).await;
        world.next_round();
        clean::traffic(world).await?;
        faults::traffic(world).await?;
    }
}

fn tell(finding: &Finding) {
    println!("{}: {}", finding.kind.text().name, finding.what());
    println!("  {} {}", finding.why(), finding.action());
}

/// Worst first, and of one kind by place.
fn sorted(found: &[Finding]) -> Vec<(FindingKind, &str)> {
    let mut places: Vec<_> = found
        .iter()
        .map(|it| (it.kind, it.place.as_str()))
        .collect();
    places.sort_unstable();
    places
}
