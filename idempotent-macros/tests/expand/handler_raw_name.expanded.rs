#[doc(hidden)]
#[allow(non_camel_case_types)]
struct __idempotent_move {}
impl ::idempotent_runtime::private::Operation for __idempotent_move {
    const SPEC: ::idempotent_runtime::private::Spec = ::idempotent_runtime::private::Spec::handler(
            ::core::concat!(::core::module_path!(), "::", "move"),
            ::core::file!(),
            ::core::line!(),
            ::core::column!(),
        )
        .scope_expression();
}
async fn r#move(
    __0: ::idempotent_runtime::private::Guarded<__idempotent_move, Kind>,
) -> ::idempotent_runtime::private::Response {
    ::idempotent_runtime::private::register!(
        < __idempotent_move as ::idempotent_runtime::private::Operation > ::SPEC
    );
    #[allow(clippy::unused_async)]
    async fn r#move(r#type: Kind) -> String {
        let _ = (&r#type,);
        { r#type.moved().await }
    }
    let __arguments = {
        let r#type = &__0.value;
        ::idempotent_runtime::private::Arguments::new()
            .scope((|| ::idempotent_runtime::private::scope(&(r#type.id)))())
    };
    __0.run(__arguments, move |__value| r#move(__value)).await
}
