//! Chapters: what becomes of your function, the protocol, writing a store,
//! operating it, what it exports.

#[doc = include_str!("../docs/macro.md")]
pub mod attribute {}

#[doc = include_str!("../docs/protocol.md")]
pub mod protocol {}

#[doc = include_str!("../docs/choosing.md")]
pub mod choosing {}

#[doc = include_str!("../docs/exactly-once.md")]
pub mod exactly_once {}

#[doc = include_str!("../docs/steps.md")]
pub mod steps {}

#[doc = include_str!("../docs/stores.md")]
pub mod stores {}

#[doc = include_str!("../docs/operations.md")]
pub mod operations {}

#[doc = include_str!("../docs/monitoring.md")]
pub mod monitoring {}

#[cfg(feature = "metrics")]
#[doc = include_str!("../docs/metrics.md")]
pub mod metrics {}

#[doc = include_str!("../docs/capacity.md")]
pub mod capacity {}

#[doc = include_str!("../docs/alerts.md")]
pub mod alerts {}

#[cfg(feature = "admin")]
// The first definition of a link holds: the pictures are no part of the crate,
// and the chapter's own definitions are for readers of the repository.
#[doc = include_str!("../docs/admin/pictures.md")]
#[doc = include_str!("../docs/admin.md")]
pub mod admin {}
