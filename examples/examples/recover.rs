//! After a crash, ask the provider what happened: `cargo run --example recover`.
//!
//! A charge must not be made twice, and this provider honours no idempotency
//! key. But it can be asked whether it has seen a reference. So a retry after
//! an attempt that died unfinished looks the charge up before anything runs,
//! by the reference that the first attempt gave: its child key, which is the
//! same in every attempt.

use std::collections::HashSet;
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use idempotent_runtime::{Attempt, Idempotency, Recovered, idempotent};
use serde::{Deserialize, Serialize};
use tokio::time::{sleep, timeout};

/// How long each part of a charge takes.
const PART: Duration = Duration::from_millis(200);

/// A payment provider that charges whenever it is told to.
#[derive(Clone, Default)]
struct Provider(Arc<Mutex<Ledger>>);

#[derive(Default)]
struct Ledger {
    charges: Vec<(String, u64)>,
    /// What it works on: it does so whether its caller lives or not.
    pending: HashSet<String>,
}

enum Seen {
    Charged { number: usize },
    Pending,
    Never,
}

impl Provider {
    fn with<T>(&self, act: impl FnOnce(&mut Ledger) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Works on it, takes the money, and then its time to say so.
    async fn charge(&self, reference: &str, amount: u64) -> usize {
        let reference = reference.to_owned();
        self.with(|ledger| ledger.pending.insert(reference.clone()));
        let provider = self.clone();
        let work = tokio::spawn(async move {
            sleep(PART).await;
            provider.with(|ledger| {
                ledger.pending.remove(&reference);
                ledger.charges.push((reference, amount));
                ledger.charges.len()
            })
        });
        let number = work.await.unwrap_or_default();
        sleep(PART).await;
        number
    }

    async fn look_up(&self, reference: &str) -> Seen {
        sleep(PART / 10).await;
        self.with(|ledger| {
            let charged = ledger.charges.iter().position(|(own, _)| own == reference);
            match charged {
                Some(place) => Seen::Charged { number: place + 1 },
                None if ledger.pending.contains(reference) => Seen::Pending,
                None => Seen::Never,
            }
        })
    }

    fn charges(&self) -> usize {
        self.with(|ledger| ledger.charges.len())
    }
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Receipt {
    charge: usize,
    amount: u64,
}

struct Shop {
    idempotency: Idempotency,
    provider: Provider,
}

impl Shop {
    #[idempotent(
        store = self.idempotency, key = order, name = "shop.charge",
        on_interrupt = recover(Self::find_charge),
    )]
    async fn charge(&self, order: &str, amount: u64) -> Result<Receipt, idempotent_runtime::Error> {
        // The shop's own checks.
        sleep(PART).await;
        let reference = reference(Attempt::current().as_ref());
        let charge = self.provider.charge(&reference, amount).await;
        Ok(Receipt { charge, amount })
    }

    /// What an attempt that died has done: the same arguments, by reference.
    async fn find_charge(
        &self,
        attempt: &Attempt,
        _order: &str,
        amount: &u64,
    ) -> Recovered<Result<Receipt, idempotent_runtime::Error>> {
        match self.provider.look_up(&reference(Some(attempt))).await {
            Seen::Charged { number } => Recovered::Answer(Ok(Receipt {
                charge: number,
                amount: *amount,
            })),
            Seen::Never => Recovered::DidNotHappen,
            Seen::Pending => Recovered::Unknown,
        }
    }
}

/// What the provider knows the charge by.
fn reference(attempt: Option<&Attempt>) -> String {
    let key = attempt.and_then(|attempt| attempt.child_key("charge"));
    key.map_or_else(String::new, |key| key.as_str().to_owned())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let provider = Provider::default();
    let shop = Shop {
        idempotency: Idempotency::in_memory(),
        provider: provider.clone(),
    };
    // A call whose process dies in the midst of one of its parts.
    let die_in = async |order, part: u32| {
        let died = timeout(PART * (part - 1) + PART / 2, shop.charge(order, 500)).await;
        assert!(died.is_err(), "{order} came to its end");
    };

    die_in("o-1", 1).await;
    let receipt = shop.charge("o-1", 500).await?;
    println!("died before the charge: retried, and made {receipt:?}");
    assert_eq!((receipt.charge, provider.charges()), (1, 1));

    die_in("o-2", 3).await;
    let receipt = shop.charge("o-2", 500).await?;
    println!("died after the charge: retried, and found {receipt:?}");
    assert_eq!((receipt.charge, provider.charges()), (2, 2));
    assert_eq!(shop.charge("o-2", 500).await?, receipt);

    die_in("o-3", 2).await;
    let unknown = shop.charge("o-3", 500).await;
    let code = unknown.map_err(|error| error.code());
    println!("died while the provider worked on it: {code:?}");
    assert_eq!(code, Err("outcome-unknown"));
    sleep(PART).await;
    let receipt = shop.charge("o-3", 500).await?;
    println!("  asked again later, and found {receipt:?}");
    assert_eq!((receipt.charge, provider.charges()), (3, 3));

    println!("ok: 3 orders, 3 crashes, {} charges", provider.charges());
    Ok(())
}
