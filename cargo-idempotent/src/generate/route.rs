//! Routes: which segments of a path are values.

use std::collections::BTreeSet;

use crate::case::path_segments;

/// A path with `{id}` where a value stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Route {
    pub template: String,
}

impl Route {
    /// A short name: the words of the route, with the method where it is not POST.
    pub(crate) fn name(&self, method: &str) -> String {
        let segments = path_segments(&self.template);
        let words: Vec<_> = segments
            .into_iter()
            .filter(|s| *s != "{id}" && !is_version(s) && *s != "api")
            .collect();
        let name = if words.is_empty() {
            "root".to_owned()
        } else {
            words.join("-")
        };
        match method {
            "POST" => name,
            method => format!("{}-{name}", method.to_ascii_lowercase()),
        }
    }
}

/// The route of a path among the paths of the traffic, in whose messages `values` stand.
pub(crate) fn of(path: &str, paths: &[String], values: &BTreeSet<String>) -> Route {
    let segments = path_segments(path);
    let parts: Vec<_> = segments
        .iter()
        .enumerate()
        .map(|(i, segment)| {
            if is_value(segment) || varies(&segments, i, paths, values) {
                "{id}"
            } else {
                segment
            }
        })
        .collect();
    Route {
        template: format!("/{}", parts.join("/")),
    }
}

/// UUIDs, ULIDs, 24 hexadecimal digits, and numbers.
pub(crate) fn is_value(segment: &str) -> bool {
    let digits = segment.chars().all(|c| c.is_ascii_digit());
    digits || is_strong(segment)
}

/// A value that two resources do not share by accident.
pub(crate) fn is_strong(text: &str) -> bool {
    let hex = |t: &str| t.chars().all(|c| c.is_ascii_hexdigit());
    let uuid = text.len() == 36
        && text.chars().enumerate().all(|(i, c)| match i {
            8 | 13 | 18 | 23 => c == '-',
            _ => c.is_ascii_hexdigit(),
        });
    let upper = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
    let lexical = text.len() == 26 && text.chars().all(upper);
    let number = text.len() >= 6 && text.chars().all(|c| c.is_ascii_digit());
    let prefixed = text
        .split_once('_')
        .is_some_and(|(_, id)| id.len() >= 8 && id.chars().any(|c| c.is_ascii_digit()));
    uuid || lexical || number || prefixed || (text.len() == 24 && hex(text))
}

/// Other words than the known ones are values only if they differ among at least three
/// otherwise equal paths, and most of them stand in messages as well: `/users/ann` is
/// one of many, `/vets` beside `/owners` and `/pets` is not.
fn varies(segments: &[&str], at: usize, paths: &[String], values: &BTreeSet<String>) -> bool {
    if at == 0 {
        return false;
    }
    let mut found = BTreeSet::new();
    for path in paths {
        let other = path_segments(path);
        let equal = other.len() == segments.len()
            && (0..other.len()).all(|i| i == at || other[i] == segments[i]);
        if equal {
            found.insert(other[at].to_owned());
        }
    }
    found.len() >= 3 && found.intersection(values).count() * 2 > found.len()
}

fn is_version(segment: &str) -> bool {
    segment
        .strip_prefix('v')
        .is_some_and(|n| !n.is_empty() && n.chars().all(|c| c.is_ascii_digit()))
}
