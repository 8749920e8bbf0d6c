//! Brings a feature's tables up to date.

use std::borrow::Cow;

use callboard_model::{Error, Result};
use futures::FutureExt;
use futures::future::BoxFuture;
use sqlx::migrate::{MigrateError, Migration as SqlxMigration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, SqlSafeStr};

use crate::database::Pools;
use crate::errors::database_error;
use crate::{Database, Dialect};

/// One step forward; there are no steps back.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// Its place in the feature's order, from 1.
    pub number: i64,
    /// What it does, in a few words.
    pub name: &'static str,
    /// The statements for SQLite.
    pub sqlite: &'static str,
    /// The statements for PostgreSQL.
    pub postgres: &'static str,
}

/// All the steps of one feature.
#[derive(Clone, Copy, Debug)]
pub struct Migrations {
    /// The feature's name, in lower case with `_`; its record is the table `<feature>_migrations`.
    pub feature: &'static str,
    /// The steps in order.
    pub steps: &'static [Migration],
}

impl Database {
    /// Applies the steps that this database has not seen, under a lock that other processes honour.
    ///
    /// A database that knows steps which we do not know was written by a newer version: it is refused
    /// and left as it is.
    pub fn migrate<'a>(&'a self, migrations: &'a Migrations) -> BoxFuture<'a, Result<()>> {
        self.apply(migrations).boxed()
    }

    async fn apply(&self, migrations: &Migrations) -> Result<()> {
        let steps = migrations.steps.iter().map(|step| {
            let sql = match self.dialect() {
                Dialect::Sqlite => step.sqlite,
                Dialect::Postgres => step.postgres,
            };
            SqlxMigration::new(
                step.number,
                Cow::Borrowed(step.name),
                MigrationType::Simple,
                AssertSqlSafe(sql).into_sql_str(),
                false,
            )
        });
        let mut migrator = Migrator::with_migrations(steps.collect());
        migrator.dangerous_set_table_name(format!("{}_migrations", migrations.feature));
        let applied = match self.pools() {
            Pools::Sqlite { write, .. } => migrator.run(write).await,
            Pools::Postgres { rows, .. } => migrator.run(rows).await,
        };
        applied.map_err(|error| migration_error(error, migrations, self))
    }
}

fn migration_error(error: MigrateError, migrations: &Migrations, database: &Database) -> Error {
    match error {
        MigrateError::VersionMissing(number) => Error::new(
            callboard_model::ErrorKind::Conflict,
            "database-from-newer-version",
            format!(
                "the database at {database} was written by a newer version of Callboard: its `{}` tables are at step {number}, this version knows {}",
                migrations.feature,
                migrations.steps.len(),
            ),
        )
        .hint("start the newer version again, or point `backend.database` at another database; nothing was changed"),
        MigrateError::VersionMismatch(number) | MigrateError::Dirty(number) => Error::new(
            callboard_model::ErrorKind::Conflict,
            "database-modified",
            format!(
                "step {number} of the `{}` tables in the database at {database} is not the one this version knows",
                migrations.feature,
            ),
        )
        .hint("restore the database from a backup, or point `backend.database` at another one; nothing was changed"),
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => database_error(error),
        other => Error::internal("database-migration", "while bringing the database up to date").source(other),
    }
}
