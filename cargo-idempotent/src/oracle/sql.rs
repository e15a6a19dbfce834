//! A ledger that is a query of the service's own database.
//!
//! Values are bound, never pasted. Errors name the query and the variable, and nothing
//! of the URL, as it holds a password.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Mutex, Once, PoisonError},
    time::Duration,
};

use sqlx::{AnyConnection, AssertSqlSafe, Connection as _, Row as _, any::AnyRow};
use tokio::runtime::{Builder, Runtime};

use crate::plan::Sql;

/// So long may a query take before the database counts as stuck.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) struct Query {
    /// As the plan has it.
    text: String,
    /// With the database's own placeholders.
    sql: String,
    /// What each placeholder stands for, in their order.
    names: Vec<String>,
    url: String,
    env: String,
    open: Mutex<(Runtime, Option<AnyConnection>)>,
}

impl Query {
    pub(super) fn new(sql: &Sql) -> Result<Self, String> {
        let env = &sql.url.env;
        let url = std::env::var(env)
            .map_err(|_| format!("the variable {env} has no URL of a database"))?;
        Self::at(&url, env, &sql.query)
    }

    fn at(url: &str, env: &str, query: &str) -> Result<Self, String> {
        static DRIVERS: Once = Once::new();
        DRIVERS.call_once(sqlx::any::install_default_drivers);
        let scheme = url.split(':').next().unwrap_or_default().to_owned();
        let numbered = match scheme.as_str() {
            "postgres" | "postgresql" => true,
            "mysql" | "mariadb" | "sqlite" => false,
            _ => {
                return Err(format!(
                    "the URL in {env} begins with neither postgres:, mysql: nor sqlite:"
                ));
            }
        };
        let (text, names) = placeholders(query, numbered);
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|e| format!("the runtime for databases: {e}"))?;
        Ok(Self {
            text: query.to_owned(),
            sql: text,
            names,
            url: url.replacen("mariadb:", "mysql:", 1),
            env: env.to_owned(),
            open: Mutex::new((runtime, None)),
        })
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The query's number, with these values bound.
    pub(super) fn count(&self, values: &BTreeMap<String, String>) -> Result<i64, String> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let (runtime, kept) = &mut *open;
        let asked = runtime.block_on(async {
            let row = tokio::time::timeout(PATIENCE, self.ask(kept, values));
            row.await
                .map_err(|_| format!("no answer within {} s", PATIENCE.as_secs()))?
        });
        asked.map_err(|e| {
            // Whatever went wrong: the next one begins with a new connection.
            *kept = None;
            format!(
                "the query `{}` on the database of {}: {e}",
                self.text, self.env
            )
        })
    }

    async fn ask(
        &self,
        kept: &mut Option<AnyConnection>,
        values: &BTreeMap<String, String>,
    ) -> Result<i64, String> {
        let clean = |e: sqlx::Error| self.clean(&e.to_string());
        let connection = match kept {
            Some(connection) => connection,
            none => none.insert(AnyConnection::connect(&self.url).await.map_err(clean)?),
        };
        let mut query = sqlx::query(AssertSqlSafe(self.sql.as_str()));
        for name in &self.names {
            query = query.bind(values.get(name).cloned().unwrap_or_default());
        }
        let rows = query.fetch_all(&mut *connection).await.map_err(clean)?;
        match &rows[..] {
            [row] => number(row).map_err(|e| self.clean(&e)),
            rows => Err(format!("it answered {} rows, not one", rows.len())),
        }
    }

    /// An error's text without the URL and its password.
    fn clean(&self, text: &str) -> String {
        let mut text = text.replace(&self.url, "…");
        let user = self
            .url
            .split_once("://")
            .and_then(|(_, r)| r.split_once('@'));
        if let Some((_, password)) = user.and_then(|(u, _)| u.split_once(':'))
            && !password.is_empty()
        {
            text = text.replace(password, "…");
        }
        text
    }
}

fn number(row: &AnyRow) -> Result<i64, String> {
    if row.len() != 1 {
        return Err(format!("it answered {} columns, not one", row.len()));
    }
    // A sum over nothing is NULL.
    let number: Option<i64> = row
        .try_get(0)
        .map_err(|e| format!("it answered no integer (cast it to bigint): {e}"))?;
    Ok(number.unwrap_or(0))
}

/// Puts placeholders in the place of `${name}`.
fn placeholders(query: &str, numbered: bool) -> (String, Vec<String>) {
    let (mut sql, mut names) = (String::new(), Vec::new());
    let mut parts = query.split("${");
    sql.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (name, rest) = part.split_once('}').unwrap_or((part, ""));
        names.push(name.to_owned());
        if numbered {
            sql.push('$');
            sql.push_str(&names.len().to_string());
        } else {
            sql.push('?');
        }
        sql.push_str(rest);
    }
    (sql, names)
}

impl fmt::Debug for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Never the URL: it holds a password.
        let mut out = f.debug_struct("Query");
        out.field("text", &self.text).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
