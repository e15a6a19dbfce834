//! The statements of one table, made once, so that each connection prepares
//! each of them once.

use sqlx::SqlStr;

use crate::store::sql::TableName;

/// What PostgreSQL quotes names with.
pub(super) const QUOTE: char = '"';

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
    answer applied check claim claim_within complete expire extend forget inspect list_all
    list_held lock look notify record_within release renew stats step sweep version
}

/// A statement, or several, with the table's name put in.
pub(super) fn put_in(table: &TableName, statement: &str) -> SqlStr {
    table.put_in(statement, QUOTE)
}
