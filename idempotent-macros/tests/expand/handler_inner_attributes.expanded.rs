#[doc(hidden)]
#[allow(non_camel_case_types)]
struct __idempotent_pay {}
impl crate::vendor::idempotent_runtime::private::Operation for __idempotent_pay {
    const SPEC: crate::vendor::idempotent_runtime::private::Spec = crate::vendor::idempotent_runtime::private::Spec::handler(
            ::core::concat!(::core::module_path!(), "::", "pay"),
            ::core::file!(),
            ::core::line!(),
            ::core::column!(),
        )
        .scope_expression();
}
async fn pay(
    __0: crate::vendor::idempotent_runtime::private::Guarded<
        __idempotent_pay,
        State<App>,
    >,
) -> crate::vendor::idempotent_runtime::private::Response {
    crate::vendor::idempotent_runtime::private::register!(
        < __idempotent_pay as crate ::vendor::idempotent_runtime::private::Operation >
        ::SPEC
    );
    #[allow(clippy::unused_async)]
    async fn pay(State(app): State<App>) -> String {
        #![allow(clippy::too_many_lines)]
        let _ = (&app,);
        {
            const FEE: u64 = 5;
            "done".to_owned()
        }
    }
    let __arguments = {
        let State(app) = &__0.value;
        crate::vendor::idempotent_runtime::private::Arguments::new()
            .scope(
                (|| crate::vendor::idempotent_runtime::private::scope(&(app.tenant)))(),
            )
    };
    __0.run(__arguments, move |__value| pay(__value)).await
}
