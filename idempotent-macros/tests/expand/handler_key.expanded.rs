#[doc(hidden)]
#[allow(non_camel_case_types)]
pub(crate) struct __idempotent_webhook {}
impl ::idempotent_runtime::private::Operation for __idempotent_webhook {
    const SPEC: ::idempotent_runtime::private::Spec = ::idempotent_runtime::private::Spec::handler(
            ::core::concat!(::core::module_path!(), "::", "webhook"),
            ::core::file!(),
            ::core::line!(),
            ::core::column!(),
        )
        .key_expression()
        .scope_expression()
        .fingerprint_none();
}
pub(crate) async fn webhook(
    __0: Path<String>,
    __1: ::idempotent_runtime::private::Guarded<__idempotent_webhook, Json<Event>>,
) -> ::idempotent_runtime::private::Response {
    ::idempotent_runtime::private::register!(
        < __idempotent_webhook as ::idempotent_runtime::private::Operation > ::SPEC
    );
    #[allow(clippy::unused_async)]
    async fn webhook(
        Path(provider): Path<String>,
        Json(event): Json<Event>,
    ) -> StatusCode {
        let _ = (&provider,);
        let _ = (&event,);
        { apply(event).await }
    }
    let __arguments = {
        let Path(provider) = &__0;
        let Json(event) = &__1.value;
        ::idempotent_runtime::private::Arguments::new()
            .scope(
                (|| ::idempotent_runtime::private::scope(
                    &(format!("{}/{provider}", event.account)),
                ))(),
            )
            .key((|| ::idempotent_runtime::private::key(&(event.id)))())
    };
    __1.run(__arguments, move |__value| webhook(__0, __value)).await
}
