#[doc(hidden)]
#[allow(non_camel_case_types)]
struct __idempotent_pay {}
impl ::idempotent_runtime::private::Operation for __idempotent_pay {
    const SPEC: ::idempotent_runtime::private::Spec = ::idempotent_runtime::private::Spec::handler(
            ::core::concat!(::core::module_path!(), "::", "pay"),
            ::core::file!(),
            ::core::line!(),
            ::core::column!(),
        )
        .scope_expression();
}
impl ::idempotent_runtime::private::DeferringOperation<State<App>> for __idempotent_pay {
    const EXTRACT: ::core::option::Option<
        ::idempotent_runtime::private::Extract<State<App>>,
    > = {
        #[allow(unused_imports)]
        use ::idempotent_runtime::private::Unknown as _;
        <::idempotent_runtime::private::BodyOnly<State<App>>>::EXTRACT
    };
}
async fn pay(
    #[cfg(feature = "tenants")]
    __0: Tenant,
    __1: ::idempotent_runtime::private::Deferred<__idempotent_pay, State<App>>,
) -> ::idempotent_runtime::private::Response {
    ::idempotent_runtime::private::register!(
        < __idempotent_pay as ::idempotent_runtime::private::Operation > ::SPEC
    );
    #[allow(clippy::unused_async)]
    async fn pay(
        #[cfg(feature = "tenants")]
        tenant: Tenant,
        State(app): State<App>,
    ) -> String {
        #[cfg(feature = "tenants")]
        let _ = (&tenant,);
        { app.charge().await }
    }
    let __arguments = {
        #[cfg(feature = "tenants")]
        let tenant = &__0;
        ::idempotent_runtime::private::Arguments::new()
            .scope((|| ::idempotent_runtime::private::scope(&(tenant.id)))())
    };
    __1.run(__arguments, move |__value| pay(#[cfg(feature = "tenants")] __0, __value))
        .await
}
