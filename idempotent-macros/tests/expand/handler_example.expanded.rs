#[doc(hidden)]
#[allow(non_camel_case_types)]
pub struct __idempotent_pay {}
impl ::idempotent_runtime::private::Operation for __idempotent_pay {
    const SPEC: ::idempotent_runtime::private::Spec = ::idempotent_runtime::private::Spec::handler(
            ::core::concat!(::core::module_path!(), "::", "pay"),
            ::core::file!(),
            ::core::line!(),
            ::core::column!(),
        )
        .scope_expression();
}
impl ::idempotent_runtime::private::DeferringOperation<Json<New>> for __idempotent_pay {
    const EXTRACT: ::core::option::Option<
        ::idempotent_runtime::private::Extract<Json<New>>,
    > = {
        #[allow(unused_imports)]
        use ::idempotent_runtime::private::Unknown as _;
        <::idempotent_runtime::private::BodyOnly<Json<New>>>::EXTRACT
    };
}
/// Takes a payment.
pub async fn pay(
    __0: State<App>,
    __1: Path<u32>,
    __2: ::idempotent_runtime::private::Deferred<__idempotent_pay, Json<New>>,
) -> ::idempotent_runtime::private::Response {
    ::idempotent_runtime::private::register!(
        < __idempotent_pay as ::idempotent_runtime::private::Operation > ::SPEC
    );
    #[allow(clippy::unused_async)]
    async fn pay(
        State(mut app): State<App>,
        Path(id): Path<u32>,
        Json(new): Json<New>,
    ) -> Result<Json<Paid>, AppError> {
        let _ = (&app,);
        {
            let paid = app.charge(id, &new).await?;
            Ok(Json(paid))
        }
    }
    let __arguments = {
        let State(app) = &__0;
        ::idempotent_runtime::private::Arguments::new()
            .scope((|| ::idempotent_runtime::private::scope(&(app.tenant)))())
    };
    __2.run(__arguments, move |__value| pay(__0, __1, __value)).await
}
