//! Where a scan of the keys stands, and what each step of it gives. Redis has
//! no index, and a key beside each record would break that each verb is on one
//! key: so lists go over all keys, as they lie, a few at a time.

use redis::{RedisResult, Value, cmd};

use super::core::Core;
use super::link::Link;
use crate::record::RecordId;
use crate::store::listing::Cursor;

/// How many keys a server looks at for one SCAN, and reads the heads of for
/// the pipeline after it: claims that come meanwhile wait for no more than that.
pub(super) const AT_ONCE: u32 = 32;
/// What the cursor of a scan begins with.
const SCAN: u8 = b'S';

/// A place between two pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spot {
    /// Which node's keys.
    pub(super) node: Tag,
    /// Redis's own cursor; 0 at the beginning.
    pub(super) cursor: u64,
    /// What of that step was shown already.
    pub(super) shown: Option<Shown>,
}

/// A step of the scan was cut off by a page's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shown {
    /// The cursor that Redis gave after that step. The step is the same one as
    /// long as it gives that: after a change of its table's size it may not,
    /// and then all of the step is shown again.
    pub(super) next: u64,
    /// The step's records were shown up to this one, by their ids.
    pub(super) up_to: RecordId,
}

/// What a node is told apart by: addresses are too long for a cursor.
pub(super) type Tag = [u8; 8];

/// A step.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Step {
    /// The records among the keys, by their ids.
    pub(super) ids: Vec<RecordId>,
    /// Where to go on; 0 at the end.
    pub(super) next: u64,
}

impl<L: Link> Core<L> {
    pub(super) async fn scan(&self, node: &str, cursor: u64) -> RedisResult<Step> {
        let mut scan = cmd("SCAN");
        scan.arg(cursor)
            .arg("MATCH")
            .arg(format!("{}*", self.prefix));
        scan.arg("COUNT").arg(AT_ONCE);
        let reply: Value = self.link.send_to(node, &scan).await?;
        let (next, keys): (u64, Vec<Vec<u8>>) = redis::from_redis_value(reply)?;
        let mut ids: Vec<_> = keys.iter().filter_map(|key| self.prefix.id(key)).collect();
        ids.sort_unstable();
        // Redis may give a key twice.
        ids.dedup();
        Ok(Step { ids, next })
    }
}

/// The tag of a node's name.
pub(super) fn tag(node: &str) -> Tag {
    let mut tag = Tag::default();
    tag.copy_from_slice(&blake3::hash(node.as_bytes()).as_bytes()[..8]);
    tag
}

impl Spot {
    /// The beginning of a node's keys.
    pub(super) fn start(node: Tag) -> Self {
        Self {
            node,
            cursor: 0,
            shown: None,
        }
    }

    pub(super) fn cursor(self) -> Cursor {
        let mut bytes = vec![SCAN];
        bytes.extend(self.node);
        bytes.extend(self.cursor.to_be_bytes());
        if let Some(Shown { next, up_to }) = self.shown {
            bytes.extend(next.to_be_bytes());
            bytes.extend(up_to.as_bytes());
        }
        Cursor::of(bytes)
    }

    pub(super) fn read(cursor: &Cursor) -> Option<Self> {
        let [SCAN, rest @ ..] = cursor.as_bytes() else {
            return None;
        };
        let (node, rest) = rest.split_first_chunk()?;
        let (cursor, rest) = rest.split_first_chunk()?;
        let shown = if rest.is_empty() {
            None
        } else {
            let (next, id) = rest.split_first_chunk()?;
            Some(Shown {
                next: u64::from_be_bytes(*next),
                up_to: RecordId::from_bytes(id.try_into().ok()?),
            })
        };
        Some(Self {
            node: *node,
            cursor: u64::from_be_bytes(*cursor),
            shown,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_back_to_its_spot() {
        let start = Spot::start(tag("10.0.0.1:6379"));
        assert_eq!(Spot::read(&start.cursor()), Some(start));
        let cut = Spot {
            cursor: u64::MAX,
            shown: Some(Shown {
                next: 7,
                up_to: RecordId::from_bytes([3; RecordId::BYTES]),
            }),
            ..start
        };
        assert_eq!(Spot::read(&cut.cursor()), Some(cut));
    }

    #[test]
    fn what_is_no_scans_cursor_is_none() {
        for bytes in [&b"S"[..], b"L2345678", &[SCAN; 18], &[SCAN; 64]] {
            assert_eq!(Spot::read(&Cursor::new(bytes).unwrap()), None, "{bytes:?}");
        }
    }
}
