/// Charges an order once.
pub async fn charge(app: &App, mut order: Order) -> Result<Receipt, ChargeError> {
    const __SPEC: ::idempotent_runtime::private::Spec = ::idempotent_runtime::private::Spec::function(
            ::core::concat!(::core::module_path!(), "::", "charge"),
            ::core::file!(),
            ::core::line!(),
            ::core::column!(),
        )
        .key_expression()
        .fingerprint_expression();
    ::idempotent_runtime::private::register!(__SPEC);
    let __store = ::idempotent_runtime::Idempotency::clone(&(app.idempotency));
    let __arguments = ::idempotent_runtime::private::Arguments::new()
        .key((|| ::idempotent_runtime::private::key(&(order.id)))())
        .fingerprint((|| ::idempotent_runtime::private::fingerprint(&(order)))());
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
                {
                    order.normalise();
                    let receipt = app.bank.charge(&order).await?;
                    Ok(receipt)
                }
            },
        )
        .await
}
