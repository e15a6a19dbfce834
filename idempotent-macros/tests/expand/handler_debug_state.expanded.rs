#[doc(hidden)]
#[allow(non_camel_case_types)]
struct __idempotent_declared {}
impl ::idempotent_runtime::private::Operation for __idempotent_declared {
    const SPEC: ::idempotent_runtime::private::Spec = ::idempotent_runtime::private::Spec::handler(
        ::core::concat!(::core::module_path!(), "::", "declared"),
        ::core::file!(),
        ::core::line!(),
        ::core::column!(),
    );
}
impl ::idempotent_runtime::private::DeferringOperation<Json<New>>
for __idempotent_declared {
    const EXTRACT: ::core::option::Option<
        ::idempotent_runtime::private::Extract<Json<New>>,
    > = {
        #[allow(unused_imports)]
        use ::idempotent_runtime::private::Unknown as _;
        <::idempotent_runtime::private::BodyOnly<Json<New>>>::EXTRACT
    };
}
const _: fn() = ::idempotent_runtime::private::check_state::<App>;
#[debug_handler(state = App)]
async fn declared(
    __0: ::idempotent_runtime::private::Deferred<__idempotent_declared, Json<New>>,
) -> ::idempotent_runtime::private::Response {
    ::idempotent_runtime::private::register!(
        < __idempotent_declared as ::idempotent_runtime::private::Operation > ::SPEC
    );
    #[allow(clippy::unused_async)]
    async fn declared(Json(new): Json<New>) -> String {
        charge(new).await
    }
    let __arguments = ::idempotent_runtime::private::Arguments::new();
    __0.run(__arguments, move |__value| declared(__value)).await
}
#[doc(hidden)]
#[allow(non_camel_case_types)]
struct __idempotent_own {}
impl ::idempotent_runtime::private::Operation for __idempotent_own {
    const SPEC: ::idempotent_runtime::private::Spec = ::idempotent_runtime::private::Spec::handler(
        ::core::concat!(::core::module_path!(), "::", "own"),
        ::core::file!(),
        ::core::line!(),
        ::core::column!(),
    );
}
impl ::idempotent_runtime::private::DeferringOperation<State<App>> for __idempotent_own {
    const EXTRACT: ::core::option::Option<
        ::idempotent_runtime::private::Extract<State<App>>,
    > = {
        #[allow(unused_imports)]
        use ::idempotent_runtime::private::Unknown as _;
        <::idempotent_runtime::private::BodyOnly<State<App>>>::EXTRACT
    };
}
#[debug_handler(state = Own)]
async fn own(
    __0: ::idempotent_runtime::private::Deferred<__idempotent_own, State<App>>,
) -> ::idempotent_runtime::private::Response {
    ::idempotent_runtime::private::register!(
        < __idempotent_own as ::idempotent_runtime::private::Operation > ::SPEC
    );
    #[allow(clippy::unused_async)]
    async fn own(State(app): State<App>) -> String {
        app.charge().await
    }
    let __arguments = ::idempotent_runtime::private::Arguments::new();
    __0.run(__arguments, move |__value| own(__value)).await
}
#[doc(hidden)]
#[allow(non_camel_case_types)]
struct __idempotent_several {}
impl ::idempotent_runtime::private::Operation for __idempotent_several {
    const SPEC: ::idempotent_runtime::private::Spec = ::idempotent_runtime::private::Spec::handler(
        ::core::concat!(::core::module_path!(), "::", "several"),
        ::core::file!(),
        ::core::line!(),
        ::core::column!(),
    );
}
impl ::idempotent_runtime::private::DeferringOperation<State<B>>
for __idempotent_several {
    const EXTRACT: ::core::option::Option<
        ::idempotent_runtime::private::Extract<State<B>>,
    > = {
        #[allow(unused_imports)]
        use ::idempotent_runtime::private::Unknown as _;
        <::idempotent_runtime::private::BodyOnly<State<B>>>::EXTRACT
    };
}
#[debug_handler]
async fn several(
    __0: State<A>,
    __1: ::idempotent_runtime::private::Deferred<__idempotent_several, State<B>>,
) -> ::idempotent_runtime::private::Response {
    ::idempotent_runtime::private::register!(
        < __idempotent_several as ::idempotent_runtime::private::Operation > ::SPEC
    );
    #[allow(clippy::unused_async)]
    async fn several(State(a): State<A>, State(b): State<B>) -> String {
        charge(a, b).await
    }
    let __arguments = ::idempotent_runtime::private::Arguments::new();
    __1.run(__arguments, move |__value| several(__0, __value)).await
}
