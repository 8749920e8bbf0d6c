//! A transaction on either database.

use callboard_model::Result;
use futures::FutureExt;
use futures::future::BoxFuture;
use sqlx::{Postgres, Sqlite, Transaction};
use tracing::Span;

use crate::Dialect;
use crate::errors::database_error;
use crate::sql::{FromRow, Param, Rows};
use crate::statement::{Answer, Statement};

/// A transaction: all of it, or when dropped before [`Tx::commit`] nothing of it. Its span ends with it.
pub struct Tx(pub(crate) Inner, pub(crate) Span);

pub(crate) enum Inner {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    /// Runs `sql` and says how many rows it changed.
    pub async fn execute(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<u64> {
        self.run(Statement::new(sql, params)).await
    }

    /// Runs `sql` over `rows`, in pieces if they are many, and says how many rows it changed.
    pub async fn execute_rows(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        rows: &Rows<'_>,
    ) -> Result<u64> {
        self.run(Statement::new(sql, params).over(rows)).await
    }

    /// Runs `sql` and reads all its rows.
    pub async fn fetch<R: FromRow>(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
    ) -> Result<Vec<R>> {
        self.ask(Statement::new(sql, params)).await?.read()
    }

    /// Runs `sql` over `rows`, in pieces if they are many, and reads what all of them answer.
    pub async fn fetch_rows<R: FromRow>(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        rows: &Rows<'_>,
    ) -> Result<Vec<R>> {
        let statement = Statement::new(sql, params).over(rows);
        self.ask(statement).await?.read()
    }

    fn run<'a>(&'a mut self, statement: Statement<'a>) -> BoxFuture<'a, Result<u64>> {
        async move {
            if statement.is_idle() {
                return Ok(0);
            }
            match &mut self.0 {
                Inner::Sqlite(tx) => statement.run_on_sqlite(tx).await,
                Inner::Postgres(tx) => statement.run_on_postgres(tx).await,
            }
        }
        .boxed()
    }

    fn ask<'a>(&'a mut self, statement: Statement<'a>) -> BoxFuture<'a, Result<Answer>> {
        async move {
            if statement.is_idle() {
                return Ok(Answer::Nothing);
            }
            match &mut self.0 {
                Inner::Sqlite(tx) => statement.ask_sqlite(tx).await,
                Inner::Postgres(tx) => statement.ask_postgres(tx).await,
            }
        }
        .boxed()
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
    pub fn roll_back(self) -> BoxFuture<'static, Result<()>> {
        async move {
            let Self(inner, _) = self;
            let ended = match inner {
                Inner::Sqlite(tx) => tx.rollback().await,
                Inner::Postgres(tx) => tx.rollback().await,
            };
            ended.map_err(database_error)
        }
        .boxed()
    }

    /// Makes everything in the transaction visible and durable.
    pub fn commit(self) -> BoxFuture<'static, Result<()>> {
        async move {
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
        .boxed()
    }
}
