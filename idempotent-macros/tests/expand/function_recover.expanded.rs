async fn charge(&self, order: &Order, mut line: u32) -> Result<Receipt, ChargeError> {
    const __SPEC: ::idempotent_runtime::private::Spec = ::idempotent_runtime::private::Spec::function(
            "orders.charge",
            ::core::file!(),
            ::core::line!(),
            ::core::column!(),
        )
        .key_expression()
        .recover_interrupted();
    ::idempotent_runtime::private::register!(__SPEC);
    let __store = ::idempotent_runtime::Idempotency::clone(&(self.idempotency));
    let __arguments = ::idempotent_runtime::private::Arguments::new()
        .key((|| ::idempotent_runtime::private::key(&(order.id)))());
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
                if let ::core::option::Option::Some(__attempt) = ::idempotent_runtime::private::interrupted() {
                    if let ::core::option::Option::Some(__answer) = ::idempotent_runtime::private::recover_value(
                            &__attempt,
                            Self::find_charge(&self, &__attempt, &order, &line),
                        )
                        .await
                    {
                        return __answer;
                    }
                }
                { self.bank.charge(order, line).await }
            },
        )
        .await
}
