//! A connection to one database, of either kind.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use callboard_model::{Error, Result};
use futures::FutureExt;
use futures::future::BoxFuture;
use futures::stream::{BoxStream, StreamExt, TryStreamExt};
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool, SqlitePool};
use tracing::Span;

use crate::errors::database_error;
use crate::settings::{PostgresServer, Settings};
use crate::sql::{FromRow, Param, Rows, render};
use crate::statement::{Answer, Statement};
use crate::tx::{Inner, Tx};

/// Which SQL the database speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite 3.38 or newer.
    Sqlite,
    /// PostgreSQL 12 or newer.
    Postgres,
}

/// An open database. Clones share its connections.
#[derive(Clone)]
pub struct Database {
    pools: Pools,
    name: String,
    /// Whether processes on the database tell each other by its notifications.
    announces: bool,
}

impl fmt::Debug for Database {
    /// Without what it takes to connect.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Database({})", self.name)
    }
}

#[derive(Clone)]
pub(crate) enum Pools {
    /// SQLite has one writer at a time, so writes queue for one connection instead of failing.
    Sqlite { read: SqlitePool, write: SqlitePool },
    Postgres {
        rows: PgPool,
        /// For what reads whole tables.
        tables: PgPool,
    },
}

const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const READERS: u32 = 2;

impl Database {
    /// Opens the database, making an SQLite file and its folder when they are missing.
    pub fn open(settings: &Settings) -> BoxFuture<'_, Result<Self>> {
        match settings {
            Settings::SqliteFile(path) => Self::open_file(path.clone()).boxed(),
            Settings::SqliteMemory => Self::open_memory().boxed(),
            Settings::Postgres(server) => Self::open_postgres(server).boxed(),
        }
    }

    async fn open_file(path: PathBuf) -> Result<Self> {
        let name = format!("`{}`", path.display());
        let named = |error: Error| locate(error, &name);
        if let Some(folder) = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
        {
            std::fs::create_dir_all(folder).map_err(|error| {
                Error::unavailable(
                    "database-cannot-open",
                    format!("the folder of the database {name} cannot be made: {error}"),
                )
                .hint("make the folder, or set another file in `backend.database.connection`")
            })?;
        }
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // With WAL a power cut loses at most the last transactions, never consistency.
            .synchronous(SqliteSynchronous::Normal)
            .foreign_keys(true)
            // Larger pages and a longer log make the first load of a catalog a third shorter: a page that changes in
            // many transactions goes to its place once. The log stays below 512 MB, and is emptied by `rest`.
            .page_size(8_192)
            .pragma("wal_autocheckpoint", "65536")
            .pragma("journal_size_limit", "67108864")
            // A large transaction changes pages all over the file, and each that leaves the cache before the end is
            // written once more. What the cache took is given back by `rest`.
            .pragma("cache_size", "-128000")
            // Rows cross a thread; few at a time would wake it up for each.
            .row_buffer_size(1_024)
            // Every statement over rows is prepared for a few numbers of rows.
            .statement_cache_capacity(1_000)
            .pragma("temp_store", "memory")
            .busy_timeout(BUSY_TIMEOUT);
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(CONNECT_TIMEOUT)
            // A full disk makes SQLite roll back by itself, and the driver goes on believing in the transaction.
            .before_acquire(|connection, _| {
                let usable = !connection.is_in_transaction();
                Box::pin(async move { Ok(usable) })
            })
            .connect_with(options.clone())
            .await
            .map_err(|error| named(database_error(error)))?;
        let read = SqlitePoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(CONNECT_TIMEOUT)
            // Readers scan; what they read twice is kept in memory by whoever reads it.
            .connect_lazy_with(
                options
                    .read_only(true)
                    .create_if_missing(false)
                    .pragma("cache_size", "-2000"),
            );
        let database = Self {
            pools: Pools::Sqlite { read, write },
            name,
            announces: false,
        };
        database.check_writable().await?;
        Ok(database)
    }

    async fn open_memory() -> Result<Self> {
        // Every connection to `:memory:` is a database of its own, so there may be only one.
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(
                SqliteConnectOptions::new()
                    .in_memory(true)
                    .foreign_keys(true),
            )
            .await
            .map_err(database_error)?;
        Ok(Self {
            pools: Pools::Sqlite {
                read: pool.clone(),
                write: pool,
            },
            name: "`:memory:`".to_owned(),
            announces: false,
        })
    }

    async fn open_postgres(server: &PostgresServer) -> Result<Self> {
        let options = server.options()?;
        let name = format!(
            "`{}:{}/{}`",
            options.get_host(),
            options.get_port(),
            options.get_database().unwrap_or_default()
        );
        let options = options.application_name("callboard");
        let rows = PgPoolOptions::new()
            .max_connections(8)
            .acquire_timeout(CONNECT_TIMEOUT)
            .after_connect(|connection, _| Box::pin(tune(connection)))
            .connect_with(options.clone())
            .await
            .map_err(|error| locate(database_error(error), &name))?;
        let tables = PgPoolOptions::new()
            .max_connections(1)
            .acquire_timeout(CONNECT_TIMEOUT)
            .idle_timeout(CONNECT_TIMEOUT)
            .connect_lazy_with(options);
        Ok(Self {
            pools: Pools::Postgres { rows, tables },
            name,
            announces: true,
        })
    }

    /// Finds out now, with a clear sentence, that the file or the disk refuses writes.
    async fn check_writable(&self) -> Result<()> {
        if let Pools::Sqlite { write, .. } = &self.pools {
            let refused = |error| locate(database_error(error), &self.name);
            let tx = write.begin_with("BEGIN IMMEDIATE").await.map_err(refused)?;
            tx.rollback().await.map_err(refused)?;
        }
        Ok(())
    }

    /// Does now what would have to be done at some time, because there is nothing else to do: SQLite moves what is in
    /// its log to its place, and lets go of the pages that it remembers.
    pub fn rest(&self) -> BoxFuture<'_, Result<()>> {
        async move {
            if let Pools::Sqlite { write, .. } = &self.pools {
                for pragma in ["PRAGMA wal_checkpoint(PASSIVE)", "PRAGMA shrink_memory"] {
                    let done = sqlx::query(pragma).execute(write);
                    done.await.map_err(database_error)?;
                }
            }
            Ok(())
        }
        .boxed()
    }

    /// Has the database count what `tables` hold, because they hold much more than a moment ago: how it carries out a
    /// statement depends on that, and it would notice by itself only after a minute. SQLite does not need to know.
    pub fn take_stock(&self, tables: &[&'static str]) -> BoxFuture<'_, ()> {
        let analyze = AssertSqlSafe(format!("ANALYZE {}", tables.join(", ")));
        async move {
            if let Pools::Postgres { tables: pool, .. } = &self.pools
                && let Err(error) = sqlx::query(analyze).execute(pool).await
            {
                tracing::debug!(%error, "the database does not count its tables now");
            }
        }
        .boxed()
    }

    /// The same database, used without its notifications: who waits for them looks by itself from time to time.
    #[must_use]
    pub fn without_announcements(self) -> Self {
        Self {
            announces: false,
            ..self
        }
    }

    pub(crate) fn announces(&self) -> bool {
        self.announces
    }

    /// Which SQL it speaks.
    pub fn dialect(&self) -> Dialect {
        match self.pools {
            Pools::Sqlite { .. } => Dialect::Sqlite,
            Pools::Postgres { .. } => Dialect::Postgres,
        }
    }

    /// Begins a transaction that may write.
    pub fn begin(&self) -> BoxFuture<'_, Result<Tx>> {
        let span = transaction_span(self.dialect());
        async move {
            let inner = match &self.pools {
                Pools::Sqlite { write, .. } => {
                    write.begin_with("BEGIN IMMEDIATE").await.map(Inner::Sqlite)
                }
                Pools::Postgres { rows, .. } => rows.begin().await.map(Inner::Postgres),
            };
            inner.map(|inner| Tx(inner, span)).map_err(database_error)
        }
        .boxed()
    }

    /// Reads all rows of `sql` outside of any transaction.
    pub async fn fetch<R: FromRow>(
        &self,
        sql: &'static str,
        params: &[Param<'_>],
    ) -> Result<Vec<R>> {
        self.ask(Statement::new(sql, params)).await?.read()
    }

    /// Reads what `sql` answers for all of `rows`, outside of any transaction.
    pub async fn fetch_rows<R: FromRow>(
        &self,
        sql: &'static str,
        params: &[Param<'_>],
        rows: &Rows<'_>,
    ) -> Result<Vec<R>> {
        let statement = Statement::new(sql, params).over(rows);
        self.ask(statement).await?.read()
    }

    fn ask<'a>(&'a self, statement: Statement<'a>) -> BoxFuture<'a, Result<Answer>> {
        async move {
            if statement.is_idle() {
                return Ok(Answer::Nothing);
            }
            match &self.pools {
                Pools::Sqlite { read, .. } => {
                    let mut connection = read.acquire().await.map_err(database_error)?;
                    statement.ask_sqlite(&mut connection).await
                }
                Pools::Postgres { rows, .. } => {
                    let mut connection = rows.acquire().await.map_err(database_error)?;
                    statement.ask_postgres(&mut connection).await
                }
            }
        }
        .boxed()
    }

    /// Reads the rows of `sql` one after the other, outside of any other transaction, however many there are. This is
    /// the way to read whole tables.
    pub fn stream<'a, R: FromRow + 'a>(&'a self, sql: &'static str) -> BoxStream<'a, Result<R>> {
        let text = AssertSqlSafe(render(sql, self.dialect(), None, 0));
        match &self.pools {
            Pools::Sqlite { read, .. } => sqlx::query_as(text)
                .fetch(read)
                .map_err(database_error)
                .boxed(),
            Pools::Postgres { tables, .. } => sqlx::query_as(text)
                .fetch(tables)
                .map_err(database_error)
                .boxed(),
        }
    }

    /// Closes every connection; SQLite's log is folded into its file.
    pub fn close(&self) -> BoxFuture<'_, ()> {
        async move {
            match &self.pools {
                Pools::Sqlite { read, write } => {
                    read.close().await;
                    write.close().await;
                }
                Pools::Postgres { rows, tables } => {
                    tables.close().await;
                    rows.close().await;
                }
            }
        }
        .boxed()
    }

    pub(crate) fn pools(&self) -> &Pools {
        &self.pools
    }
}

/// Statements over many rows are planned for what the tables hold by now, not as they were when a statement was first
/// seen and the tables were empty; and compiling a plan takes longer than anything that is asked here. All of them ask
/// for some rows by their keys: a plan that reads the whole table instead would take as long as the table is large.
async fn tune(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    const SETTINGS: [&str; 6] = [
        "SET plan_cache_mode = force_custom_plan",
        "SET jit = off",
        "SET max_parallel_workers_per_gather = 0",
        "SET random_page_cost = 1.1",
        "SET enable_hashjoin = off",
        "SET enable_mergejoin = off",
    ];
    for setting in SETTINGS {
        // A database that is compatible with PostgreSQL may not know them all, and does without.
        if let Err(error) = sqlx::query(setting).execute(&mut *connection).await {
            tracing::debug!(%error, setting, "the database does without this setting");
        }
    }
    Ok(())
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// The span of a transaction, from the wait for a connection to its end. Only inside of another one: a look for work
/// that finds none is no news.
fn transaction_span(dialect: Dialect) -> Span {
    if Span::current().is_disabled() {
        return Span::none();
    }
    let system = match dialect {
        Dialect::Sqlite => "sqlite",
        Dialect::Postgres => "postgresql",
    };
    tracing::debug_span!(
        "transaction",
        otel.kind = "client",
        otel.status_code = tracing::field::Empty,
        db.system.name = system
    )
}

/// The same error with the database's name in its message.
fn locate(error: Error, name: &str) -> Error {
    let hint = error.hint_text().map(str::to_owned);
    let located = Error::new(
        error.kind(),
        error.code().to_owned(),
        format!("{} ({name})", error.message()),
    );
    let located = match hint {
        Some(hint) => located.hint(hint),
        None => located,
    };
    located.source(error)
}
