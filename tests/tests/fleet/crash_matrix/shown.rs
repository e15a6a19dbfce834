//! The matrix as it is printed: point by database.

use std::fmt::Write;

use super::{DATABASES, POINTS, Sum};

pub(super) fn shown(matrix: &[Vec<Sum>], rounds: usize) -> String {
    let mut shown = format!("{:22}", "killed");
    for backend in DATABASES {
        let _ = write!(shown, "{:>24}", backend.to_string());
    }
    shown.push('\n');
    for (number, (point, _)) in POINTS.into_iter().enumerate() {
        let _ = write!(shown, "{point:22}");
        for column in matrix {
            let sum = &column[number];
            let cell = format!("{}/{rounds} once, {} kept", sum.rounds, sum.found_done);
            let _ = write!(shown, "{cell:>24}");
        }
        shown.push('\n');
    }
    for (backend, column) in DATABASES.iter().zip(matrix) {
        let effects: usize = column.iter().map(|sum| sum.effects).sum();
        let longest = column
            .iter()
            .map(|sum| sum.longest)
            .max()
            .unwrap_or_default();
        let _ = writeln!(
            shown,
            "{backend}: {effects} effects of {} kills; longest from a kill to the answer {longest:.2?}",
            rounds * POINTS.len(),
        );
    }
    shown
}
