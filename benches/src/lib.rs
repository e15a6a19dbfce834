//! Ours and the peers round one and the same handler, in process.

pub mod handler;
pub mod measure;
pub mod requests;
pub mod subjects;
pub mod table;
