//! Ours and the peers round one and the same handler, in process, and the
//! stores on their servers.

pub mod handler;
#[cfg(feature = "stores")]
pub mod lists;
pub mod measure;
pub mod requests;
#[cfg(feature = "stores")]
pub mod stores;
pub mod subjects;
pub mod table;
