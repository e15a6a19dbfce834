#[doc(hidden)]
#[allow(non_camel_case_types)]
struct __idempotent_tick {}
impl ::idempotent_runtime::private::Operation for __idempotent_tick {
    const SPEC: ::idempotent_runtime::private::Spec = ::idempotent_runtime::private::Spec::handler(
        ::core::concat!(::core::module_path!(), "::", "tick"),
        ::core::file!(),
        ::core::line!(),
        ::core::column!(),
    );
}
async fn tick(
    __0: ::idempotent_runtime::private::Guarded<__idempotent_tick, ()>,
) -> ::idempotent_runtime::private::Response {
    ::idempotent_runtime::private::register!(
        < __idempotent_tick as ::idempotent_runtime::private::Operation > ::SPEC
    );
    #[allow(clippy::unused_async)]
    async fn tick() {}
    let __arguments = ::idempotent_runtime::private::Arguments::new();
    __0.run(__arguments, move |()| tick()).await
}
