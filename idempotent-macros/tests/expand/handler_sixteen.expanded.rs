#[doc(hidden)]
#[allow(non_camel_case_types)]
struct __idempotent_wide {}
impl ::idempotent_runtime::private::Operation for __idempotent_wide {
    const SPEC: ::idempotent_runtime::private::Spec = ::idempotent_runtime::private::Spec::handler(
        ::core::concat!(::core::module_path!(), "::", "wide"),
        ::core::file!(),
        ::core::line!(),
        ::core::column!(),
    );
}
impl ::idempotent_runtime::private::DeferringOperation<P> for __idempotent_wide {
    const EXTRACT: ::core::option::Option<::idempotent_runtime::private::Extract<P>> = {
        #[allow(unused_imports)]
        use ::idempotent_runtime::private::Unknown as _;
        <::idempotent_runtime::private::BodyOnly<P>>::EXTRACT
    };
}
async fn wide(
    __0: A,
    __1: B,
    __2: C,
    __3: D,
    __4: E,
    __5: F,
    __6: G,
    __7: H,
    __8: I,
    __9: J,
    __10: K,
    __11: L,
    __12: M,
    __13: N,
    __14: O,
    __15: ::idempotent_runtime::private::Deferred<__idempotent_wide, P>,
) -> ::idempotent_runtime::private::Response {
    ::idempotent_runtime::private::register!(
        < __idempotent_wide as ::idempotent_runtime::private::Operation > ::SPEC
    );
    #[allow(clippy::unused_async)]
    async fn wide(
        a: A,
        b: B,
        c: C,
        d: D,
        e: E,
        f: F,
        g: G,
        h: H,
        i: I,
        j: J,
        k: K,
        l: L,
        m: M,
        n: N,
        o: O,
        p: P,
    ) -> String {
        all(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p).await
    }
    let __arguments = ::idempotent_runtime::private::Arguments::new();
    __15.run(
            __arguments,
            move |__value| wide(
                __0,
                __1,
                __2,
                __3,
                __4,
                __5,
                __6,
                __7,
                __8,
                __9,
                __10,
                __11,
                __12,
                __13,
                __14,
                __value,
            ),
        )
        .await
}
