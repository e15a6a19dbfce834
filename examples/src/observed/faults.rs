//! The planted faults: a file for each, with its handler and the traffic that
//! shows it.

pub(super) mod effect;
mod late;
mod minted;
mod scope;
pub(super) mod starved;
pub(super) mod unprotected;

use std::error::Error;

use axum::Router;

use super::app::App;
use super::world::World;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .merge(starved::routes())
        .merge(late::routes())
        .merge(minted::routes())
        .merge(scope::routes())
        .merge(unprotected::routes())
        .merge(effect::routes())
}

pub(super) async fn traffic(world: &World) -> Result<(), Box<dyn Error>> {
    unprotected::traffic(world).await?;
    effect::traffic(world).await?;
    starved::traffic(world).await?;
    late::traffic(world).await?;
    minted::traffic(world).await?;
    scope::traffic(world).await
}
