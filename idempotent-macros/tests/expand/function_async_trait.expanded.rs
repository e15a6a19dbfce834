impl Charge for Shop {
    #[allow(clippy::type_complexity)]
    fn charge<'life0, 'life1, 'async_trait>(
        &'life0 self,
        order: &'life1 Order,
    ) -> ::core::pin::Pin<
        Box<
            dyn ::core::future::Future<
                Output = Result<Receipt, ChargeError>,
            > + ::core::marker::Send + 'async_trait,
        >,
    >
    where
        'life0: 'async_trait,
        'life1: 'async_trait,
        Self: 'async_trait,
    {
        ::std::boxed::Box::pin(async move {
            const __SPEC: ::idempotent_runtime::private::Spec = ::idempotent_runtime::private::Spec::function(
                    "shop.charge",
                    ::core::file!(),
                    ::core::line!(),
                    ::core::column!(),
                )
                .key_expression();
            ::idempotent_runtime::private::register!(__SPEC);
            let __store = ::idempotent_runtime::Idempotency::clone(&(self.idempotency));
            let __arguments = ::idempotent_runtime::private::Arguments::new()
                .key((|| ::idempotent_runtime::private::key(&(order.id)))());
            ::idempotent_runtime::private::run_fn(
                    &__SPEC,
                    __store,
                    __arguments,
                    async move {
                        if let ::core::option::Option::Some(__answer) = ::core::option::Option::None::<
                            Result<Receipt, ChargeError>,
                        > {
                            return __answer;
                        }
                        (move || -> ::core::pin::Pin<
                            Box<
                                dyn ::core::future::Future<
                                    Output = Result<Receipt, ChargeError>,
                                > + ::core::marker::Send + 'async_trait,
                            >,
                        > {
                            Box::pin(async move {
                                let __ret: Result<Receipt, ChargeError> = {
                                    self.bank.charge(order).await
                                };
                                __ret
                            })
                        })()
                            .await
                    },
                )
                .await
        })
    }
}
