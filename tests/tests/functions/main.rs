//! Function mode: what a caller of an annotated function is promised.

mod answers;
mod attempt;
mod cancellation;
mod identity;
mod persistence;
mod recovery;
mod shapes;
mod step_bounds;
mod steps;

use std::sync::Arc;

use tests::World;

fn world() -> Arc<World> {
    Arc::new(World::of_functions())
}
