//! Verbs of one kind that wait together: one statement serves them all, and
//! none is answered before its commit.

use std::pin::Pin;

use tokio::sync::oneshot::Sender;

use super::failure::Failed;
use super::session::Session;
use super::writer::Lanes;
use crate::store::StoreError;

/// The most verbs of a kind in a commit: its first one waits for its last.
const MOST: usize = 128;
/// The most bytes of answers in a statement, unless one is longer than that.
const HEAVIEST: usize = 4 << 20;

/// A verb that writes. It may be run again after a transaction was rolled back.
pub(super) trait Verb: Sized + Send + Sync + 'static {
    /// Its name, for errors.
    const NAME: &'static str;
    /// What it answers.
    type Answer: Send + Sync + 'static;

    /// Where it waits.
    fn lane(lanes: &mut Lanes) -> &mut Lane<Self>;

    /// How many bytes it binds beyond what every verb does.
    fn weight(&self) -> usize {
        0
    }

    /// Runs several; an answer for each, in order, or none for those that
    /// [`settle`](Self::settle) has to look at once more.
    fn run(
        these: &[&Self],
        session: &mut Session<'_>,
    ) -> impl Future<Output = Result<Vec<Option<Self::Answer>>, Failed>> + Send;

    /// Finds the answer of one that `run` left open, after the commit.
    fn settle(
        &self,
        session: &mut Session<'_>,
    ) -> impl Future<Output = Result<Self::Answer, Failed>> + Send;
}

type Answer<V> = Result<<V as Verb>::Answer, StoreError>;

/// A verb, and who waits for it. A caller that left needs no answer.
struct Waiting<V: Verb> {
    verb: V,
    caller: Sender<Answer<V>>,
    kept: Option<V::Answer>,
}

/// Those that wait, in their order.
pub(super) struct Lane<V: Verb>(Vec<Waiting<V>>);

impl<V: Verb> Default for Lane<V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<V: Verb> Lane<V> {
    pub(super) fn join(&mut self, verb: V, caller: Sender<Answer<V>>) {
        let kept = None;
        self.0.push(Waiting { verb, caller, kept });
    }

    /// The first ones, as many as a statement takes; none if there is none.
    pub(super) fn take(&mut self) -> Option<Box<dyn AnyLane>> {
        let mut weight = 0;
        let mut fits = |waiting: &Waiting<V>| {
            weight += waiting.verb.weight();
            weight <= HEAVIEST
        };
        let rest = match self.0.iter().take(MOST).take_while(|one| fits(one)).count() {
            0 if self.0.is_empty() => return None,
            count => self.0.split_off(count.max(1)),
        };
        Some(Box::new(Self(std::mem::replace(&mut self.0, rest))))
    }
}

type Pinned<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A lane of whatever verb.
pub(super) trait AnyLane: Send {
    /// Runs all of them, and keeps their answers.
    fn run<'a>(&'a mut self, session: &'a mut Session<'_>) -> Pinned<'a, Result<(), Failed>>;

    /// Answers all of them, now that what they wrote is committed.
    fn answer<'a>(self: Box<Self>, session: &'a mut Session<'_>) -> Pinned<'a, ()>;

    /// Runs each by itself, and answers it.
    fn run_each<'a>(self: Box<Self>, session: &'a mut Session<'_>) -> Pinned<'a, ()>;

    /// Tells all of them that nothing was done.
    fn refuse(self: Box<Self>, why: &dyn Fn(&'static str) -> StoreError);
}

impl<V: Verb> AnyLane for Lane<V> {
    fn run<'a>(&'a mut self, session: &'a mut Session<'_>) -> Pinned<'a, Result<(), Failed>> {
        Box::pin(async move {
            let these: Vec<_> = self.0.iter().map(|waiting| &waiting.verb).collect();
            let answers = V::run(&these, session).await?;
            for (waiting, answer) in self.0.iter_mut().zip(answers) {
                waiting.kept = answer;
            }
            Ok(())
        })
    }

    fn answer<'a>(self: Box<Self>, session: &'a mut Session<'_>) -> Pinned<'a, ()> {
        Box::pin(async move {
            let (settled, open): (Vec<_>, Vec<_>) = self
                .0
                .into_iter()
                .partition(|waiting| waiting.kept.is_some());
            // Who is done does not wait for the others.
            for Waiting { caller, kept, .. } in settled {
                if let Some(answer) = kept {
                    let _ = caller.send(Ok(answer));
                }
            }
            for Waiting { verb, caller, .. } in open {
                let answer = verb.settle(session).await;
                let _ = caller.send(answer.map_err(|failed| session.error(V::NAME, failed)));
            }
        })
    }

    fn run_each<'a>(self: Box<Self>, session: &'a mut Session<'_>) -> Pinned<'a, ()> {
        Box::pin(async move {
            for Waiting { verb, caller, .. } in self.0 {
                let answer = alone(&verb, session).await;
                let _ = caller.send(answer.map_err(|failed| session.error(V::NAME, failed)));
            }
        })
    }

    fn refuse(self: Box<Self>, why: &dyn Fn(&'static str) -> StoreError) {
        for waiting in self.0 {
            let _ = waiting.caller.send(Err(why(V::NAME)));
        }
    }
}

async fn alone<V: Verb>(verb: &V, session: &mut Session<'_>) -> Result<V::Answer, Failed> {
    match V::run(&[verb], session).await?.pop().flatten() {
        Some(answer) => Ok(answer),
        None => verb.settle(session).await,
    }
}
