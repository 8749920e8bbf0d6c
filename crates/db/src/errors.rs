//! What a driver's error means to people.

use callboard_model::Error;
use sqlx::Error as SqlxError;

/// The code of a transaction that lost against others and may be tried again.
pub(crate) const CONFLICT: &str = "database-conflict";

/// Turns a driver's error into one that says what to do.
///
/// SQLite's primary result codes are listed at <https://sqlite.org/rescode.html>; the low byte of an
/// extended code is the primary one.
pub(crate) fn database_error(error: SqlxError) -> Error {
    let known = match &error {
        SqlxError::Database(cause) => sqlite_code(cause.as_ref()).and_then(sqlite_error),
        SqlxError::Io(_)
        | SqlxError::Tls(_)
        | SqlxError::PoolTimedOut
        | SqlxError::WorkerCrashed => Some(
            Error::unavailable("database-unreachable", "the database does not answer")
                .hint("check `backend.database` in the configuration, and that the database runs"),
        ),
        SqlxError::PoolClosed => Some(Error::unavailable(
            "database-closed",
            "the portal is shutting down",
        )),
        _ => None,
    };
    let described = known.unwrap_or_else(|| match &error {
        SqlxError::Database(cause) if sqlite_code(cause.as_ref()).is_none() => {
            postgres_error(cause.as_ref())
        }
        _ => Error::internal("database", "while talking to the database"),
    });
    described.source(error)
}

/// SQLite's numeric code; PostgreSQL's codes are five characters long.
fn sqlite_code(cause: &dyn sqlx::error::DatabaseError) -> Option<u32> {
    cause
        .code()
        .filter(|code| code.len() < 5)
        .and_then(|code| code.parse().ok())
}

fn sqlite_error(code: u32) -> Option<Error> {
    let (code, message, hint) = match code & 0xff {
        5 | 6 => (
            "database-busy",
            "another process holds the database",
            "stop the other process, or give this one a database of its own",
        ),
        8 => (
            "database-read-only",
            "the database file cannot be written to",
            "give the portal's user write permission on the file and its folder",
        ),
        10 => (
            "database-io",
            "the disk failed while the database was used",
            "check the disk, then start again; committed data is safe",
        ),
        11 | 26 => (
            "database-damaged",
            "the database file is damaged or is not a database",
            "restore it from a backup, or move it away to start with an empty one",
        ),
        13 => (
            "disk-full",
            "the disk is full",
            "free some space; what was committed before is safe",
        ),
        14 => (
            "database-cannot-open",
            "the database file cannot be opened",
            "check that its folder exists and that the portal's user may read and write there",
        ),
        _ => return None,
    };
    Some(Error::unavailable(code, message).hint(hint))
}

/// PostgreSQL's classes: <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
fn postgres_error(cause: &dyn sqlx::error::DatabaseError) -> Error {
    let code = cause.code();
    let (code, hint) = match code.as_deref() {
        Some("28P01" | "28000") => (
            "database-sign-in",
            "check the user and password in `backend.database`",
        ),
        Some("3D000") => (
            "database-missing",
            "create the database, or correct its name in `backend.database`",
        ),
        Some("42501") => (
            "database-permission",
            "give the portal's user the right to create tables",
        ),
        Some("53100") => ("disk-full", "free some space on the database server"),
        Some("25006") => (
            "database-read-only",
            "connect to the primary server, not to a replica",
        ),
        Some("40P01" | "40001") => (CONFLICT, "nothing was written; try again"),
        Some("57P01" | "57P02" | "57P03" | "53300") => (
            "database-unreachable",
            "the portal goes on by itself when the database is back",
        ),
        _ => return Error::internal("database", "while talking to the database"),
    };
    Error::unavailable(code, format!("PostgreSQL refuses: {}", cause.message())).hint(hint)
}
