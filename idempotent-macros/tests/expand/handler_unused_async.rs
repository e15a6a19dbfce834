#[idempotent(scope = public)]
#[expect(clippy::unused_async)]
async fn tick() -> &'static str {
    "tock"
}
