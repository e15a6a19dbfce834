//! The bound on a scope's live keys (invariant 12).

use super::expectation::{Checked, Failure, ensure_eq};
use super::world::{SHORT, World, again, answer, first, lease, scope, ttl};
use crate::record::ScopeDigest;
use crate::store::{Claim, StoreError};

const QUOTA: u64 = 3;

fn key_of(scope: ScopeDigest) -> Checked<Claim<'static>> {
    let mut claim = first()?;
    (claim.scope, claim.quota) = (scope, Some(QUOTA));
    Ok(claim)
}

async fn is_refused(world: &World, claim: &Claim<'_>) -> Checked {
    match world.store.claim(claim).await {
        Err(StoreError::QuotaExceeded { quota, .. }) => {
            ensure_eq!(quota, QUOTA, "the quota that it names");
            Ok(())
        }
        other => Err(Failure::new(format!(
            "expected the quota to refuse one key too many, got {other:?}"
        ))),
    }
}

pub(super) async fn bounds_one_scope_only(world: World) -> Checked {
    let scope = scope()?;
    let claims = [key_of(scope)?, key_of(scope)?, key_of(scope)?];
    world.claimed(&claims[0]).await?;
    world.claimed(&claims[1]).await?;
    world.finished(&claims[2], &answer("done")).await?;
    let refused = key_of(scope)?;
    is_refused(&world, &refused).await?;
    // What was refused left nothing behind, and keys in use go on as before.
    ensure_eq!(
        world.store.inspect(&refused.id).await?,
        None,
        "the refused key's record"
    );
    world.running(&again(&claims[0])?).await?;
    world.done(&again(&claims[2])?).await?;
    let mut others = key_of(super::world::scope()?)?;
    others.quota = Some(QUOTA);
    world.claimed(&others).await?;
    Ok(())
}

pub(super) async fn counts_living_keys_only(world: World) -> Checked {
    let scope = scope()?;
    for _ in 0..QUOTA {
        let mut brief = key_of(scope)?;
        (brief.lease, brief.ttl) = (lease(SHORT / 2), ttl(SHORT));
        world.claimed(&brief).await?;
    }
    // Past the ttl, its grace, and the time by which a store may be late.
    world.pass(SHORT * 20).await;
    for _ in 0..QUOTA {
        world.claimed(&key_of(scope)?).await?;
    }
    is_refused(&world, &key_of(scope)?).await
}

pub(super) async fn holds_against_concurrent_claims(world: World) -> Checked {
    let scope = scope()?;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let (world, claim) = (world.clone(), key_of(scope)?);
        tasks.spawn(async move { world.store.claim(&claim).await.is_ok() });
    }
    let claimed = tasks
        .join_all()
        .await
        .into_iter()
        .filter(|claimed| *claimed);
    ensure_eq!(
        claimed.count() as u64,
        QUOTA,
        "keys of 16 concurrent claims"
    );
    Ok(())
}
