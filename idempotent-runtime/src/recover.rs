//! `on_interrupt = recover(path)`: what an interrupted attempt has done, by the
//! user's own word.

use crate::attempt::{Attempt, CURRENT};
use crate::function::Output;
use crate::telemetry::events;

/// What is known of an attempt that died unfinished: the answer of the
/// function that `on_interrupt = recover(path)` names.
///
/// The function is called in the attempt after, before its body, with that
/// attempt and the arguments by reference, in their order; a method is called
/// as one. In a handler the arguments are the extractors, and any response
/// can be the answer. It is asked again whenever the body, or itself, dies
/// unfinished, and has the attempt's lease for as long as it takes.
///
/// ```
/// use idempotent_runtime::{Attempt, Idempotency, Recovered, idempotent};
/// # struct Bank;
/// # enum Seen { Charged(String), Nothing, Unclear }
/// # impl Bank {
/// #     async fn charge(&self, _: &str, _: u64) -> Result<String, Failed> { Ok(String::new()) }
/// #     async fn look_up(&self, _: &str) -> Seen { Seen::Nothing }
/// # }
/// # #[derive(Debug)] struct Failed;
/// # impl From<idempotent_runtime::Error> for Failed { fn from(_: idempotent_runtime::Error) -> Self { Self } }
///
/// struct Shop {
///     idempotency: Idempotency,
///     bank: Bank,
/// }
///
/// impl Shop {
///     #[idempotent(
///         store = self.idempotency, key = order, name = "shop.charge",
///         on_interrupt = recover(Self::find_charge),
///     )]
///     async fn charge(&self, order: &str, amount: u64) -> Result<String, Failed> {
///         self.bank.charge(order, amount).await
///     }
///
///     async fn find_charge(
///         &self,
///         _attempt: &Attempt,
///         order: &str,
///         _amount: &u64,
///     ) -> Recovered<Result<String, Failed>> {
///         match self.bank.look_up(order).await {
///             Seen::Charged(receipt) => Recovered::Answer(Ok(receipt)),
///             Seen::Nothing => Recovered::DidNotHappen,
///             Seen::Unclear => Recovered::Unknown,
///         }
///     }
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recovered<R> {
    /// It happened, and this is its answer: treated as if the body had given
    /// it just now, stored if it is final.
    Answer(R),
    /// It did not happen, and cannot happen any more: the body runs.
    DidNotHappen,
    /// Nobody knows yet: the caller gets
    /// [`Error::OutcomeUnknown`](crate::Error::OutcomeUnknown) (409
    /// `outcome-unknown`), and the next retry asks again.
    Unknown,
}

/// The future of the function that `recover(path)` names.
#[diagnostic::on_unimplemented(
    message = "`recover` takes an async function that returns `Recovered<…>`",
    label = "not an async function that returns `Recovered<…>`",
    note = "write it as `async fn find(attempt: &Attempt, /* the arguments, by reference */) -> Recovered<…>`"
)]
pub trait Recovering {
    /// What it answers with.
    type Answer;
    /// What it says.
    fn recovered(self) -> impl Future<Output = Recovered<Self::Answer>>;
}

#[diagnostic::do_not_recommend]
impl<F: Future<Output = Recovered<R>>, R> Recovering for F {
    type Answer = R;

    fn recovered(self) -> impl Future<Output = Recovered<R>> {
        self
    }
}

/// The present attempt, if the one before it died unfinished.
pub fn interrupted() -> Option<Attempt> {
    let is_asked = |attempt: &Attempt| attempt.previous().is_unfinished();
    CURRENT
        .try_with(|attempt| is_asked(attempt).then(|| attempt.clone()))
        .ok()
        .flatten()
}

/// The output of a function's attempt that need not run its body.
pub async fn recover_value<F>(attempt: &Attempt, asked: F) -> Option<F::Answer>
where
    F: Recovering<Answer: Output>,
{
    recover(attempt, asked, || {
        Output::refused(crate::Error::OutcomeUnknown)
    })
    .await
}

/// What was found out; if that is nothing, the attempt is marked, and whoever
/// ran it answers that the outcome is unknown.
pub(crate) async fn recover<F: Recovering>(
    attempt: &Attempt,
    asked: F,
    unknown: impl FnOnce() -> F::Answer,
) -> Option<F::Answer> {
    match asked.recovered().await {
        Recovered::Answer(answer) => {
            events::recovered(attempt, "it happened, and this is its answer");
            Some(answer)
        }
        Recovered::DidNotHappen => {
            events::recovered(attempt, "it did not happen, and the body runs");
            None
        }
        Recovered::Unknown => {
            events::recovered(attempt, "the outcome is unknown still");
            attempt.mark_unknown();
            Some(unknown())
        }
    }
}
