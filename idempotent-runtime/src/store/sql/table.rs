//! The records' table: its name, and statements with the name put in.

use std::sync::Arc;

use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr};

use crate::store::StoreError;

/// The name that the `.sql` files use, so that they run as they stand.
const DEFAULT: &str = "idempotency_records";
/// The table beside it that tells which migrations ran.
const MIGRATIONS: &str = "idempotency_migrations";
/// What every database takes.
const LONGEST: usize = 63;
/// Leaves an index's own suffix its room.
const STEM: usize = 40;

/// A name that was checked, so that it can stand in a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TableName {
    schema: Option<String>,
    name: String,
}

impl TableName {
    /// Checks a table's name.
    pub(crate) fn new(name: &str) -> Result<Self, StoreError> {
        let table = Self {
            schema: None,
            name: identifier(name, name)?,
        };
        Ok(table)
    }

    /// Checks a table's name that may have a schema's before it: `app.records`.
    #[cfg(feature = "postgres")]
    pub(crate) fn qualified(name: &str) -> Result<Self, StoreError> {
        let Some((schema, table)) = name.split_once('.') else {
            return Self::new(name);
        };
        let table = Self {
            schema: Some(identifier(schema, name)?),
            name: identifier(table, name)?,
        };
        Ok(table)
    }

    /// The name as an error shows it: `app.records`.
    pub(crate) fn shown(&self) -> String {
        match &self.schema {
            Some(schema) => format!("{schema}.{}", self.name),
            None => self.name.clone(),
        }
    }

    /// The name without its schema.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// `statement`, written with the default names, with this table's put in:
    /// `idempotency_records` becomes the quoted name, `idempotency_records_…`
    /// (an index) starts with this name, and `idempotency_migrations` lies in
    /// this table's schema. `quote` is what the database quotes names with.
    pub(crate) fn put_in(&self, statement: &str, quote: char) -> SqlStr {
        let statement = statement
            .replace(&format!("{DEFAULT}_"), &format!("{}_", self.stem()))
            .replace(MIGRATIONS, &self.beside(MIGRATIONS, quote));
        // The name just put in may contain the default one.
        let mut parts = statement.split(DEFAULT);
        let mut written = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            if part.starts_with('_') {
                written.push_str(DEFAULT);
            } else {
                written.push_str(&self.quoted(quote));
            }
            written.push_str(part);
        }
        AssertSqlSafe(Arc::<str>::from(written)).into_sql_str()
    }

    /// The whole name, quoted by `quote`.
    pub(crate) fn quoted(&self, quote: char) -> String {
        self.beside(&self.name, quote)
    }

    /// A table of the same schema.
    fn beside(&self, name: &str, quote: char) -> String {
        match &self.schema {
            Some(schema) => format!("{quote}{schema}{quote}.{quote}{name}{quote}"),
            None => format!("{quote}{name}{quote}"),
        }
    }

    /// What the indexes' names start with: databases cut long names short,
    /// after which two would be one.
    fn stem(&self) -> String {
        if self.name.len() <= STEM {
            return self.name.clone();
        }
        let digest = blake3::hash(self.name.as_bytes()).to_hex();
        format!("{}_{}", &self.name[..STEM - 9], &digest[..8])
    }
}

impl Default for TableName {
    fn default() -> Self {
        Self {
            schema: None,
            name: DEFAULT.to_owned(),
        }
    }
}

fn identifier(part: &str, whole: &str) -> Result<String, StoreError> {
    let letter = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'_';
    let bytes = part.as_bytes();
    let fits = bytes.len() <= LONGEST
        && part != MIGRATIONS
        && bytes.first().is_some_and(letter)
        && bytes
            .iter()
            .all(|byte| letter(byte) || byte.is_ascii_digit());
    if fits {
        return Ok(part.to_owned());
    }
    Err(StoreError::Misconfigured {
        what: format!(
            "{whole:?} cannot name the records' table; take 1 to {LONGEST} of A-Z, a-z, 0-9 and \
             _, not starting with a digit, and not `{MIGRATIONS}`"
        ),
    })
}

#[cfg(all(test, feature = "postgres"))]
mod tests {
    use super::*;

    const CREATE: &str = "CREATE TABLE idempotency_records (id int); \
        CREATE INDEX idempotency_records_sweep ON idempotency_records (id); \
        INSERT INTO idempotency_migrations VALUES (1)";

    #[test]
    fn the_name_is_put_in_wherever_it_belongs() {
        let table = TableName::qualified("app.keys").unwrap();
        assert_eq!(
            table.put_in(CREATE, '"').as_str(),
            "CREATE TABLE \"app\".\"keys\" (id int); \
             CREATE INDEX keys_sweep ON \"app\".\"keys\" (id); \
             INSERT INTO \"app\".\"idempotency_migrations\" VALUES (1)"
        );
    }

    #[test]
    fn a_name_that_contains_the_default_one_is_put_in_once() {
        for name in [
            "idempotency_records",
            "my_idempotency_records",
            "idempotency_records_2",
        ] {
            let written = TableName::new(name).unwrap().put_in(CREATE, '`');
            assert_eq!(
                written.as_str(),
                format!(
                    "CREATE TABLE `{name}` (id int); CREATE INDEX {name}_sweep ON `{name}` (id); \
                     INSERT INTO `idempotency_migrations` VALUES (1)"
                )
            );
        }
    }

    #[test]
    fn long_names_keep_their_indexes_apart() {
        let of = |last: char| {
            let name = format!("{}{last}", "r".repeat(62));
            TableName::new(&name).unwrap().stem()
        };
        assert_ne!(of('a'), of('b'));
        assert!(of('a').len() <= STEM);
    }

    #[test]
    fn what_could_break_out_of_a_statement_is_refused() {
        let wrong = [
            "", "1a", "a b", "a\"b", "a;b", "a.b.c", "é", ".a", "a.", "a-b",
        ];
        for name in wrong {
            assert!(TableName::qualified(name).is_err(), "{name:?}");
        }
        assert!(TableName::qualified(&"a".repeat(64)).is_err());
        assert!(TableName::new("app.records").is_err(), "no schema here");
    }
}
