async fn all(store: &Idempotency, id: &str) -> Result<u32, Refused> {
    const __SPEC: ::idempotent_runtime::private::Spec = ::idempotent_runtime::private::Spec::function(
            ::core::concat!(::core::module_path!(), "::", "all"),
            ::core::file!(),
            ::core::line!(),
            ::core::column!(),
        )
        .key_expression()
        .persist_all();
    ::idempotent_runtime::private::register!(__SPEC);
    let __store = ::idempotent_runtime::Idempotency::clone(&(store));
    let __arguments = ::idempotent_runtime::private::Arguments::new()
        .key((|| ::idempotent_runtime::private::key(&(id)))());
    ::idempotent_runtime::private::run_fn_persisting(
            &__SPEC,
            __store,
            __arguments,
            |_| ::idempotent_runtime::Persist::Yes,
            async move {
                if let ::core::option::Option::Some(__answer) = ::core::option::Option::None::<
                    Result<u32, Refused>,
                > {
                    return __answer;
                }
                { run(id).await }
            },
        )
        .await
}
async fn by(store: &Idempotency, id: &str) -> Result<u32, Refused> {
    const __SPEC: ::idempotent_runtime::private::Spec = ::idempotent_runtime::private::Spec::function(
            ::core::concat!(::core::module_path!(), "::", "by"),
            ::core::file!(),
            ::core::line!(),
            ::core::column!(),
        )
        .key_expression()
        .persist_custom();
    ::idempotent_runtime::private::register!(__SPEC);
    let __store = ::idempotent_runtime::Idempotency::clone(&(store));
    let __arguments = ::idempotent_runtime::private::Arguments::new()
        .key((|| ::idempotent_runtime::private::key(&(id)))());
    ::idempotent_runtime::private::run_fn_persisting(
            &__SPEC,
            __store,
            __arguments,
            is_final,
            async move {
                if let ::core::option::Option::Some(__answer) = ::core::option::Option::None::<
                    Result<u32, Refused>,
                > {
                    return __answer;
                }
                { run(id).await }
            },
        )
        .await
}
