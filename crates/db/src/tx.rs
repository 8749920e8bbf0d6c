//! A transaction on either database.

use callboard_model::Result;
use sqlx::{AssertSqlSafe, Postgres, Sqlite, Transaction};

use crate::Dialect;
use crate::errors::database_error;
use crate::sql::{FromRow, Param, render};

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

/// A transaction: all of it, or when dropped before [`Tx::commit`] nothing of it.
pub struct Tx(pub(crate) Inner);

pub(crate) enum Inner {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    /// Runs `sql` and says how many rows it changed.
    pub async fn execute(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<u64> {
        match &mut self.0 {
            Inner::Sqlite(tx) => bind!(
                sqlx::query(AssertSqlSafe(render(sql, Dialect::Sqlite))),
                params
            )
            .execute(&mut **tx)
            .await
            .map(|done| done.rows_affected()),
            Inner::Postgres(tx) => bind!(
                sqlx::query(AssertSqlSafe(render(sql, Dialect::Postgres))),
                params
            )
            .execute(&mut **tx)
            .await
            .map(|done| done.rows_affected()),
        }
        .map_err(database_error)
    }

    /// Runs `sql` and reads all its rows.
    pub async fn fetch<R: FromRow>(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
    ) -> Result<Vec<R>> {
        match &mut self.0 {
            Inner::Sqlite(tx) => {
                bind!(
                    sqlx::query_as(AssertSqlSafe(render(sql, Dialect::Sqlite))),
                    params
                )
                .fetch_all(&mut **tx)
                .await
            }
            Inner::Postgres(tx) => {
                bind!(
                    sqlx::query_as(AssertSqlSafe(render(sql, Dialect::Postgres))),
                    params
                )
                .fetch_all(&mut **tx)
                .await
            }
        }
        .map_err(database_error)
    }

    /// Makes everything in the transaction visible and durable.
    pub async fn commit(self) -> Result<()> {
        match self.0 {
            Inner::Sqlite(tx) => tx.commit().await,
            Inner::Postgres(tx) => tx.commit().await,
        }
        .map_err(database_error)
    }
}
