#[doc(hidden)]
#[allow(non_camel_case_types)]
pub struct __idempotent_pay {}
impl ::idempotent_runtime::private::Operation for __idempotent_pay {
    const SPEC: ::idempotent_runtime::private::Spec = ::idempotent_runtime::private::Spec::handler(
        "payments.create",
        ::core::file!(),
        ::core::line!(),
        ::core::column!(),
    );
}
pub async fn pay<'a, S: Payments<'a>, const N: usize>(
    __0: State<S>,
    __1: ::idempotent_runtime::private::Guarded<__idempotent_pay, impl Amount>,
) -> ::idempotent_runtime::private::Response
where
    S: Clone,
{
    ::idempotent_runtime::private::register!(
        < __idempotent_pay as ::idempotent_runtime::private::Operation > ::SPEC
    );
    #[allow(clippy::unused_async)]
    async fn pay<'a, S: Payments<'a>, const N: usize>(
        State(payments): State<S>,
        amount: impl Amount,
    ) -> impl IntoResponse
    where
        S: Clone,
    {
        payments.charge::<N>(amount).await
    }
    let __arguments = ::idempotent_runtime::private::Arguments::new();
    __1.run(__arguments, move |__value| pay::<S, N>(__0, __value)).await
}
