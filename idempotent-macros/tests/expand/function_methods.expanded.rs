impl Shop {
    pub async fn charge(&self, order: &Order) -> Result<Receipt, ChargeError> {
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
                    { self.bank.charge(order).await }
                },
            )
            .await
    }
    #[tracing::instrument(skip_all)]
    async fn count(&mut self, order: &Order) -> Result<u64, ChargeError> {
        const __SPEC: ::idempotent_runtime::private::Spec = ::idempotent_runtime::private::Spec::function(
                "shop.count",
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
                        Result<u64, ChargeError>,
                    > {
                        return __answer;
                    }
                    {
                        self.count += order.lines;
                        Ok(self.count)
                    }
                },
            )
            .await
    }
    async fn ship(self: Arc<Self>, id: String) -> Result<(), ChargeError> {
        const __SPEC: ::idempotent_runtime::private::Spec = ::idempotent_runtime::private::Spec::function(
                "shop.ship",
                ::core::file!(),
                ::core::line!(),
                ::core::column!(),
            )
            .key_expression();
        ::idempotent_runtime::private::register!(__SPEC);
        let __store = ::idempotent_runtime::Idempotency::clone(&(self.idempotency));
        let __arguments = ::idempotent_runtime::private::Arguments::new()
            .key((|| ::idempotent_runtime::private::key(&(id)))());
        ::idempotent_runtime::private::run_fn(
                &__SPEC,
                __store,
                __arguments,
                async move {
                    if let ::core::option::Option::Some(__answer) = ::core::option::Option::None::<
                        Result<(), ChargeError>,
                    > {
                        return __answer;
                    }
                    { self.dispatch(id).await }
                },
            )
            .await
    }
    async fn open(shop: &Self, id: String) -> Result<(), ChargeError> {
        const __SPEC: ::idempotent_runtime::private::Spec = ::idempotent_runtime::private::Spec::function(
                "shop.open",
                ::core::file!(),
                ::core::line!(),
                ::core::column!(),
            )
            .key_expression();
        ::idempotent_runtime::private::register!(__SPEC);
        let __store = ::idempotent_runtime::Idempotency::clone(&(shop.idempotency));
        let __arguments = ::idempotent_runtime::private::Arguments::new()
            .key((|| ::idempotent_runtime::private::key(&(id)))());
        ::idempotent_runtime::private::run_fn(
                &__SPEC,
                __store,
                __arguments,
                async move {
                    if let ::core::option::Option::Some(__answer) = ::core::option::Option::None::<
                        Result<(), ChargeError>,
                    > {
                        return __answer;
                    }
                    { shop.dispatch(id).await }
                },
            )
            .await
    }
}
