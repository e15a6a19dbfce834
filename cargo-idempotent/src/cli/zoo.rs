//! `zoo`: the table of servers and scenarios: flaws found or missed, and those that are
//! right, accused of nothing.

mod told;

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
    thread,
};

use clap::ValueEnum as _;

use self::told::Told;
use super::{End, args, races::races};
use crate::{
    Problem,
    demo::{FLAWS, Flaw, Place, RIGHT, Visit, accused, visit},
    scenario::SCENARIOS,
    verdict::{Finding, State},
};

/// Visits at a time: most of a visit is waiting. Races need the cores for themselves.
const AT_ONCE: usize = 6;

/// A server of the table.
struct Row {
    flaw: Option<Flaw>,
    /// What has to find the flaw; nothing has to accuse the others.
    planted: Option<&'static str>,
    place: Place,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    found: u64,
    /// A sign for each scenario, by the first seed.
    signs: Vec<&'static str>,
    /// What should not be, in words.
    wrong: Vec<String>,
}

pub(super) fn run(args: &args::Zoo) -> Result<End, Problem> {
    if args.races {
        return races(args.seeds);
    }
    let mut rows = rows();
    if let Some(name) = args
        .server
        .iter()
        .find(|n| rows.iter().all(|r| r.name() != **n))
    {
        let mut names: Vec<_> = rows.iter().map(Row::name).collect();
        names.dedup();
        let message = format!("`{name}` is no server; there are {}", names.join(", "));
        return Err(Problem::at(0, "--server", message));
    }
    rows.retain(|r| args.server.is_empty() || args.server.contains(&r.name()));
    let jobs = |racing: bool| {
        let rows = rows.iter().filter(move |r| r.races() == racing);
        rows.flat_map(|row| (1..=args.seeds).map(move |seed| (row, seed)))
    };
    let told = Told::of(jobs(false).count() + jobs(true).count());
    work(jobs(false).collect(), AT_ONCE, args, &told)?;
    work(jobs(true).collect(), 1, args, &told)?;
    Ok(End::Found(u8::from(!table(&rows, args.seeds))))
}

fn rows() -> Vec<Row> {
    let row = |flaw, planted, place| Row {
        flaw,
        planted,
        place,
        seen: Mutex::default(),
    };
    let flawed = FLAWS.iter().map(|(flaw, planted)| {
        let dies = ["/restart", "/kill"].iter().any(|s| planted.ends_with(s));
        let place = if dies { Place::Process } else { Place::Here };
        row(Some(*flaw), Some(*planted), place)
    });
    let right = RIGHT.iter().map(|way| row(*way, None, Place::Here));
    flawed
        .chain(right)
        .chain([None, Some(Flaw::LeaseEnds)].map(|way| row(way, None, Place::Process)))
        .collect()
}

/// Does the visits, so many at a time.
fn work(
    jobs: VecDeque<(&Row, u64)>,
    at_once: usize,
    args: &args::Zoo,
    told: &Told,
) -> Result<(), Problem> {
    let (jobs, failed) = (Mutex::new(jobs), Mutex::new(None));
    let next = || {
        jobs.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop_front()
    };
    thread::scope(|scope| {
        for _ in 0..at_once {
            scope.spawn(|| {
                while let Some((row, seed)) = next() {
                    if let Err(e) = row.visit(seed, args) {
                        let problem = Problem::at(0, row.name(), format!("seed {seed}: {e}"));
                        *failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(problem);
                        return;
                    }
                    told.one_more();
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap_or_else(PoisonError::into_inner);
    failed.map_or(Ok(()), Err)
}

impl Row {
    fn name(&self) -> String {
        let value = self.flaw.and_then(|f| f.to_possible_value());
        let name = value.map_or("right".to_owned(), |v| v.get_name().to_owned());
        match (self.planted, self.place) {
            (None, Place::Process) => format!("{name}, killed"),
            _ => name,
        }
    }

    fn races(&self) -> bool {
        self.planted.is_some_and(|p| p.ends_with("/concurrent"))
    }

    fn visit(&self, seed: u64, args: &args::Zoo) -> Result<(), String> {
        let go = |only, bursts| {
            visit(&Visit {
                flaw: self.flaw,
                seed,
                only,
                bursts,
                place: self.place,
            })
        };
        let report = match self.planted {
            Some(_) => go(self.planted.as_slice(), args.bursts)?,
            // The races have a table of their own.
            None if seed > 1 => go(&[], args.bursts / 5)?,
            None => go(&[], args.bursts)?,
        };
        let rest = match self.planted {
            Some(_) if seed == 1 && !args.planted => Some(go(&[], args.bursts / 10)?),
            _ => None,
        };
        let mut told = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seed == 1 {
            let all = rest.iter().chain([&report]);
            told.signs = signs(all.flat_map(|r| &r.findings));
        }
        match self.planted {
            Some(planted) if accused(&report).any(|f| name(f) == planted) => told.found += 1,
            Some(planted) => {
                let said = report.findings.iter().find(|f| name(f) == planted);
                let said = said.map_or("it was not run", |f| f.sentence.as_str());
                let line = format!("missed: {}, seed {seed}: {said}", self.name());
                told.wrong.push(line);
            }
            None => {
                for finding in accused(&report) {
                    let (what, said) = (name(finding), &finding.sentence);
                    let line = format!("accused: {}, seed {seed}, {what}: {said}", self.name());
                    told.wrong.push(line);
                }
            }
        }
        Ok(())
    }
}

/// As `--only` takes it.
fn name(finding: &Finding) -> String {
    format!("{}/{}", finding.endpoint, finding.scenario)
}

/// The worst of each scenario, over all endpoints.
fn signs<'a>(findings: impl Iterator<Item = &'a Finding>) -> Vec<&'static str> {
    let findings: Vec<_> = findings.collect();
    let worst = |id: &str| {
        let own = findings.iter().filter(|f| f.scenario == id);
        own.map(|f| f.state).min()
    };
    let states = SCENARIOS.iter().map(|s| worst(s.id));
    states.map(|s| s.map_or(" ", State::sign)).collect()
}

/// Prints all; true if nothing is wrong.
fn table(rows: &[Row], seeds: u64) -> bool {
    let (mut missed, mut wronged, mut lines) = (0, 0, Vec::new());
    let numbered = SCENARIOS.iter().zip(1..);
    let names: Vec<_> = numbered
        .clone()
        .map(|(s, n)| format!("{n} {}", s.id))
        .collect();
    println!("scenarios: {}", names.join(", "));
    println!("✓ proven, ✗ violated, ? not proven, – does not concern it; by the first seed\n");
    let numbers: Vec<_> = numbered.map(|(_, n)| format!("{n:>3}")).collect();
    let numbers = numbers.concat();
    println!("{:<20} {:<27} {:<6}{numbers}", "server", "planted", "found");
    for row in rows {
        let seen = row.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let found = match row.planted {
            Some(_) => format!("{}/{seeds}", seen.found),
            None => "-".to_owned(),
        };
        let signs: Vec<_> = seen.signs.iter().map(|s| format!("  {s}")).collect();
        let signs = signs.concat();
        let planted = row.planted.unwrap_or("nothing");
        println!("{:<20} {planted:<27} {found:<6}{signs}", row.name());
        match row.planted {
            Some(_) => missed += seen.wrong.len(),
            None => wronged += seen.wrong.len(),
        }
        lines.extend(seen.wrong.iter().cloned());
    }
    for line in lines {
        println!("{line}");
    }
    println!("{missed} missed, {wronged} false accusations of the right services");
    missed + wronged == 0
}
