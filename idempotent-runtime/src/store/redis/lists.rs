//! An operator's lists, by a scan of the keys that has a bound: a
//! page may find nothing, and says how much it looked at.

use redis::{RedisError, RedisResult, ServerErrorKind, Value, cmd};

use super::core::Core;
use super::failure::failure;
use super::link::Link;
use super::reply;
use super::scan::{AT_ONCE, Shown, Spot, Step, Tag, tag};
use crate::answer::Answer;
use crate::record::{RecordId, RecordView, StoreTime};
use crate::store::listing::{MOST_SCANNED, Pace};
use crate::store::{Listing, Page, StoreError};

/// How much of a value is read: the head of one with names of usual lengths.
const HEAD: isize = 512;

/// The nodes in the order in which they are scanned, and how many keys each has.
pub(super) struct Nodes(pub(super) Vec<(Tag, String, u64)>);

/// What is known of the records of a step.
pub(super) struct Seen {
    /// A record that has expired has no view.
    pub(super) views: Vec<Option<RecordView>>,
}

impl<L: Link> Core<L> {
    pub(super) async fn list(&self, listing: &Listing) -> Result<Page, StoreError> {
        let told = |error: RedisError| failure("list", &error);
        let nodes = self.nodes().await.map_err(told)?;
        let mut spot = match &listing.after {
            None => nodes.first(),
            Some(cursor) => {
                let spot = Spot::read(cursor).filter(|spot| nodes.name(spot.node).is_some());
                Some(spot.ok_or(StoreError::ForeignCursor)?)
            }
        };
        let mut page = Page {
            total: Some(nodes.keys()),
            ..Page::default()
        };
        let mut tempo = Pace::begin();
        let mut looked = 0;
        while let Some(at) = spot
            && page.records.len() < listing.size()
            && looked < MOST_SCANNED
            && tempo.goes_on(looked == 0).await
        {
            let node = nodes.name(at.node).unwrap_or_default();
            let mut step = self.scan(node, at.cursor).await.map_err(told)?;
            // Where there are few records among other keys, those count too.
            looked += (step.ids.len() as u64).max(u64::from(AT_ONCE));
            if let Some(shown) = at.shown.filter(|shown| shown.next == step.next) {
                step.ids.retain(|id| *id > shown.up_to);
            }
            let seen = self.see(node, &step, "list").await?;
            page.scanned += step.ids.len() as u64;
            spot = fill(&mut page, listing, seen, at, &step, &nodes);
        }
        page.next = spot.map(Spot::cursor);
        Ok(page)
    }

    pub(super) async fn answer(&self, id: &RecordId) -> Result<Option<Answer>, StoreError> {
        let value = self
            .on_record("answer", &L::scripts().answer, id, &[])
            .await?;
        reply::answer(value, *id)
    }

    pub(super) async fn nodes(&self) -> RedisResult<Nodes> {
        let sizes = self.link.sizes().await?.into_iter();
        let mut nodes: Vec<_> = sizes.map(|(name, keys)| (tag(&name), name, keys)).collect();
        nodes.sort_unstable();
        Ok(Nodes(nodes))
    }

    /// The heads of a step's records, and the node's time, in one more round
    /// trip.
    pub(super) async fn see(
        &self,
        node: &str,
        step: &Step,
        verb: &'static str,
    ) -> Result<Seen, StoreError> {
        let told = |error: RedisError| failure(verb, &error);
        if step.ids.is_empty() {
            return Ok(Seen { views: Vec::new() });
        }
        let mut commands = vec![cmd("TIME")];
        commands.extend(step.ids.iter().map(|id| {
            let mut head = cmd("GETRANGE");
            head.arg(self.prefix.key(id)).arg(0).arg(HEAD - 1);
            head
        }));
        let mut replies = self.link.send_all_to(node, commands).await.into_iter();
        let time = replies.next().unwrap_or(Ok(Value::Nil)).map_err(told)?;
        let (seconds, micros): (StoreTime, StoreTime) =
            redis::from_redis_value(time).map_err(|error| told(error.into()))?;
        let now = seconds * 1_000_000 + micros;
        let mut views = Vec::with_capacity(step.ids.len());
        for (id, head) in step.ids.iter().zip(replies) {
            match head {
                Ok(Value::BulkString(head)) => match reply::listed(&head, *id, now) {
                    Ok(view) => views.push(view),
                    // Names of unusual lengths: the whole head.
                    Err(_) if head.len() == HEAD.unsigned_abs() => {
                        views.push(self.inspect(id).await?);
                    }
                    // What is no record of ours is not on a list of those.
                    Err(_) => {}
                },
                Ok(_) => {}
                Err(error) if is_of_another_type(&error) => {}
                Err(error) => return Err(told(error)),
            }
        }
        Ok(Seen { views })
    }
}

/// Puts on the page what is on the list; where to go on.
fn fill(
    page: &mut Page,
    listing: &Listing,
    seen: Seen,
    at: Spot,
    step: &Step,
    nodes: &Nodes,
) -> Option<Spot> {
    for view in seen.views.into_iter().flatten() {
        if !listing.shows(&view) {
            continue;
        }
        if page.records.len() == listing.size() {
            // The page's last one is of this step, or of one before it.
            let up_to = page.records.last().map(|last| last.id);
            let shown = up_to.filter(|id| step.ids.contains(id)).map(|up_to| Shown {
                next: step.next,
                up_to,
            });
            return Some(Spot { shown, ..at });
        }
        page.records.push(view);
    }
    match step.next {
        0 => nodes.after(at.node),
        cursor => Some(Spot {
            cursor,
            shown: None,
            ..at
        }),
    }
}

impl Nodes {
    fn name(&self, node: Tag) -> Option<&str> {
        let found = self.0.iter().find(|(tag, ..)| *tag == node);
        found.map(|(_, name, _)| &**name)
    }

    fn first(&self) -> Option<Spot> {
        self.0.first().map(|(tag, ..)| Spot::start(*tag))
    }

    fn after(&self, node: Tag) -> Option<Spot> {
        let next = self.0.iter().find(|(tag, ..)| *tag > node);
        next.map(|(tag, ..)| Spot::start(*tag))
    }

    fn keys(&self) -> u64 {
        self.0.iter().map(|(.., keys)| keys).sum()
    }
}

fn is_of_another_type(error: &RedisError) -> bool {
    error.code() == Some("WRONGTYPE")
        || error.kind() == redis::ErrorKind::Server(ServerErrorKind::ResponseError)
}
