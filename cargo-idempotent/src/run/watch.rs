//! Whoever wants to know how far a run is.

use std::time::Duration;

use crate::verdict::Finding;

/// Which scenario of which endpoint begins.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Begun<'a> {
    pub endpoint: &'a str,
    pub scenario: &'a str,
    /// Its place in the run, from 1.
    pub number: usize,
    pub of: usize,
}

/// How far the search for races is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bursts {
    pub done: usize,
    pub of: usize,
    /// Until the time's budget ends.
    pub left: Duration,
}

pub(crate) trait Watch {
    fn begun(&self, begun: Begun<'_>);
    fn bursts(&self, bursts: Bursts);
    fn found(&self, finding: &Finding);
}

/// Nobody looks on.
pub(crate) struct Unwatched;

impl Watch for Unwatched {
    fn begun(&self, _: Begun<'_>) {}
    fn bursts(&self, _: Bursts) {}
    fn found(&self, _: &Finding) {}
}
