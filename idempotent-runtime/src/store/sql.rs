//! What the stores in SQL databases share: the codes in their columns, the
//! reading of what their statements return, the table's name, and what a
//! failure of the client library means. The statements are each backend's own.

mod code;
mod failure;
mod row;
mod table;
mod time;

pub(crate) use self::code::release_code;
pub(crate) use self::failure::failure;
pub(crate) use self::row::{Columns, claim_outcome, completion, view};
pub(crate) use self::table::TableName;
pub(crate) use self::time::{grace, micros};
