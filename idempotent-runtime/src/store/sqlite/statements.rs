//! The statements of one table, made once, so that each connection prepares
//! each of them once.

use sqlx::SqlStr;

use crate::store::sql::TableName;

/// What SQLite quotes names with.
const QUOTE: char = '"';

macro_rules! statements {
    ($($name:ident)*) => {
        /// One field for each file in `sql`.
        pub(super) struct Statements {
            $(pub(super) $name: SqlStr,)*
        }

        impl Statements {
            pub(super) fn of(table: &TableName) -> Self {
                Self {
                    $($name: put_in(
                        table,
                        include_str!(concat!("sql/", stringify!($name), ".sql")),
                    ),)*
                }
            }
        }
    };
}
statements! {
    answer applied claim claim_within columns complete expire extend forget forgettable inspect
    list_all list_held look record_within release renew stats step sweep version winner writable
}

/// A statement, or several, with the table's name put in.
pub(super) fn put_in(table: &TableName, statement: &str) -> SqlStr {
    table.put_in(statement, QUOTE)
}
