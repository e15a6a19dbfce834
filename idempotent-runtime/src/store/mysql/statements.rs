//! The statements of one table, made once, so that each connection prepares
//! each of them once.

use sqlx::SqlStr;

use crate::store::sql::TableName;

/// What MySQL quotes names with.
pub(super) const QUOTE: char = '`';

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
    applied claim claim_within columns complete complete_within due engine expire extend forget
    held insert_within inspect lock look probe record_within recorded release seen server slots start
    step sweep version winner
}

/// A statement, or several, with the table's name put in.
pub(super) fn put_in(table: &TableName, statement: &str) -> SqlStr {
    table.put_in(statement, QUOTE)
}
