//! Contenders that take turns, so that a machine whose speed drifts is fair to
//! all of them; what counts is the ratio to another one within a round.

use std::pin::Pin;

use super::options::Options;
use super::pace::{Pace, lap};
use crate::measure::median;

type Lap = Pin<Box<dyn Future<Output = Pace> + Send>>;

/// Something to measure.
pub struct Contender {
    pub name: String,
    work: Box<dyn Fn(usize, Pace) -> Lap>,
    /// Whom it is compared with, by name; the first one by default.
    pub against: Option<&'static str>,
    pub aim: Option<Aim>,
}

/// What a ratio should be.
#[derive(Clone, Copy)]
pub enum Aim {
    AtMost(f64),
    AtLeast(f64),
}

/// What came out.
pub struct Figures {
    /// Nanoseconds of the whole for each operation.
    pub nanos: f64,
    /// Multiples of the one that it is compared with.
    pub ratio: f64,
}

impl Contender {
    /// One whose tasks each run their laps by themselves: they get ready,
    /// `begin`, and repeat for as long as `go_on` says so.
    pub fn new<F>(name: impl Into<String>, work: impl Fn(usize, Pace) -> F + 'static) -> Self
    where
        F: Future<Output = Pace> + Send + 'static,
    {
        Self {
            name: name.into(),
            work: Box::new(move |task, pace| Box::pin(work(task, pace))),
            against: None,
            aim: None,
        }
    }

    /// One that repeats an operation which needs nothing of its own.
    pub fn each<O, F>(name: impl Into<String>, operation: O) -> Self
    where
        O: Fn() -> F + Clone + Send + Sync + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        Self::new(name, move |_, mut pace| {
            let operation = operation.clone();
            async move {
                pace.begin().await;
                while pace.go_on() {
                    operation().await;
                }
                pace
            }
        })
    }

    /// Compares it with another one.
    pub fn against(mut self, name: &'static str) -> Self {
        self.against = Some(name);
        self
    }

    /// Says what its ratio should be.
    pub fn aim(mut self, aim: Aim) -> Self {
        self.aim = Some(aim);
        self
    }
}

impl Aim {
    /// Whether `figure` is as it should be.
    pub fn is_met(self, figure: f64) -> bool {
        match self {
            Self::AtMost(most) => figure <= most,
            Self::AtLeast(least) => figure >= least,
        }
    }
}

impl std::fmt::Display for Aim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::AtMost(most) => write!(f, "<= {most}"),
            Self::AtLeast(least) => write!(f, ">= {least}"),
        }
    }
}

/// Runs every contender in turn, round by round, with `tasks` tasks each; the
/// medians. `every` is how many operations pass between two looks at the
/// clock: 1 where each is a round trip.
pub async fn run(
    options: &Options,
    tasks: usize,
    every: u64,
    contenders: &[Contender],
) -> Vec<Figures> {
    let mut laps = vec![Vec::new(); contenders.len()];
    for round in 0..=options.rounds {
        for (contender, laps) in contenders.iter().zip(&mut laps) {
            let nanos = lap(tasks, options.span, every, &*contender.work).await;
            // The first round warms up.
            if round > 0 {
                laps.push(nanos);
            }
        }
    }
    let figures = contenders.iter().zip(&laps).map(|(contender, own)| {
        let base = &laps[base(contenders, contender)];
        let ratios = own.iter().zip(base).map(|(own, base)| own / base);
        Figures {
            nanos: median(own.clone()),
            ratio: median(ratios.collect()),
        }
    });
    figures.collect()
}

/// The place of the one that `contender` is compared with.
pub fn base(contenders: &[Contender], contender: &Contender) -> usize {
    let named = |name| contenders.iter().position(|other| other.name == name);
    contender
        .against
        .map_or(0, |name| named(name).expect("one of them has this name"))
}
