//! Which records a list shows: read from an address, and written into one.

use super::link;
use super::refusal::Refusal;
use super::state_words::LISTED;
use crate::store::{Cursor, ListedState, Listing};

#[derive(Debug, Default)]
pub(super) struct Filter {
    pub(super) state: Option<(&'static str, ListedState)>,
    pub(super) operation: Option<String>,
    pub(super) after: Option<Cursor>,
    pub(super) limit: u16,
}

/// Records of a page.
const PAGE: u16 = 50;
/// The most that JSON may ask for.
const MOST: u16 = 500;

impl Filter {
    pub(super) fn read(pairs: &[(String, String)]) -> Result<Self, Refusal> {
        let state = link::sent(pairs, "state").map(|sent| {
            let known = LISTED.iter().find(|(code, ..)| *code == sent);
            let known = known.map(|(code, _, state)| (*code, *state));
            known.ok_or_else(|| wrong("`state` is one of running, stuck, free, done"))
        });
        let after = link::sent(pairs, "after").map(|sent| {
            let cursor = sent.parse::<Cursor>();
            cursor.map_err(|_| wrong("`after` is no cursor of this list; begin at its first page"))
        });
        let limit = link::sent(pairs, "limit").map(|sent| {
            let limit = sent.parse().ok().filter(|limit| (1..=MOST).contains(limit));
            limit.ok_or_else(|| wrong("`limit` is a number from 1 to 500"))
        });
        Ok(Self {
            state: state.transpose()?,
            operation: link::sent(pairs, "operation").map(str::to_owned),
            after: after.transpose()?,
            limit: limit.transpose()?.unwrap_or(PAGE),
        })
    }

    pub(super) fn listing(&self) -> Listing {
        let mut listing = Listing::first();
        listing.state = self.state.map(|(_, state)| state);
        listing.operation.clone_from(&self.operation);
        listing.after.clone_from(&self.after);
        listing.limit = self.limit;
        listing
    }

    /// The path of the page of this filter that begins after `after`.
    pub(super) fn path(&self, after: Option<&Cursor>) -> String {
        let after = after.map(ToString::to_string);
        let pairs = [
            ("state", self.state.map(|(code, _)| code)),
            ("operation", self.operation.as_deref()),
            ("after", after.as_deref()),
        ];
        format!("/records{}", link::query(&pairs))
    }
}

fn wrong(detail: &str) -> Refusal {
    Refusal::Unreadable(format!("{detail}."))
}
