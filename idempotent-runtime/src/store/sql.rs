//! What the stores in SQL databases share: the codes in their columns, the
//! reading of what their statements return, the table's name, and what a
//! failure of the client library means. The statements are each backend's own.

mod answers;
mod code;
mod failure;
mod figures;
mod listed;
#[cfg(any(feature = "sqlite", feature = "mysql"))]
mod rooms;
mod row;
mod session;
mod table;
mod time;

pub(crate) use self::answers::{number, operated, ownership};
pub(crate) use self::code::release_code;
pub(crate) use self::failure::failure;
pub(crate) use self::figures::figures;
pub(crate) use self::listed::{Part, page};
#[cfg(any(feature = "sqlite", feature = "mysql"))]
pub(crate) use self::rooms::Rooms;
pub(crate) use self::row::{Columns, answer, claim_outcome, completion, view};
pub(crate) use self::session::{cells, session};
pub(crate) use self::table::TableName;
pub(crate) use self::time::{grace, micros};
