#[idempotent(scope = public)]
async fn tick() {}
