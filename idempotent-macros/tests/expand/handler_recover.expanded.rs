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
        .scope_expression()
        .recover_interrupted();
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
async fn pay(
    __0: Account,
    __1: State<App>,
    __2: ::idempotent_runtime::private::Deferred<__idempotent_pay, Json<New>>,
) -> ::idempotent_runtime::private::Response {
    ::idempotent_runtime::private::register!(
        < __idempotent_pay as ::idempotent_runtime::private::Operation > ::SPEC
    );
    #[allow(clippy::unused_async)]
    async fn pay(
        account: Account,
        State(app): State<App>,
        Json(new): Json<New>,
    ) -> Result<Json<Paid>, AppError> {
        let _ = (&account,);
        { app.charge(account, new).await }
    }
    let __arguments = {
        let account = &__0;
        ::idempotent_runtime::private::Arguments::new()
            .scope((|| ::idempotent_runtime::private::scope(&(account.id)))())
    };
    __2.run(
            __arguments,
            move |__value| async move {
                if let ::core::option::Option::Some(__attempt) = ::idempotent_runtime::private::interrupted() {
                    if let ::core::option::Option::Some(__answer) = ::idempotent_runtime::private::recover_response(
                            &__attempt,
                            bank::find_charge(&__attempt, &__0, &__1, &__value),
                        )
                        .await
                    {
                        return __answer;
                    }
                }
                ::idempotent_runtime::private::respond(pay(__0, __1, __value).await)
            },
        )
        .await
}
