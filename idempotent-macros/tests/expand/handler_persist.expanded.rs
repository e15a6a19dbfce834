#[doc(hidden)]
#[allow(non_camel_case_types)]
struct __idempotent_defaults {}
impl ::idempotent_runtime::private::Operation for __idempotent_defaults {
    const SPEC: ::idempotent_runtime::private::Spec = ::idempotent_runtime::private::Spec::handler(
        ::core::concat!(::core::module_path!(), "::", "defaults"),
        ::core::file!(),
        ::core::line!(),
        ::core::column!(),
    );
}
async fn defaults(
    __0: ::idempotent_runtime::private::Guarded<__idempotent_defaults, ()>,
) -> ::idempotent_runtime::private::Response {
    ::idempotent_runtime::private::register!(
        < __idempotent_defaults as ::idempotent_runtime::private::Operation > ::SPEC
    );
    #[allow(clippy::unused_async)]
    async fn defaults() {}
    let __arguments = ::idempotent_runtime::private::Arguments::new();
    __0.run(__arguments, move |()| defaults()).await
}
#[doc(hidden)]
#[allow(non_camel_case_types)]
struct __idempotent_success {}
impl ::idempotent_runtime::private::Operation for __idempotent_success {
    const SPEC: ::idempotent_runtime::private::Spec = ::idempotent_runtime::private::Spec::handler(
            ::core::concat!(::core::module_path!(), "::", "success"),
            ::core::file!(),
            ::core::line!(),
            ::core::column!(),
        )
        .fingerprint_none()
        .persist_success();
}
async fn success(
    __0: ::idempotent_runtime::private::Guarded<__idempotent_success, ()>,
) -> ::idempotent_runtime::private::Response {
    ::idempotent_runtime::private::register!(
        < __idempotent_success as ::idempotent_runtime::private::Operation > ::SPEC
    );
    #[allow(clippy::unused_async)]
    async fn success() {}
    let __arguments = ::idempotent_runtime::private::Arguments::new();
    __0.run(__arguments, move |()| success()).await
}
#[doc(hidden)]
#[allow(non_camel_case_types)]
struct __idempotent_all {}
impl ::idempotent_runtime::private::Operation for __idempotent_all {
    const SPEC: ::idempotent_runtime::private::Spec = ::idempotent_runtime::private::Spec::handler(
            ::core::concat!(::core::module_path!(), "::", "all"),
            ::core::file!(),
            ::core::line!(),
            ::core::column!(),
        )
        .persist_all();
}
async fn all(
    __0: ::idempotent_runtime::private::Guarded<__idempotent_all, ()>,
) -> ::idempotent_runtime::private::Response {
    ::idempotent_runtime::private::register!(
        < __idempotent_all as ::idempotent_runtime::private::Operation > ::SPEC
    );
    #[allow(clippy::unused_async)]
    async fn all() {}
    let __arguments = ::idempotent_runtime::private::Arguments::new();
    __0.run(__arguments, move |()| all()).await
}
