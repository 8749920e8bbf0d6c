//! One statement on its way to either database.
//!
//! What the drivers do is much code, and whoever awaits one of their futures has a copy of all of it: every crate with
//! SQL in it would carry both drivers several times. So nothing of them leaves this crate but in boxes, and rows are
//! read out of what is in there.

use std::ops::Range;

use callboard_model::Result;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, PgConnection, SqliteConnection};

use crate::Dialect;
use crate::errors::database_error;
use crate::sql::{Column, FromRow, Param, Rows, render};

/// A statement.
#[derive(Clone, Copy)]
pub(crate) struct Statement<'a> {
    sql: &'static str,
    params: &'a [Param<'a>],
    /// What stands in the place of `$rows`.
    rows: Option<&'a Rows<'a>>,
}

/// What a statement answered.
pub(crate) enum Answer {
    Nothing,
    Sqlite(Vec<SqliteRow>),
    Postgres(Vec<PgRow>),
}

impl Answer {
    /// The rows in it.
    pub(crate) fn read<R: FromRow>(self) -> Result<Vec<R>> {
        let read: sqlx::Result<Vec<R>> = match self {
            Self::Nothing => Ok(Vec::new()),
            Self::Sqlite(rows) => rows.iter().map(R::from_row).collect(),
            Self::Postgres(rows) => rows.iter().map(R::from_row).collect(),
        };
        read.map_err(database_error)
    }
}

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

/// The query for a piece of the rows, row by row before the parameters, or for no rows.
macro_rules! sqlite_query {
    ($statement:expr, $piece:expr) => {{
        let Statement { sql, params, rows } = $statement;
        let among = rows.map(|rows| (rows, $piece.len()));
        let text = render(sql, Dialect::Sqlite, among, params.len());
        let mut query = sqlx::query(AssertSqlSafe(text));
        for row in $piece {
            for column in rows.map_or(&[][..], Rows::columns) {
                query = match column {
                    Column::Texts(values) => query.bind(values[row]),
                    Column::Ints(values) => query.bind(values[row]),
                };
            }
        }
        bind!(query, params)
    }};
}

/// The query for all rows, one array a column behind the parameters, or for no rows.
macro_rules! postgres_query {
    ($statement:expr) => {{
        let Statement { sql, params, rows } = $statement;
        let among = rows.map(|rows| (rows, rows.len()));
        let text = render(sql, Dialect::Postgres, among, params.len());
        let mut query = bind!(sqlx::query(AssertSqlSafe(text)), params);
        for column in rows.map_or(&[][..], Rows::columns) {
            query = match column {
                Column::Texts(values) => query.bind(values.as_slice()),
                Column::Ints(values) => query.bind(values.as_slice()),
            };
        }
        query
    }};
}

impl<'a> Statement<'a> {
    pub(crate) fn new(sql: &'static str, params: &'a [Param<'a>]) -> Self {
        Self {
            sql,
            params,
            rows: None,
        }
    }

    /// The same for all of `rows`.
    pub(crate) fn over(self, rows: &'a Rows<'a>) -> Self {
        Self {
            rows: Some(rows),
            ..self
        }
    }

    /// Whether it is for no row at all, so that there is nothing to do.
    pub(crate) fn is_idle(&self) -> bool {
        self.rows.is_some_and(Rows::is_empty)
    }

    /// The rows in pieces that SQLite takes; one that is empty for a statement without any.
    fn pieces(&self) -> Vec<Range<usize>> {
        match self.rows {
            Some(rows) => rows.pieces(self.params.len()),
            None => Vec::from([Range::default()]),
        }
    }

    /// Asks SQLite.
    pub(crate) async fn ask_sqlite(self, connection: &mut SqliteConnection) -> Result<Answer> {
        let mut found = Vec::new();
        for piece in self.pieces() {
            let query = sqlite_query!(self, piece.clone());
            let rows = query.fetch_all(&mut *connection).await;
            found.append(&mut rows.map_err(database_error)?);
        }
        Ok(Answer::Sqlite(found))
    }

    /// Asks PostgreSQL.
    pub(crate) async fn ask_postgres(self, connection: &mut PgConnection) -> Result<Answer> {
        let found = postgres_query!(self).fetch_all(connection).await;
        found.map(Answer::Postgres).map_err(database_error)
    }

    /// Has SQLite do it; how many rows it changed.
    pub(crate) async fn run_on_sqlite(self, connection: &mut SqliteConnection) -> Result<u64> {
        let mut changed = 0;
        for piece in self.pieces() {
            let query = sqlite_query!(self, piece.clone());
            let done = query.execute(&mut *connection).await;
            changed += done.map_err(database_error)?.rows_affected();
        }
        Ok(changed)
    }

    /// Has PostgreSQL do it; how many rows it changed.
    pub(crate) async fn run_on_postgres(self, connection: &mut PgConnection) -> Result<u64> {
        let done = postgres_query!(self).execute(connection).await;
        done.map(|done| done.rows_affected())
            .map_err(database_error)
    }
}
