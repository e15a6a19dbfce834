//! What a run did on the wire, written as it happens.

use std::{
    cell::{Cell, RefCell},
    fs::File,
    io::{BufWriter, Write as _},
    path::Path,
};

use crate::{
    case::{Request, Response, Url},
    net::{Moment, micros, now},
    race::Burst,
    verdict::{Event, What},
};

/// More copies of a burst than that are not written: a timeline has no room for them.
const COPIES: usize = 24;

pub(crate) struct Events {
    start: Moment,
    file: Option<RefCell<BufWriter<File>>>,
    endpoint: RefCell<String>,
    scenario: RefCell<String>,
    requests: Cell<usize>,
}

/// The moments of one exchange.
pub(crate) struct Moments {
    pub began: Moment,
    /// Its last byte was written.
    pub released: Option<Moment>,
    /// Its answer's first and last byte, and its status.
    pub answered: Option<(Moment, Moment, u16)>,
    /// The client went away.
    pub left: Option<Moment>,
}

impl Events {
    /// Writes to a file, or to nothing.
    pub(super) fn new(path: Option<&Path>) -> Result<Self, String> {
        let open = |path: &Path| {
            let folder = path.parent().unwrap_or(Path::new(""));
            std::fs::create_dir_all(folder)
                .and_then(|()| File::create(path))
                .map_err(|e| format!("{}: {e}", path.display()))
        };
        let file = path.map(open).transpose()?;
        Ok(Self {
            start: now(),
            file: file.map(|f| RefCell::new(BufWriter::new(f))),
            endpoint: RefCell::default(),
            scenario: RefCell::default(),
            requests: Cell::new(0),
        })
    }

    /// What the next requests are for.
    pub(super) fn scene(&self, endpoint: &str, scenario: &str) {
        endpoint.clone_into(&mut self.endpoint.borrow_mut());
        scenario.clone_into(&mut self.scenario.borrow_mut());
    }

    pub(crate) fn exchange(&self, request: &Request, moments: &Moments) {
        let mut event = self.begin(None);
        let target = Url::parse(&request.url).map(|u| u.target());
        let target = target.unwrap_or_else(|_| request.url.clone());
        event.line = Some(format!("{} {target}", request.method));
        self.write(&event, What::Sent, self.at(moments.began));
        event.line = None;
        if let Some(released) = moments.released {
            self.write(&event, What::Released, self.at(released));
        }
        if let Some((first, last, status)) = moments.answered {
            self.write(&event, What::First, self.at(first));
            event.status = Some(status);
            self.write(&event, What::Last, self.at(last));
        } else if let Some(left) = moments.left {
            self.write(&event, What::Left, self.at(left));
        } else {
            self.write(&event, What::Lost, self.at(now()));
        }
    }

    pub(crate) fn burst(&self, number: usize, burst: &Burst) {
        if self.file.is_none() {
            return;
        }
        let good = |a: &&Response| (200..300).contains(&a.status);
        let answers = burst.shots.iter().filter_map(|s| s.answer.as_ref());
        let one = answers.clone().find(|a| good(a));
        let base = self.at(burst.start);
        for shot in burst.shots.iter().take(COPIES) {
            let mut event = self.begin(Some(number));
            self.write(&event, What::Sent, base + shot.sent);
            if shot.held {
                self.write(&event, What::Held, base + shot.sent);
            }
            self.write(&event, What::Released, base + shot.released);
            let Some(answer) = &shot.answer else {
                self.write(&event, What::Lost, base + shot.quiet.max(shot.released));
                continue;
            };
            self.write(&event, What::First, base + shot.first);
            event.status = Some(answer.status);
            let other = one.is_some_and(|one| one.body != answer.body);
            event.another = other && good(&answer);
            self.write(&event, What::Last, base + shot.last);
        }
    }

    fn begin(&self, burst: Option<usize>) -> Event {
        let request = self.requests.get() + 1;
        self.requests.set(request);
        Event {
            at: 0,
            endpoint: self.endpoint.borrow().clone(),
            scenario: self.scenario.borrow().clone(),
            request,
            burst,
            what: What::Sent,
            line: None,
            status: None,
            another: false,
        }
    }

    fn at(&self, moment: Moment) -> u64 {
        micros(moment.saturating_duration_since(self.start))
    }

    fn write(&self, event: &Event, what: What, at: u64) {
        let Some(file) = &self.file else { return };
        let event = Event {
            at,
            what,
            ..event.clone()
        };
        if let Ok(line) = serde_json::to_string(&event) {
            // A full disk costs a timeline, not the run.
            let _ = writeln!(file.borrow_mut(), "{line}");
        }
    }
}
