//! The timeline of a burst: a lane per copy, in percent of the whole.

use crate::verdict::Times;

pub(super) struct Bar {
    pub kind: &'static str,
    pub left: String,
    pub width: String,
    pub title: String,
}

pub(super) struct Lane {
    pub name: String,
    pub bars: Vec<Bar>,
    pub status: String,
}

/// A moment of the axis.
pub(super) struct Tick {
    pub left: String,
    pub label: String,
}

/// The axis in quarters, in µs or, where that is shorter, in ms.
pub(super) fn ticks(axis: u64) -> Vec<Tick> {
    let label = |at: u64| match at {
        0 => "0".to_owned(),
        at if axis >= 10_000 => format!("{}.{} ms", at / 1_000, at % 1_000 / 100),
        at => format!("{at} µs"),
    };
    (0..=4)
        .map(|quarter| Tick {
            left: (quarter * 25).to_string(),
            label: label(axis * quarter / 4),
        })
        .collect()
}

/// The lanes, and the axis' width in µs. Another result is marked.
pub(super) fn lanes(times: &[Times]) -> (Vec<Lane>, u64) {
    let axis = times
        .iter()
        .map(|t| t.last.max(t.released))
        .max()
        .unwrap_or(0)
        .max(1);
    let lanes = times.iter().zip(1..).map(|(t, number)| {
        let read = if t.another { "twice" } else { "read" };
        let parts = [
            (if t.held { "held" } else { "sent" }, t.sent, t.released),
            ("wait", t.released, t.first),
            (read, t.first, t.last),
        ];
        let bars = parts
            .into_iter()
            .filter(|(_, from, to)| to >= from && *to > 0);
        Lane {
            name: format!("#{number}"),
            bars: bars
                .map(|(kind, from, to)| bar(kind, from, to, axis))
                .collect(),
            status: match t.status {
                0 => "lost".to_owned(),
                status if t.another => format!("{status} ≠"),
                status => status.to_string(),
            },
        }
    });
    (lanes.collect(), axis)
}

fn bar(kind: &'static str, from: u64, to: u64, axis: u64) -> Bar {
    #[allow(clippy::cast_precision_loss, reason = "µs of one burst")]
    let percent = |at: u64| at as f64 * 100.0 / axis as f64;
    Bar {
        kind,
        left: format!("{:.2}", percent(from)),
        width: format!("{:.2}", percent(to - from)),
        title: format!("{kind}: {from} to {to} µs"),
    }
}
