//! Prints the tables, and keeps the verdicts on what was aimed at.

use super::options::Options;
use super::race::{Aim, Contender, base, run};
use crate::table;

/// What the run is to do, and what it found so far.
pub struct Report {
    pub options: Options,
    verdicts: Vec<Vec<String>>,
}

impl Report {
    /// Nothing found yet.
    pub fn new(options: Options) -> Self {
        Self {
            options,
            verdicts: Vec::new(),
        }
    }

    /// Runs contenders against each other and prints their table.
    pub async fn race(&mut self, title: &str, tasks: usize, contenders: &[Contender]) {
        self.race_of(title, tasks, 1, contenders).await;
    }

    /// The same for operations so short that reading the clock would show.
    pub async fn race_in_memory(&mut self, title: &str, contenders: &[Contender]) {
        self.race_of(title, 1, 256, contenders).await;
    }

    async fn race_of(&mut self, title: &str, tasks: usize, every: u64, contenders: &[Contender]) {
        let figures = run(&self.options, tasks, every, contenders).await;
        let rows: Vec<_> = contenders
            .iter()
            .zip(&figures)
            .enumerate()
            .map(|(at, (contender, figures))| {
                let base = base(contenders, contender);
                let mut row = vec![contender.name.clone(), micros(figures.nanos)];
                if base == at {
                    row.extend(["".to_owned(), "".to_owned()]);
                } else {
                    row.push(format!("{:.2}", figures.ratio));
                    row.push(contenders[base].name.clone());
                }
                row.push(contender.aim.map_or(String::new(), |aim| {
                    let what = format!("{title}: {}", contender.name);
                    self.judge(&what, figures.ratio, aim)
                }));
                row
            })
            .collect();
        println!("{title}");
        table::print(&["", "us", "x", "of", "aim"], &rows);
    }

    /// Keeps a verdict, and says it.
    pub fn judge(&mut self, what: &str, figure: f64, aim: Aim) -> String {
        let verdict = if aim.is_met(figure) { "met" } else { "MISSED" };
        self.verdicts.push(vec![
            what.to_owned(),
            format!("{figure:.2}"),
            aim.to_string(),
            verdict.to_owned(),
        ]);
        format!("{aim} {verdict}")
    }

    /// Prints all verdicts.
    pub fn close(&self) {
        println!("what was aimed at");
        table::print(&["", "measured", "aim", ""], &self.verdicts);
    }
}

/// Nanoseconds as microseconds, with three digits that matter.
pub fn micros(nanos: f64) -> String {
    let micros = nanos / 1_000.0;
    match micros {
        ..1.0 => format!("{micros:.3}"),
        ..10.0 => format!("{micros:.2}"),
        ..100.0 => format!("{micros:.1}"),
        _ => format!("{micros:.0}"),
    }
}
