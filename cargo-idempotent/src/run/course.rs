//! One endpoint's way through its controls and scenarios, or to where the run ends.

use super::{Begun, Bench, Proved, controls};
use crate::{scenario::Scenario, verdict::Report};

/// How far the run is.
pub(super) struct Place {
    pub(super) number: usize,
    pub(super) of: usize,
}

/// Adds what the endpoint's scenarios find to the report. Once the run has ended, what
/// is left is marked as not run.
pub(super) fn course(
    bench: &mut Bench<'_>,
    chosen: &[&Scenario],
    report: &mut Report,
    place: &mut Place,
) {
    let proved = opening(bench, report);
    let first = report.findings.len();
    for scenario in chosen {
        place.number += 1;
        if let Some(ended) = &report.ended {
            report.findings.push(bench.not_run(scenario, ended));
            continue;
        }
        bench.events.scene(&bench.endpoint.id, scenario.id);
        if bench.left_out(scenario).is_none() {
            bench.watch.begun(Begun {
                endpoint: &bench.endpoint.id,
                scenario: scenario.id,
                number: place.number,
                of: place.of,
            });
        }
        let finding = bench.judge(scenario, &proved);
        bench.watch.found(&finding);
        report.findings.push(finding);
        report.ended = bench.over(scenario.id);
    }
    closing(bench, &proved, report, first);
    report.controls.append(&mut bench.controls);
    report.requests += bench.requests;
    report.bursts += bench.bursts;
    if let Some(effects) = bench.effects_in_all(report.ended.is_some()) {
        report.effects = Some(report.effects.unwrap_or(0) + effects);
    }
}

fn opening(bench: &mut Bench<'_>, report: &mut Report) -> Proved {
    if report.ended.is_some() {
        return Proved::default();
    }
    bench.events.scene(&bench.endpoint.id, "controls");
    let proved = controls::before(bench);
    report.ended = bench.over("controls");
    proved
}

/// The controls once more; what leaned on one that fails now is not proven.
fn closing(bench: &mut Bench<'_>, proved: &Proved, report: &mut Report, first: usize) {
    let id = &bench.endpoint.id;
    if report.ended.is_some() {
        if bench.requests > 0 {
            report.notes.push(format!(
                "{id}: the controls after the last scenario were not run; what was found rests \
                 on those before the first"
            ));
        }
        return;
    }
    bench.events.scene(id, "controls");
    if let Some(why) = controls::after(bench, proved) {
        for finding in &mut report.findings[first..] {
            why.weaken(finding);
        }
    }
    report.ended = bench.over("controls");
}
