//! `zoo`: the table of flawed servers, found or missed, and the right one.

use clap::ValueEnum as _;

use super::{End, args, races::races};
use crate::{
    Problem,
    demo::{FLAWS, Flaw, Visit, accused, visit},
};

pub(super) fn run(args: &args::Zoo) -> Result<End, Problem> {
    if args.races {
        return races(args.seeds);
    }
    let (mut missed, mut wronged) = (0, 0);
    println!(
        "{:<20} {:<16} {:<8} also violated",
        "server", "planted", "found"
    );
    let servers = FLAWS.iter().map(|(flaw, planted)| (Some(*flaw), *planted));
    for (flaw, planted) in servers.chain([(None, "")]) {
        let (mut found, mut others) = (0, Vec::new());
        for seed in 1..=args.seeds {
            let planted_only = [planted];
            let only = if args.planted && flaw.is_some() {
                &planted_only[..]
            } else {
                &[]
            };
            let report = visit(&Visit {
                flaw,
                seed,
                only,
                bursts: args.bursts,
            });
            let report = report.map_err(|e| Problem::at(0, name(flaw), e))?;
            for scenario in accused(&report) {
                if scenario == planted {
                    found += 1;
                } else if !others.iter().any(|o| o == scenario) {
                    others.push(scenario.to_owned());
                }
            }
        }
        let said = match flaw {
            Some(_) => format!("{found}/{}", args.seeds),
            None => "-".to_owned(),
        };
        println!(
            "{:<20} {planted:<16} {said:<8} {}",
            name(flaw),
            others.join(", ")
        );
        match flaw {
            Some(_) => missed += args.seeds - found,
            None => wronged += others.len(),
        }
    }
    println!("{missed} missed, {wronged} false accusations of the right service");
    Ok(End::Found(u8::from(missed + wronged as u64 > 0)))
}

fn name(flaw: Option<Flaw>) -> String {
    let value = flaw.and_then(|f| Some(f.to_possible_value()?.get_name().to_owned()));
    value.unwrap_or_else(|| "right".to_owned())
}
