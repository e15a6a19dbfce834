//! What the attribute's expansion names: no public interface.

pub use std::time::Duration;

pub use inventory;

pub use crate::arguments::{Arguments, fingerprint, key, scope};
pub use crate::function::{Early, Output, Riding, ride, run_fn, run_fn_persisting};
#[cfg(feature = "axum")]
pub use crate::http::deferred::{BodyOnly, Deferred, DeferringOperation, Extract, Unknown};
#[cfg(feature = "axum")]
pub use crate::http::guarded::{Guarded, Operation, check_state};
#[cfg(feature = "axum")]
pub use crate::http::in_transaction::{InTransaction, check_transactional};
#[cfg(feature = "axum")]
pub use crate::http::recover::{recover_response, respond};
pub use crate::operations::Registered;
pub use crate::policy::Spec;
pub use crate::recover::{interrupted, recover_value};
#[cfg(feature = "axum")]
pub use axum::response::Response;

/// Submits an operation to the list of all.
#[doc(hidden)]
#[macro_export]
macro_rules! __register {
    ($spec:expr) => {
        $crate::private::inventory::submit! { $crate::private::Registered($spec) }
    };
}
pub use crate::__register as register;
