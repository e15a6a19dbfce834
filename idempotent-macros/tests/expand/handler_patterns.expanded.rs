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
        .scope_expression();
}
async fn pay(
    __0: State<App>,
    __1: Path<(u32, u32)>,
    __2: HeaderMap,
    __3: Query<Page>,
    __4: ::idempotent_runtime::private::Guarded<__idempotent_pay, Json<New>>,
) -> ::idempotent_runtime::private::Response {
    ::idempotent_runtime::private::register!(
        < __idempotent_pay as ::idempotent_runtime::private::Operation > ::SPEC
    );
    #[allow(clippy::unused_async)]
    async fn pay(
        State(App { ref tenant, mut counter, .. }): State<App>,
        Path((mut shard, _)): Path<(u32, u32)>,
        _: HeaderMap,
        whole @ Query(Page { number: mut page, .. }): Query<Page>,
        Json(New { mut name, amount }): Json<New>,
    ) -> String {
        let _ = (&tenant,);
        let _ = (&shard,);
        let _ = (&name,);
        {
            counter += amount;
            format!("{counter}{page}{whole:?}")
        }
    }
    let __arguments = {
        let State(App { tenant, counter: _, .. }) = &__0;
        let Path((shard, _)) = &__1;
        let Json(New { name, amount: _ }) = &__4.value;
        ::idempotent_runtime::private::Arguments::new()
            .scope(
                (|| ::idempotent_runtime::private::scope(
                    &(&(tenant), &(*shard), &(name)),
                ))(),
            )
    };
    __4.run(__arguments, move |__value| pay(__0, __1, __2, __3, __value)).await
}
