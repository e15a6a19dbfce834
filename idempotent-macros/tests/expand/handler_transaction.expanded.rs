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
        .transaction();
}
const _: fn() = ::idempotent_runtime::private::check_transactional::<
    App,
    <PgTransaction<'static> as ::idempotent_runtime::Transaction>::Store,
>;
async fn pay(
    __0: Account,
    __1: ::idempotent_runtime::private::InTransaction<
        __idempotent_pay,
        <PgTransaction<'static> as ::idempotent_runtime::Transaction>::Store,
        Json<New>,
    >,
) -> ::idempotent_runtime::private::Response {
    ::idempotent_runtime::private::register!(
        < __idempotent_pay as ::idempotent_runtime::private::Operation > ::SPEC
    );
    #[allow(clippy::unused_async)]
    async fn pay(
        account: Account,
        tx: &mut PgTransaction<'_>,
        Json(new): Json<New>,
    ) -> Result<Json<Paid>, AppError> {
        let _ = (&account,);
        {
            let paid = account.charge(&mut **tx, &new).await?;
            Ok(Json(paid))
        }
    }
    let __arguments = {
        let account = &__0;
        ::idempotent_runtime::private::Arguments::new()
            .scope((|| ::idempotent_runtime::private::scope(&(account.id)))())
    };
    __1.run(
            __arguments,
            move |__tx, __value| ::std::boxed::Box::pin(async move {
                ::idempotent_runtime::private::respond(pay(__0, __tx, __value).await)
            }),
        )
        .await
}
#[doc(hidden)]
#[allow(non_camel_case_types)]
struct __idempotent_refund {}
impl ::idempotent_runtime::private::Operation for __idempotent_refund {
    const SPEC: ::idempotent_runtime::private::Spec = ::idempotent_runtime::private::Spec::handler(
            ::core::concat!(::core::module_path!(), "::", "refund"),
            ::core::file!(),
            ::core::line!(),
            ::core::column!(),
        )
        .recover_interrupted()
        .claim_before();
}
async fn refund(
    __0: ::idempotent_runtime::private::InTransaction<
        __idempotent_refund,
        <PgTransaction<'static> as ::idempotent_runtime::Transaction>::Store,
        (),
    >,
) -> ::idempotent_runtime::private::Response {
    ::idempotent_runtime::private::register!(
        < __idempotent_refund as ::idempotent_runtime::private::Operation > ::SPEC
    );
    #[allow(clippy::unused_async)]
    async fn refund(tx: &mut PgTransaction<'_>) -> StatusCode {
        refund_all(tx).await
    }
    let __arguments = ::idempotent_runtime::private::Arguments::new();
    __0.run(
            __arguments,
            move |__tx, ()| ::std::boxed::Box::pin(async move {
                if let ::core::option::Option::Some(__attempt) = ::idempotent_runtime::private::interrupted() {
                    if let ::core::option::Option::Some(__answer) = ::idempotent_runtime::private::recover_response(
                            &__attempt,
                            find(&__attempt),
                        )
                        .await
                    {
                        return __answer;
                    }
                }
                ::idempotent_runtime::private::respond(refund(__tx).await)
            }),
        )
        .await
}
