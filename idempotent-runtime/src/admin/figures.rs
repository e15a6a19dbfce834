//! The figures of the overview, at one moment: for the page's tiles, and for
//! the live stream.

use super::frame::Frame;
use super::panel::Panel;
use super::rates::Window;
use super::shown;
use super::store_health::Health;
use crate::engine::InFlight;
use crate::store::Count;
use crate::telemetry::Class;

/// Beyond this part of its lease without a renewal an attempt is in danger:
/// healthy is a third.
pub(super) const PRESSED: f64 = 0.8;

pub(super) struct Figures {
    pub(super) window: Window,
    pub(super) store: Health,
    pub(super) in_flight: usize,
    pub(super) max_in_flight: usize,
    /// Those that hold a lease, the oldest first.
    pub(super) flight: Vec<InFlight>,
    kind: &'static str,
}

/// A figure with its name, and how it is to be taken.
pub(super) struct Tile {
    pub(super) name: &'static str,
    pub(super) figure: String,
    pub(super) note: String,
    /// `good`, `warn`, `bad`, or nothing.
    pub(super) kind: &'static str,
    /// What the live stream calls it.
    pub(super) live: &'static str,
    pub(super) link: Option<String>,
}

impl Figures {
    pub(super) async fn now(panel: &Panel) -> Self {
        let idempotency = panel.idempotency();
        let engine = &idempotency.engine;
        Self {
            store: panel.store.now(idempotency).await,
            window: panel.rates.now(),
            in_flight: idempotency.in_flight(),
            max_in_flight: engine.settings.max_in_flight,
            flight: engine.in_flight(),
            kind: engine.store.kind().as_str(),
        }
    }

    pub(super) fn tiles(&self, frame: &Frame) -> Vec<Tile> {
        let mut tiles = vec![
            self.calls(),
            self.replayed(),
            self.attempts(),
            self.oldest(),
        ];
        let mut stuck = self.stuck();
        if stuck.kind == "bad" {
            stuck.link = Some(frame.link("/records?state=stuck"));
        }
        tiles.extend([stuck, self.store()]);
        tiles
    }

    /// Every tile, for the stream, which has no links.
    pub(super) fn texts(&self) -> Vec<Tile> {
        vec![
            self.calls(),
            self.replayed(),
            self.attempts(),
            self.oldest(),
            self.stuck(),
            self.store(),
        ]
    }

    fn calls(&self) -> Tile {
        let calls = self.window.calls();
        Tile::of(
            "calls",
            "Calls",
            format!("{}/s", shown::rate(self.window.per_second(calls))),
            format!(
                "{} in {}",
                shown::count(calls),
                shown::span(self.window.time)
            ),
        )
    }

    fn replayed(&self) -> Tile {
        let replayed = self.window.of(Class::Replayed);
        Tile::of(
            "replayed",
            "Replayed",
            shown::percent(replayed, self.window.calls()),
            format!("{}/s", shown::rate(self.window.per_second(replayed))),
        )
    }

    fn attempts(&self) -> Tile {
        let full = self.in_flight * 10 >= self.max_in_flight * 9;
        let tile = Tile::of(
            "in-flight",
            "In flight here",
            shown::count(self.in_flight as u64),
            format!("of {} at most", shown::count(self.max_in_flight as u64)),
        );
        tile.kind(if full { "warn" } else { "" })
    }

    fn oldest(&self) -> Tile {
        let lost = self.flight.iter().filter(|it| it.is_lost).count();
        let (figure, note) = match self.flight.first() {
            None => ("–".to_owned(), "nothing runs here".to_owned()),
            Some(oldest) if lost == 0 => (shown::span(oldest.age), "leases are renewed".to_owned()),
            Some(oldest) => (shown::span(oldest.age), format!("{lost} lost their lease")),
        };
        let tile = Tile::of("oldest", "Oldest attempt here", figure, note);
        tile.kind(if lost > 0 { "bad" } else { "" })
    }

    /// Of all processes, as the store counts them.
    fn stuck(&self) -> Tile {
        let stats = self.store.stats;
        let running = stats.and_then(|it| it.running);
        let note = running.map_or_else(String::new, |it| format!("of {} running", records(it)));
        match stats.and_then(|it| it.stuck) {
            Some(stuck) => Tile::of("stuck", "Stuck", records(stuck), note)
                .kind(if stuck.records > 0 { "bad" } else { "" }),
            None if self.store.is_up() => {
                let note = "the store does not count them".to_owned();
                Tile::of("stuck", "Stuck", "–".to_owned(), note)
            }
            None => Tile::of("stuck", "Stuck", "–".to_owned(), "not known now".to_owned()),
        }
    }

    fn store(&self) -> Tile {
        let (figure, kind) = if self.store.is_up() {
            ("Reachable", "good")
        } else {
            ("Down", "bad")
        };
        let mut note = self.kind.to_owned();
        if let Some(time) = self.store.answered_in {
            note = format!("{note}, answers in {}", shown::span(time));
        }
        if let Some(done) = self.store.stats.and_then(|it| it.done) {
            note = format!("{note}; {} done", records(done));
        }
        Tile::of("store", "Store", figure.to_owned(), note).kind(kind)
    }
}

/// A store's count, which says where it is an estimate.
pub(super) fn records(count: Count) -> String {
    let number = shown::count(count.records);
    if count.is_exact {
        number
    } else {
        format!("about {number}")
    }
}

impl Tile {
    fn of(live: &'static str, name: &'static str, figure: String, note: String) -> Self {
        Self {
            name,
            figure,
            note,
            kind: "",
            live,
            link: None,
        }
    }

    fn kind(mut self, kind: &'static str) -> Self {
        self.kind = kind;
        self
    }
}
