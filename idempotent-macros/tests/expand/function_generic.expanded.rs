pub async fn charge<'a, O, const N: usize>(
    store: &'a Idempotency,
    order: &'a O,
    note: impl AsRef<str> + 'a,
) -> Result<Cow<'a, str>, ChargeError>
where
    O: Order<'a> + Sync,
{
    const __SPEC: ::idempotent_runtime::private::Spec = ::idempotent_runtime::private::Spec::function(
            "orders.charge",
            ::core::file!(),
            ::core::line!(),
            ::core::column!(),
        )
        .key_expression();
    ::idempotent_runtime::private::register!(__SPEC);
    let __store = ::idempotent_runtime::Idempotency::clone(&(store));
    let __arguments = ::idempotent_runtime::private::Arguments::new()
        .key((|| ::idempotent_runtime::private::key(&(order.id())))());
    ::idempotent_runtime::private::run_fn(
            &__SPEC,
            __store,
            __arguments,
            async move {
                if let ::core::option::Option::Some(__answer) = ::core::option::Option::None::<
                    Result<Cow<'a, str>, ChargeError>,
                > {
                    return __answer;
                }
                { order.charge::<N>(note.as_ref()).await }
            },
        )
        .await
}
