//! Calls by operation and outcome, as the overview lists them.

use super::rates::{Traffic, Window};
use super::shown;
use crate::telemetry::Class;

pub(super) struct RateRow {
    pub(super) operation: String,
    pub(super) cells: Vec<Cell>,
}

/// A rate, and what the live stream calls it.
pub(super) struct Cell {
    pub(super) name: &'static str,
    pub(super) figure: String,
    pub(super) is_zero: bool,
    pub(super) live: String,
}

const COLUMNS: [(Class, &str); 7] = [
    (Class::Executed, "Executed"),
    (Class::Replayed, "Replayed"),
    (Class::Released, "Released"),
    (Class::Conflict, "In flight (409)"),
    (Class::Reused, "Key reused (422)"),
    (Class::Refused, "Refused (4xx)"),
    (Class::Failed, "Failed (5xx)"),
];

impl RateRow {
    pub(super) fn all(window: &Window) -> Vec<Self> {
        let operations = window.operations.iter();
        operations
            .map(|traffic| Self::of(window, traffic))
            .collect()
    }

    fn of(window: &Window, traffic: &Traffic) -> Self {
        let cells = COLUMNS.map(|(class, name)| {
            let calls = traffic.of(class);
            Cell {
                name,
                figure: shown::rate(window.per_second(calls)),
                is_zero: calls == 0,
                live: format!("{}|{}", class.as_str(), traffic.operation),
            }
        });
        Self {
            operation: shown::text(traffic.operation),
            cells: cells.into(),
        }
    }
}
