async fn charge(app: &App, order: Order, line: u32) -> Result<Receipt, ChargeError> {
    const __SPEC: ::idempotent_runtime::private::Spec = ::idempotent_runtime::private::Spec::function(
            "orders.charge",
            ::core::file!(),
            ::core::line!(),
            ::core::column!(),
        )
        .key_expression()
        .scope_expression()
        .fingerprint_none()
        .ttl(::idempotent_runtime::private::Duration::from_millis(604800000u64))
        .lease(::idempotent_runtime::private::Duration::from_millis(10000u64))
        .wait(::idempotent_runtime::private::Duration::from_millis(1500u64))
        .max_key_age(::idempotent_runtime::private::Duration::from_millis(604800000u64))
        .reject_interrupted()
        .persist_success();
    ::idempotent_runtime::private::register!(__SPEC);
    let __store = ::idempotent_runtime::Idempotency::clone(&(&app.idempotency));
    let __arguments = ::idempotent_runtime::private::Arguments::new()
        .scope((|| ::idempotent_runtime::private::scope(&(order.account)))())
        .key(
            (|| ::idempotent_runtime::private::key(
                &(format!("{}:{}", order.id, line)),
            ))(),
        );
    ::idempotent_runtime::private::run_fn(
            &__SPEC,
            __store,
            __arguments,
            async move {
                if let ::core::option::Option::Some(__answer) = ::core::option::Option::None::<
                    Result<Receipt, ChargeError>,
                > {
                    return __answer;
                }
                { app.bank.charge(&order, line).await }
            },
        )
        .await
}
