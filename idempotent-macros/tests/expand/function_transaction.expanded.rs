async fn charge(
    app: &App,
    tx: &mut PgTransaction<'_>,
    order: Order,
) -> Result<Receipt, ChargeError> {
    const __SPEC: ::idempotent_runtime::private::Spec = ::idempotent_runtime::private::Spec::function(
            ::core::concat!(::core::module_path!(), "::", "charge"),
            ::core::file!(),
            ::core::line!(),
            ::core::column!(),
        )
        .key_expression()
        .transaction();
    ::idempotent_runtime::private::register!(__SPEC);
    let __store = ::idempotent_runtime::Transactional::clone(&(app.transactional));
    let __arguments = ::idempotent_runtime::private::Arguments::new()
        .key((|| ::idempotent_runtime::private::key(&(order.id)))());
    let __tx: &mut _ = tx;
    let mut __riding = match ::idempotent_runtime::private::ride(
            &__SPEC,
            &__store,
            __arguments,
            &mut *__tx,
        )
        .await
    {
        ::core::result::Result::Ok(__riding) => __riding,
        ::core::result::Result::Err(__early) => return __early.output(),
    };
    let __output = __riding
        .run({
            let mut tx = &mut *__tx;
            async move {
                if let ::core::option::Option::Some(__answer) = ::core::option::Option::None::<
                    Result<Receipt, ChargeError>,
                > {
                    return __answer;
                }
                { app.charge(&mut tx, order).await }
            }
        })
        .await;
    __riding.arrive(__tx, __output).await
}
async fn refund(
    app: &App,
    tx: &mut PgTransaction<'_>,
    order: Order,
) -> Result<Receipt, ChargeError> {
    const __SPEC: ::idempotent_runtime::private::Spec = ::idempotent_runtime::private::Spec::function(
            ::core::concat!(::core::module_path!(), "::", "refund"),
            ::core::file!(),
            ::core::line!(),
            ::core::column!(),
        )
        .key_expression()
        .transaction()
        .persist_custom();
    ::idempotent_runtime::private::register!(__SPEC);
    let __store = ::idempotent_runtime::Transactional::clone(&(app.transactional));
    let __arguments = ::idempotent_runtime::private::Arguments::new()
        .key((|| ::idempotent_runtime::private::key(&(order.id)))());
    let __tx: &mut _ = tx;
    let mut __riding = match ::idempotent_runtime::private::ride(
            &__SPEC,
            &__store,
            __arguments,
            &mut *__tx,
        )
        .await
    {
        ::core::result::Result::Ok(__riding) => __riding,
        ::core::result::Result::Err(__early) => return __early.output_persisting(),
    };
    let __output = __riding
        .run({
            let tx = &mut *__tx;
            async move {
                if let ::core::option::Option::Some(__answer) = ::core::option::Option::None::<
                    Result<Receipt, ChargeError>,
                > {
                    return __answer;
                }
                { app.refund(tx, order).await }
            }
        })
        .await;
    __riding.arrive_persisting(__tx, __output, classify).await
}
