//! Every mistake is reported at once, and the function stays.

use idempotent_runtime::idempotent;

#[idempotent(
    tll = "24h",
    header = "Cookie",
    key = Uuid::new_v4(),
    lease = "0s",
    on_conflict = queue,
    persist = success,
    persist = all,
)]
async fn pay<T: ToString>(state: T) -> String {
    state.to_string()
}

async fn caller() -> String {
    pay(5).await
}

fn main() {}
