//! Where effects are counted: by a URL, by a query, by a sink, by a probe's list.
//!
//! A count may be of everything, or of what bears the mark of the requests that are
//! watched: a value of theirs that no other request has. What moves by itself can only
//! be counted by such a mark.

mod marks;
mod meter;
mod sink;
#[cfg(feature = "sql")]
mod sql;

pub(crate) use marks::Marks;
pub(crate) use meter::{Meter, Reading};
pub(crate) use sink::Sink;
