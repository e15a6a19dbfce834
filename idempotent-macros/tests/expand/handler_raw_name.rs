#[idempotent(scope = r#type.id)]
async fn r#move(r#type: Kind) -> String {
    r#type.moved().await
}
