//! What runs in this process, as the overview lists it.

use super::figures::PRESSED;
use super::frame::Frame;
use super::shown;
use crate::engine::InFlight;
use crate::record::RecordId;

pub(super) struct FlightRow {
    pub(super) link: String,
    pub(super) short: String,
    pub(super) operation: String,
    pub(super) age: String,
    pub(super) used: String,
    /// Of 100.
    pub(super) used_width: u32,
    pub(super) tone: &'static str,
    pub(super) state: &'static str,
}

impl FlightRow {
    pub(super) fn all<'a>(frame: &Frame, flight: impl Iterator<Item = &'a InFlight>) -> Vec<Self> {
        flight.map(|attempt| Self::of(frame, attempt)).collect()
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 to 100
    fn of(frame: &Frame, attempt: &InFlight) -> Self {
        let used = attempt.unproven.as_secs_f64() / attempt.lease.duration().as_secs_f64();
        let (state, tone) = match used {
            _ if attempt.is_lost => ("Lease lost", "bad"),
            PRESSED.. => ("Late renewal", "warn"),
            _ => ("Running", "good"),
        };
        Self {
            link: frame.link(&format!("/records/{}", attempt.id)),
            short: short(&attempt.id),
            operation: shown::text(attempt.operation),
            age: shown::span(attempt.age),
            used: format!("{:.0} %", used.min(9.99) * 100.0),
            used_width: (used.min(1.0) * 100.0).round() as u32,
            tone,
            state,
        }
    }
}

/// The first half of an id's first half: enough to tell records apart, and as
/// the logs have it.
pub(super) fn short(id: &RecordId) -> String {
    id.to_string()[..16].to_owned()
}
