//! A transaction on either database.

use callboard_model::Result;
use sqlx::{AssertSqlSafe, Postgres, Sqlite, Transaction};
use tracing::Span;

use crate::Dialect;
use crate::errors::database_error;
use crate::sql::{Column, FromRow, Param, Rows, render};

/// Binds every parameter to a query of either driver.
macro_rules! bind {
    ($query:expr, $params:expr) => {{
        let mut query = $query;
        for param in $params {
            query = match param {
                Param::Text(text) => query.bind(text.as_ref()),
                Param::Int(number) => query.bind(*number),
                Param::Null => query.bind(None::<&str>),
            };
        }
        query
    }};
}
pub(crate) use bind;

/// Binds a piece of the rows, row by row.
macro_rules! bind_values {
    ($query:expr, $rows:expr, $piece:expr) => {{
        let mut query = $query;
        for row in $piece {
            for column in $rows.columns() {
                query = match column {
                    Column::Texts(values) => query.bind(values[row]),
                    Column::Ints(values) => query.bind(values[row]),
                };
            }
        }
        query
    }};
}
pub(crate) use bind_values;

/// Binds the rows, one array a column.
macro_rules! bind_arrays {
    ($query:expr, $rows:expr) => {{
        let mut query = $query;
        for column in $rows.columns() {
            query = match column {
                Column::Texts(values) => query.bind(values.as_slice()),
                Column::Ints(values) => query.bind(values.as_slice()),
            };
        }
        query
    }};
}
pub(crate) use bind_arrays;

/// A transaction: all of it, or when dropped before [`Tx::commit`] nothing of it. Its span ends with it.
pub struct Tx(pub(crate) Inner, pub(crate) Span);

pub(crate) enum Inner {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    /// Runs `sql` and says how many rows it changed.
    pub async fn execute(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<u64> {
        match &mut self.0 {
            Inner::Sqlite(tx) => {
                let text = AssertSqlSafe(render(sql, Dialect::Sqlite, None, params.len()));
                let done = bind!(sqlx::query(text), params).execute(&mut **tx).await;
                done.map(|done| done.rows_affected())
            }
            Inner::Postgres(tx) => {
                let text = AssertSqlSafe(render(sql, Dialect::Postgres, None, params.len()));
                let done = bind!(sqlx::query(text), params).execute(&mut **tx).await;
                done.map(|done| done.rows_affected())
            }
        }
        .map_err(database_error)
    }

    /// Runs `sql` over `rows`, in pieces if they are many, and says how many rows it changed.
    pub async fn execute_rows(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        rows: &Rows<'_>,
    ) -> Result<u64> {
        if rows.is_empty() {
            return Ok(0);
        }
        let count = params.len();
        match &mut self.0 {
            Inner::Sqlite(tx) => {
                let mut changed = 0;
                for piece in rows.pieces(count) {
                    let text = render(sql, Dialect::Sqlite, Some((rows, piece.len())), count);
                    let query = bind_values!(sqlx::query(AssertSqlSafe(text)), rows, piece);
                    let done = bind!(query, params).execute(&mut **tx).await;
                    changed += done.map_err(database_error)?.rows_affected();
                }
                Ok(changed)
            }
            Inner::Postgres(tx) => {
                let text = render(sql, Dialect::Postgres, Some((rows, rows.len())), count);
                let query = bind!(sqlx::query(AssertSqlSafe(text)), params);
                let done = bind_arrays!(query, rows).execute(&mut **tx).await;
                done.map(|done| done.rows_affected())
                    .map_err(database_error)
            }
        }
    }

    /// Runs `sql` and reads all its rows.
    pub async fn fetch<R: FromRow>(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
    ) -> Result<Vec<R>> {
        match &mut self.0 {
            Inner::Sqlite(tx) => {
                let text = AssertSqlSafe(render(sql, Dialect::Sqlite, None, params.len()));
                bind!(sqlx::query_as(text), params)
                    .fetch_all(&mut **tx)
                    .await
            }
            Inner::Postgres(tx) => {
                let text = AssertSqlSafe(render(sql, Dialect::Postgres, None, params.len()));
                bind!(sqlx::query_as(text), params)
                    .fetch_all(&mut **tx)
                    .await
            }
        }
        .map_err(database_error)
    }

    /// Runs `sql` over `rows`, in pieces if they are many, and reads what all of them answer.
    pub async fn fetch_rows<R: FromRow>(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        rows: &Rows<'_>,
    ) -> Result<Vec<R>> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let count = params.len();
        match &mut self.0 {
            Inner::Sqlite(tx) => {
                let mut found = Vec::new();
                for piece in rows.pieces(count) {
                    let text = render(sql, Dialect::Sqlite, Some((rows, piece.len())), count);
                    let query = bind_values!(sqlx::query_as(AssertSqlSafe(text)), rows, piece);
                    let query = bind!(query, params);
                    found.extend(query.fetch_all(&mut **tx).await.map_err(database_error)?);
                }
                Ok(found)
            }
            Inner::Postgres(tx) => {
                let text = render(sql, Dialect::Postgres, Some((rows, rows.len())), count);
                let query = bind!(sqlx::query_as(AssertSqlSafe(text)), params);
                bind_arrays!(query, rows)
                    .fetch_all(&mut **tx)
                    .await
                    .map_err(database_error)
            }
        }
    }

    /// Which SQL it speaks.
    pub fn dialect(&self) -> Dialect {
        match self.0 {
            Inner::Sqlite(_) => Dialect::Sqlite,
            Inner::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Ends the transaction as if nothing had been done in it, and waits until its locks are gone. A transaction that
    /// is dropped ends in the same way, some time later.
    pub async fn roll_back(self) -> Result<()> {
        let Self(inner, _) = self;
        let ended = match inner {
            Inner::Sqlite(tx) => tx.rollback().await,
            Inner::Postgres(tx) => tx.rollback().await,
        };
        ended.map_err(database_error)
    }

    /// Makes everything in the transaction visible and durable.
    pub async fn commit(self) -> Result<()> {
        let Self(inner, span) = self;
        let committed = match inner {
            Inner::Sqlite(tx) => tx.commit().await,
            Inner::Postgres(tx) => tx.commit().await,
        };
        if committed.is_err() {
            span.record("otel.status_code", "ERROR");
        }
        committed.map_err(database_error)
    }
}
