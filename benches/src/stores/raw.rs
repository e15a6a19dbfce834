//! The limits of a server: a bare round trip and a bare commit, each task on a
//! connection of its own.

use super::race::Contender;

/// A server without a store.
pub trait Raw: Clone + Send + Sync + 'static {
    /// A connection.
    type Line: Send;
    /// What the bare round trip is called.
    const TRIP: &'static str;
    /// What the bare commit is called.
    const COMMIT: &'static str;

    /// A connection of one's own.
    fn line(&self) -> impl Future<Output = Self::Line> + Send;

    /// A bare round trip.
    fn trip(line: &mut Self::Line) -> impl Future<Output = ()> + Send;

    /// A bare commit of a row of 200 bytes.
    fn commit(line: &mut Self::Line) -> impl Future<Output = ()> + Send;
}

/// Bare round trips.
pub fn trips<R: Raw>(raw: &R) -> Contender {
    let raw = raw.clone();
    Contender::new(R::TRIP, move |_, mut pace| {
        let raw = raw.clone();
        async move {
            let mut line = raw.line().await;
            // Its first use prepares the statement.
            R::trip(&mut line).await;
            pace.begin().await;
            while pace.go_on() {
                R::trip(&mut line).await;
            }
            pace
        }
    })
}

/// Bare commits.
pub fn commits<R: Raw>(raw: &R) -> Contender {
    let raw = raw.clone();
    Contender::new(R::COMMIT, move |_, mut pace| {
        let raw = raw.clone();
        async move {
            let mut line = raw.line().await;
            R::commit(&mut line).await;
            pace.begin().await;
            while pace.go_on() {
                R::commit(&mut line).await;
            }
            pace
        }
    })
    .against(R::COMMIT)
}
