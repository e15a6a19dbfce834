//! The store types of a node and of a cluster: the same but for the link.

/// A store type over a link, with what needs no knowledge of the link.
macro_rules! store_of {
    ($(#[$doc:meta])* $store:ident over $link:ty) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $store {
            core: $crate::store::redis::core::Core<$link>,
        }

        impl $store {
            /// Puts `prefix` before every key instead of `idem:`; 1 to 64 of
            /// A-Z, a-z, 0-9 and `: _ - . /`. Stores with different prefixes
            /// share nothing.
            pub fn prefix(mut self, prefix: &str) -> Result<Self, $crate::store::StoreError> {
                self.core.prefix = $crate::store::redis::prefix::Prefix::new(prefix)?;
                Ok(self)
            }

            /// Whether the servers are fit to hold records, and this user may
            /// do what the store needs. Call it at the start.
            ///
            /// An error says what is wrong and how to mend it: an eviction
            /// policy, a replica, a missing right. A warning says what is
            /// less than it could be, such as no append-only file.
            pub async fn check(
                &self,
            ) -> Result<
                Vec<$crate::store::redis::warning::RedisWarning>,
                $crate::store::StoreError,
            > {
                self.core.check().await
            }
        }

        impl std::fmt::Debug for $store {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($store))
                    .field("prefix", &self.core.prefix.to_string())
                    .finish_non_exhaustive()
            }
        }

        impl $crate::store::Store for $store {
            fn claim<'a>(
                &'a self,
                claim: &'a $crate::store::Claim<'a>,
            ) -> $crate::store::StoreFuture<'a, $crate::outcome::ClaimOutcome> {
                $crate::store::StoreFuture::new(self.core.claim(claim))
            }

            fn extend<'a>(
                &'a self,
                leases: &'a [(
                    $crate::record::RecordId,
                    $crate::lease::Token,
                    $crate::lease::Lease,
                )],
            ) -> $crate::store::StoreFuture<'a, Vec<$crate::outcome::Ownership>> {
                $crate::store::StoreFuture::new(self.core.extend(leases))
            }

            fn complete<'a>(
                &'a self,
                id: &'a $crate::record::RecordId,
                token: &'a $crate::lease::Token,
                fence: $crate::lease::Fence,
                answer: &'a $crate::answer::Answer,
                ttl: $crate::lease::Ttl,
            ) -> $crate::store::StoreFuture<'a, $crate::outcome::Completion> {
                $crate::store::StoreFuture::new(self.core.complete(id, token, fence, answer, ttl))
            }

            fn release<'a>(
                &'a self,
                id: &'a $crate::record::RecordId,
                token: &'a $crate::lease::Token,
                reason: $crate::outcome::Release,
            ) -> $crate::store::StoreFuture<'a, $crate::outcome::Ownership> {
                $crate::store::StoreFuture::new(self.core.release(id, token, reason))
            }

            fn step<'a>(
                &'a self,
                id: &'a $crate::record::RecordId,
                token: &'a $crate::lease::Token,
                fence: $crate::lease::Fence,
                step: &'a $crate::step::Step,
            ) -> $crate::store::StoreFuture<'a, $crate::outcome::Ownership> {
                $crate::store::StoreFuture::new(self.core.step(id, token, fence, step))
            }

            fn inspect<'a>(
                &'a self,
                id: &'a $crate::record::RecordId,
            ) -> $crate::store::StoreFuture<'a, Option<$crate::record::RecordView>> {
                $crate::store::StoreFuture::new(self.core.inspect(id))
            }

            fn wait<'a>(
                &'a self,
                id: &'a $crate::record::RecordId,
                at_most: std::time::Duration,
            ) -> $crate::store::StoreFuture<'a, ()> {
                $crate::store::StoreFuture::new(self.core.wait(id, at_most))
            }

            fn expire<'a>(
                &'a self,
                id: &'a $crate::record::RecordId,
                fence: $crate::lease::Fence,
            ) -> $crate::store::StoreFuture<'a, $crate::outcome::Operated> {
                $crate::store::StoreFuture::new(self.core.expire(id, fence))
            }

            fn forget<'a>(
                &'a self,
                id: &'a $crate::record::RecordId,
                fence: $crate::lease::Fence,
            ) -> $crate::store::StoreFuture<'a, $crate::outcome::Operated> {
                $crate::store::StoreFuture::new(self.core.forget(id, fence))
            }

            fn answer<'a>(
                &'a self,
                id: &'a $crate::record::RecordId,
            ) -> $crate::store::StoreFuture<'a, Option<$crate::answer::Answer>> {
                $crate::store::StoreFuture::new(self.core.answer(id))
            }

            fn list<'a>(
                &'a self,
                listing: &'a $crate::store::Listing,
            ) -> $crate::store::StoreFuture<'a, $crate::store::Page> {
                $crate::store::StoreFuture::new(self.core.list(listing))
            }

            fn stats(&self) -> $crate::store::StoreFuture<'_, $crate::store::StoreStats> {
                $crate::store::StoreFuture::new(self.core.stats())
            }

            fn kind(&self) -> $crate::store::StoreKind {
                $crate::store::StoreKind::Redis
            }

            fn capabilities(&self) -> $crate::store::Capabilities {
                $crate::store::redis::CAPABILITIES
            }
        }
    };
}

pub(super) use store_of;
