#[doc(hidden)]
#[allow(non_camel_case_types)]
struct __idempotent_pay {}
impl ::idempotent_runtime::private::Operation for __idempotent_pay {
    const SPEC: ::idempotent_runtime::private::Spec = ::idempotent_runtime::private::Spec::handler(
            "payments.create",
            ::core::file!(),
            ::core::line!(),
            ::core::column!(),
        )
        .header("x-request-key")
        .optional()
        .scope_expression()
        .fingerprint_expression()
        .ttl(::idempotent_runtime::private::Duration::from_millis(172800000u64))
        .lease(::idempotent_runtime::private::Duration::from_millis(90000u64))
        .wait(::idempotent_runtime::private::Duration::from_millis(5000u64))
        .max_key_age(::idempotent_runtime::private::Duration::from_millis(86400000u64))
        .reject_interrupted()
        .persist_custom();
    fn classify(
        response: &::idempotent_runtime::private::Response,
    ) -> ::idempotent_runtime::Persist {
        crate::final_answers(response)
    }
}
const _: fn() = ::idempotent_runtime::private::check_state::<App<Live>>;
async fn pay(
    __0: Account,
    __1: Path<u32>,
    __2: ::idempotent_runtime::private::Guarded<__idempotent_pay, Json<New>>,
) -> ::idempotent_runtime::private::Response {
    ::idempotent_runtime::private::register!(
        < __idempotent_pay as ::idempotent_runtime::private::Operation > ::SPEC
    );
    #[allow(clippy::unused_async)]
    async fn pay(
        account: Account,
        Path(id): Path<u32>,
        Json(new): Json<New>,
    ) -> Response {
        let _ = (&account,);
        let _ = (&id,);
        let _ = (&new,);
        { charge(account, id, new).await }
    }
    let __arguments = {
        let account = &__0;
        let Path(id) = &__1;
        let Json(new) = &__2.value;
        ::idempotent_runtime::private::Arguments::new()
            .scope(
                (|| ::idempotent_runtime::private::scope(
                    &(&(account.tenant), &(&account.id)),
                ))(),
            )
            .fingerprint(
                (|| ::idempotent_runtime::private::fingerprint(&(&(id), &(&new))))(),
            )
    };
    __2.run(__arguments, move |__value| pay(__0, __1, __value)).await
}
