#[idempotent(scope = public, rerun_safe_sample = 0.01)]
async fn quote(Path(id): Path<u32>) -> Response {
    look_up(id).await
}
