//! Which database to open.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use callboard_model::{Error, Result};
use sqlx::postgres::PgConnectOptions;

/// Which database to open.
#[derive(Clone, Debug)]
pub enum Settings {
    /// A file, made when it is missing.
    SqliteFile(PathBuf),
    /// Nothing on disk; gone with the process.
    SqliteMemory,
    /// A PostgreSQL server.
    Postgres(PostgresServer),
}

/// How to reach a PostgreSQL server. Printed for debugging, it shows nothing: it may hold secrets.
#[derive(Clone, Default)]
pub struct PostgresServer {
    /// The connection URL.
    pub url: String,
    /// The certificates of the authorities that may have signed the server's (PEM); the well-known ones without it.
    pub authorities: Option<String>,
    /// The certificate that the server knows this client by (PEM).
    pub certificate: Option<String>,
    /// The key of that certificate (PEM).
    pub key: Option<String>,
}

impl fmt::Debug for PostgresServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresServer").finish_non_exhaustive()
    }
}

impl From<String> for PostgresServer {
    fn from(url: String) -> Self {
        Self {
            url,
            ..Self::default()
        }
    }
}

impl PostgresServer {
    pub(crate) fn options(&self) -> Result<PgConnectOptions> {
        let mut options = PgConnectOptions::from_str(&self.url).map_err(|error| {
            Error::invalid(
                "database-url",
                "the PostgreSQL connection in `backend.database` is not understood",
            )
            .hint("expected `postgres://user:password@host:5432/database`")
            .source(error)
        })?;
        if let Some(pem) = &self.authorities {
            options = options.ssl_root_cert_from_pem(pem.clone().into_bytes());
        }
        if let Some(pem) = &self.certificate {
            options = options.ssl_client_cert_from_pem(pem);
        }
        if let Some(pem) = &self.key {
            options = options.ssl_client_key_from_pem(pem);
        }
        Ok(options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_server_is_shown() {
        let server = PostgresServer {
            url: "postgres://u:hush@h/d".into(),
            key: Some("hush".into()),
            ..PostgresServer::default()
        };
        let shown = format!("{:?}", Settings::Postgres(server));
        assert!(!shown.contains("hush"), "{shown}");
    }
}
