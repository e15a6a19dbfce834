#[idempotent(scope = (tenant, *shard, name))]
async fn pay(
    State(App { ref tenant, mut counter, .. }): State<App>,
    Path((mut shard, _)): Path<(u32, u32)>,
    _: HeaderMap,
    whole @ Query(Page { number: mut page, .. }): Query<Page>,
    Json(New { mut name, amount }): Json<New>,
) -> String {
    counter += amount;
    format!("{counter}{page}{whole:?}")
}
