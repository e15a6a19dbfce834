//! The same operations with key, effect and answer in one commit. A handler says
//! which database's transaction it writes in; what a payment is, is said once, in
//! `create` and `refund`.
//!
//! Their names are their own, as two places in the source never share keys: a
//! service that changes its mode starts with no answers.

#[cfg(feature = "mysql")]
pub(super) mod mysql;
#[cfg(feature = "postgres")]
pub(super) mod postgres;
#[cfg(feature = "sqlite")]
pub(super) mod sqlite;

use axum::extract::FromRef;
use idempotent_runtime::Transactional;

/// What these handlers can reach: the transactions of a store's database.
#[derive(Clone)]
pub(super) struct Exact<St> {
    pub(super) transactional: Transactional<St>,
}

impl<St> FromRef<Exact<St>> for Transactional<St> {
    fn from_ref(exact: &Exact<St>) -> Self {
        exact.transactional.clone()
    }
}
