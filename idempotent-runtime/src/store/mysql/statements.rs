//! The statements of one table, made once, so that each connection prepares
//! each of them once.

use sqlx::SqlStr;

use crate::store::sql::TableName;

/// What MySQL quotes names with.
pub(super) const QUOTE: char = '`';

macro_rules! statements {
    ($($name:ident)*) => {
        /// One field for each file in `sql`, but `outcome.sql`, which is a part of two.
        pub(super) struct Statements {
            $(pub(super) $name: SqlStr,)*
            /// A claim that returns its outcome, as MariaDB can.
            pub(super) claim_returning: SqlStr,
            /// The outcome of a claim before it. No row: the record was deleted
            /// since.
            pub(super) seen: SqlStr,
        }

        impl Statements {
            pub(super) fn of(table: &TableName) -> Self {
                Self {
                    $($name: put_in(
                        table,
                        include_str!(concat!("sql/", stringify!($name), ".sql")),
                    ),)*
                    claim_returning: put_in(table, concat!(
                        include_str!("sql/claim.sql"),
                        "RETURNING\n",
                        include_str!("sql/outcome.sql"),
                    )),
                    seen: put_in(table, concat!(
                        "SELECT\n",
                        include_str!("sql/outcome.sql"),
                        "FROM idempotency_records\nWHERE id = ?",
                    )),
                }
            }
        }
    };
}
statements! {
    answer applied claim claim_within columns complete complete_within due engine expire extend
    forget held insert_within inspect list_all list_held lock look probe record_within recorded
    release server slots stats step sweep version winner
}

/// A statement, or several, with the table's name put in.
pub(super) fn put_in(table: &TableName, statement: &str) -> SqlStr {
    table.put_in(statement, QUOTE)
}
