#[idempotent(scope = public, persist = default, on_conflict = reject, on_interrupt = rerun, required = true)]
async fn defaults() {}

#[idempotent(scope = public, persist = success, fingerprint = none)]
async fn success() {}

#[idempotent(scope = public, persist = all)]
async fn all() {}
