//! How far a run is: bars on a terminal, plain lines elsewhere, or nothing.

use std::{
    cell::{Cell, RefCell},
    io::IsTerminal as _,
    time::Duration,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::{
    net::{Moment, now},
    report,
    run::{Begun, Bursts, Watch},
    verdict::{Finding, State},
};

/// Where nobody sees it move, a line so often is enough.
const PAUSE: Duration = Duration::from_secs(5);

pub(super) struct Progress {
    seed: u64,
    form: Form,
}

enum Form {
    Bars {
        run: ProgressBar,
        bursts: ProgressBar,
    },
    Lines {
        at: RefCell<String>,
        last: Cell<Moment>,
    },
    Quiet,
}

impl Progress {
    pub(super) fn new(seed: u64, quiet: bool) -> Self {
        let form = if quiet {
            Form::Quiet
        } else if std::io::stderr().is_terminal() {
            bars()
        } else {
            Form::Lines {
                at: RefCell::default(),
                last: Cell::new(now()),
            }
        };
        Self { seed, form }
    }

    /// Takes the bars away.
    pub(super) fn end(&self) {
        if let Form::Bars { run, bursts } = &self.form {
            bursts.finish_and_clear();
            run.finish_and_clear();
        }
    }
}

fn bars() -> Form {
    let all = indicatif::MultiProgress::with_draw_target(ProgressDrawTarget::stderr());
    let style = |text| ProgressStyle::with_template(text).unwrap_or(ProgressStyle::default_bar());
    let run = all.add(ProgressBar::new(0));
    run.set_style(style("{bar:24} {pos}/{len} {msg} ({elapsed})"));
    run.enable_steady_tick(Duration::from_millis(250));
    let bursts = all.add(ProgressBar::new(0));
    bursts.set_style(style("  {bar:22} {pos}/{len} bursts, {msg}"));
    Form::Bars { run, bursts }
}

impl Watch for Progress {
    fn begun(&self, begun: Begun<'_>) {
        let name = format!("{}/{}", begun.endpoint, begun.scenario);
        match &self.form {
            Form::Bars { run, bursts } => {
                bursts.set_length(0);
                run.set_length(begun.of as u64);
                run.set_position(begun.number as u64 - 1);
                run.set_message(name);
            }
            Form::Lines { at, last } => {
                println!("{name} ({} of {})", begun.number, begun.of);
                last.set(now());
                at.replace(name);
            }
            Form::Quiet => {}
        }
    }

    fn bursts(&self, now_at: Bursts) {
        let left = now_at.left.as_secs();
        match &self.form {
            Form::Bars { bursts, .. } => {
                bursts.set_length(now_at.of as u64);
                bursts.set_position(now_at.done as u64);
                bursts.set_message(format!("at most {left} s left"));
            }
            Form::Lines { at, last } if now() - last.get() > PAUSE => {
                let (done, of) = (now_at.done, now_at.of);
                let name = at.borrow();
                println!("{name}: {done} of {of} bursts, at most {left} s left");
                last.set(now());
            }
            Form::Lines { .. } | Form::Quiet => {}
        }
    }

    fn found(&self, finding: &Finding) {
        // What does not concern an endpoint is in the report, not in the way.
        let told = match (&self.form, finding.state) {
            (_, State::Skipped | State::NotRun) => false,
            (Form::Quiet, state) => matches!(state, State::Violation),
            _ => true,
        };
        if !told {
            return;
        }
        let text = report::finding(finding, self.seed);
        match &self.form {
            Form::Bars { run, .. } => run.suspend(|| println!("{text}")),
            _ => println!("{text}"),
        }
    }
}
