::core::compile_error! {
    "unknown knob `tll`: did you mean `ttl`, as in `ttl = \"24h\"`?\nThe knobs are `header`, `required`, `key`, `scope`, `fingerprint`, `ttl`, `lease`, `on_conflict`, `on_interrupt`, `persist`, `max_key_age`, `rerun_safe_sample`, `transaction`, `claim`, `store`, `state`, `name`, `crate`"
}
::core::compile_error! {
    "`lease = \"2d\"` is too long: it goes from \"10ms\" to \"1d\""
}
::core::compile_error! {
    "`header = \"Cookie\"` cannot carry the key: it carries a credential, which is the same in all of a caller's requests; use `Idempotency-Key` (the default) or a name of your own such as \"X-Request-Key\""
}
::core::compile_error! {
    "`on_conflict` is `reject` (the default) or `wait(\"5s\")`"
}
::core::compile_error! {
    "whose key is it? Without a scope all callers share their keys, and whoever sends another caller's key is given that caller's stored answer.\nIf callers differ, name theirs by an expression over the arguments: `scope = account.id`\nIf every caller may see every answer, say so: `scope = public`"
}
::core::compile_error! {
    "a WebSocket has no answer that could be stored and given again: open it in a handler without `#[idempotent]`"
}
/// Several mistakes at once; the function stays as it was.
#[tracing::instrument(skip_all)]
pub async fn pay(
    State(mut app): State<App>,
    socket: WebSocketUpgrade,
) -> impl IntoResponse {
    app.pay(socket).await
}
::core::compile_error! {
    "an `unsafe fn` is not supported: annotate a safe function that calls it"
}
::core::compile_error! {
    "an `extern` function is not supported: annotate a Rust function that calls it"
}
::core::compile_error! {
    "`#[idempotent]` waits for its store, so the function must be async: write `async fn`"
}
::core::compile_error! {
    "a function has no header to take its key from: name the key by an expression over the arguments, such as `key = order.id`"
}
::core::compile_error! {
    "a function that is run once must return what a retry is given: write `-> Result<T, E>`, where `E: From<idempotent_runtime::Error>` (`Result<(), E>` if there is nothing to say)"
}
::core::compile_error! {
    "a generic function needs a name of its own, as all its forms share their keys: add `name = \"payments.charge\"`"
}
unsafe extern "C" fn charge<T>(store: &Idempotency) {
    todo!()
}
