//! What the engine promises whatever it guards: claims, leases, completions,
//! waiting, draining; over a store that is told when to fail, on tokio's
//! paused clock. Functions stand for handlers here: they have less round them.

mod claim;
mod completion;
mod heartbeat;
mod lease;
mod memory;
mod shutdown;
mod stale;
mod waiting;

use std::sync::Arc;

use idempotent_runtime::idempotent;
use tests::{Refusal, World};

/// One effect; its number is the answer, if it has a final one.
#[idempotent(store = world.idempotency, key = key)]
async fn act(world: Arc<World>, key: String, is_final: bool) -> Result<u64, Refusal> {
    let n = world.work.effect().await;
    if is_final {
        Ok(n)
    } else {
        Err(Refusal::declined("not now"))
    }
}

/// A call of [`act`] with a final answer.
fn call(world: &Arc<World>, key: &str) -> impl Future<Output = Result<u64, Refusal>> + use<> {
    act(Arc::clone(world), key.to_owned(), true)
}

/// A call of [`act`] that releases its key.
fn fail(world: &Arc<World>, key: &str) -> impl Future<Output = Result<u64, Refusal>> + use<> {
    act(Arc::clone(world), key.to_owned(), false)
}

fn refused(code: &str) -> Result<u64, Refusal> {
    Err(Refusal::runtime(code))
}

fn world() -> Arc<World> {
    Arc::new(World::of_functions())
}
