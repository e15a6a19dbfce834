#[doc(hidden)]
#[allow(non_camel_case_types)]
struct __idempotent_webhook {}
impl ::idempotent_runtime::private::Operation for __idempotent_webhook {
    const SPEC: ::idempotent_runtime::private::Spec = ::idempotent_runtime::private::Spec::handler(
            ::core::concat!(::core::module_path!(), "::", "webhook"),
            ::core::file!(),
            ::core::line!(),
            ::core::column!(),
        )
        .key_expression()
        .fingerprint_expression();
}
async fn webhook(
    __0: ::idempotent_runtime::private::Guarded<__idempotent_webhook, Json<Event>>,
) -> ::idempotent_runtime::private::Response {
    ::idempotent_runtime::private::register!(
        < __idempotent_webhook as ::idempotent_runtime::private::Operation > ::SPEC
    );
    #[allow(clippy::unused_async)]
    async fn webhook(Json(event): Json<Event>) -> StatusCode {
        let _ = (&event,);
        { apply(event).await }
    }
    let __arguments = {
        let Json(event) = &__0.value;
        ::idempotent_runtime::private::Arguments::new()
            .key((|| ::idempotent_runtime::private::key(&(event.id)))())
            .fingerprint(
                (|| ::idempotent_runtime::private::fingerprint(&(event.body)))(),
            )
    };
    __0.run(__arguments, move |__value| webhook(__value)).await
}
