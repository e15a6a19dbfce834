#[doc(hidden)]
#[allow(non_camel_case_types)]
struct __idempotent_quote {}
impl ::idempotent_runtime::private::Operation for __idempotent_quote {
    const SPEC: ::idempotent_runtime::private::Spec = ::idempotent_runtime::private::Spec::handler(
            ::core::concat!(::core::module_path!(), "::", "quote"),
            ::core::file!(),
            ::core::line!(),
            ::core::column!(),
        )
        .rerun_safe_sample(10000u32);
}
impl ::idempotent_runtime::private::DeferringOperation<Path<u32>>
for __idempotent_quote {
    const EXTRACT: ::core::option::Option<
        ::idempotent_runtime::private::Extract<Path<u32>>,
    > = {
        #[allow(unused_imports)]
        use ::idempotent_runtime::private::Unknown as _;
        <::idempotent_runtime::private::BodyOnly<Path<u32>>>::EXTRACT
    };
}
async fn quote(
    __0: ::idempotent_runtime::private::Deferred<__idempotent_quote, Path<u32>>,
) -> ::idempotent_runtime::private::Response {
    ::idempotent_runtime::private::register!(
        < __idempotent_quote as ::idempotent_runtime::private::Operation > ::SPEC
    );
    #[allow(clippy::unused_async)]
    async fn quote(Path(id): Path<u32>) -> Response {
        look_up(id).await
    }
    let __arguments = ::idempotent_runtime::private::Arguments::new();
    __0.run(__arguments, move |__value| quote(__value)).await
}
