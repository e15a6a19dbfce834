#[cfg(feature = "payments")]
#[doc(hidden)]
#[allow(non_camel_case_types)]
struct __idempotent_pay {}
#[cfg(feature = "payments")]
impl ::idempotent_runtime::private::Operation for __idempotent_pay {
    const SPEC: ::idempotent_runtime::private::Spec = ::idempotent_runtime::private::Spec::handler(
        ::core::concat!(::core::module_path!(), "::", "pay"),
        ::core::file!(),
        ::core::line!(),
        ::core::column!(),
    );
}
#[cfg(feature = "payments")]
impl ::idempotent_runtime::private::DeferringOperation<Json<New>> for __idempotent_pay {
    const EXTRACT: ::core::option::Option<
        ::idempotent_runtime::private::Extract<Json<New>>,
    > = {
        #[allow(unused_imports)]
        use ::idempotent_runtime::private::Unknown as _;
        <::idempotent_runtime::private::BodyOnly<Json<New>>>::EXTRACT
    };
}
#[cfg(feature = "payments")]
/// Takes a payment.
#[deprecated = "use v2"]
#[allow(clippy::too_many_lines)]
#[expect(dead_code)]
#[axum::debug_handler(state = App)]
#[must_use]
async fn pay(
    __0: State<App>,
    __1: ::idempotent_runtime::private::Deferred<__idempotent_pay, Json<New>>,
) -> ::idempotent_runtime::private::Response {
    ::idempotent_runtime::private::register!(
        < __idempotent_pay as ::idempotent_runtime::private::Operation > ::SPEC
    );
    #[allow(clippy::unused_async)]
    #[tracing::instrument(skip_all)]
    #[inline]
    async fn pay(State(app): State<App>, Json(new): Json<New>) -> String {
        app.charge(new).await
    }
    let __arguments = ::idempotent_runtime::private::Arguments::new();
    __1.run(__arguments, move |__value| pay(__0, __value)).await
}
