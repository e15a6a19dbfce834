//! A GET of the traffic that shows the state which a request changes.

use super::Seen;
use crate::plan::Probe;

/// The GET of the same path, if the traffic has one.
pub(super) fn of(one: &Seen<'_>, seen: &[Seen<'_>], path: Option<&str>) -> Option<(Probe, String)> {
    let get = seen.iter().find(|s| {
        s.case.request.method == "GET" && s.route == one.route && s.case.succeeded() != Some(false)
    })?;
    let own = path.map_or_else(|| one.url.path.clone(), str::to_owned);
    let probe = Probe {
        get: own,
        count: None,
    };
    Some((probe, format!("{} reads the same path", get.file)))
}
