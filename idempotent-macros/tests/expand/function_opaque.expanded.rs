async fn opaque(
    store: &Idempotency,
    id: u64,
) -> Result<impl Answer + use<>, ChargeError> {
    const __SPEC: ::idempotent_runtime::private::Spec = ::idempotent_runtime::private::Spec::function(
            ::core::concat!(::core::module_path!(), "::", "opaque"),
            ::core::file!(),
            ::core::line!(),
            ::core::column!(),
        )
        .key_expression();
    ::idempotent_runtime::private::register!(__SPEC);
    let __store = ::idempotent_runtime::Idempotency::clone(&(store));
    let __arguments = ::idempotent_runtime::private::Arguments::new()
        .key((|| ::idempotent_runtime::private::key(&(id)))());
    ::idempotent_runtime::private::run_fn(
            &__SPEC,
            __store,
            __arguments,
            async move {
                if let ::core::option::Option::Some(__answer) = ::core::option::Option::None::<
                    Result<_, ChargeError>,
                > {
                    return __answer;
                }
                { answer(id).await }
            },
        )
        .await
}
