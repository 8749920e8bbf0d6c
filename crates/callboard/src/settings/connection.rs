//! The key `backend.database.connection`.

use callboard_config::Secret;
use callboard_db::PostgresServer;
use callboard_model::{Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};
use url::Url;

use super::text_or_parts::{self, TextOrParts};

/// How to reach the database.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(untagged)]
pub enum Connection {
    /// A file, `:memory:`, or a URL, which may hold a password.
    Text(Secret),
    /// The parts of one.
    Parts(ConnectionParts),
}

impl TextOrParts for Connection {
    type Parts = ConnectionParts;
    const EXPECTED: &'static str = "a file, a URL, or their parts as keys";

    fn from_text(text: &str) -> Option<Self> {
        Some(Self::Text(text.into()))
    }

    fn from_parts(parts: ConnectionParts) -> Self {
        Self::Parts(parts)
    }
}

impl<'de> Deserialize<'de> for Connection {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        text_or_parts::deserialize(deserializer)
    }
}

/// How to reach the database, in parts.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ConnectionParts {
    /// SQLite: the file.
    pub filename: Option<String>,
    /// SQLite: the folder of the file `callboard.sqlite`.
    pub directory: Option<String>,
    /// PostgreSQL: a whole URL, instead of the other parts.
    pub connection_string: Option<Secret>,
    /// PostgreSQL: its host name, address, or the folder of its socket.
    pub host: Option<String>,
    /// PostgreSQL: its port; 5432 unless told.
    pub port: Option<u16>,
    /// PostgreSQL: who signs in.
    pub user: Option<String>,
    /// PostgreSQL: their password.
    pub password: Option<Secret>,
    /// PostgreSQL: the database.
    pub database: Option<String>,
    /// PostgreSQL: whether the connection is encrypted.
    pub ssl: Option<Tls>,
}

/// Whether a connection is encrypted, and how the server is checked.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(untagged)]
pub enum Tls {
    /// Encrypted, with a certificate that is checked; or not at all.
    On(bool),
    /// Encrypted, with details.
    Parts(Box<TlsParts>),
}

impl TextOrParts for Tls {
    type Parts = TlsParts;
    const EXPECTED: &'static str =
        "`true`, `false`, or `rejectUnauthorized`, `ca`, `cert` and `key`";

    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok().map(Self::On)
    }

    fn from_parts(parts: TlsParts) -> Self {
        Self::Parts(Box::new(parts))
    }
}

impl<'de> Deserialize<'de> for Tls {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        text_or_parts::deserialize(deserializer)
    }
}

/// How the server is checked.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TlsParts {
    /// Whether the certificate must be valid; `true` unless told.
    #[serde(default = "yes")]
    pub reject_unauthorized: bool,
    /// The certificates of the authorities that may have signed the server's, in PEM; the well-known ones unless told.
    pub ca: Option<String>,
    /// The certificate that the server knows Callboard by, in PEM.
    pub cert: Option<String>,
    /// The key of that certificate, in PEM.
    pub key: Option<Secret>,
}

fn yes() -> bool {
    true
}

impl Tls {
    fn mode(&self) -> &'static str {
        match self {
            Self::On(false) => "disable",
            Self::Parts(parts) if !parts.reject_unauthorized => "require",
            Self::On(true) | Self::Parts(_) => "verify-full",
        }
    }
}

impl ConnectionParts {
    /// The parts as a PostgreSQL server.
    pub(super) fn to_server(&self) -> Result<PostgresServer> {
        let mut server = PostgresServer::from(self.to_url()?);
        if let Some(Tls::Parts(tls)) = &self.ssl {
            server.authorities.clone_from(&tls.ca);
            // An authority is given to be checked against; who does not check needs none.
            if !tls.reject_unauthorized {
                server.authorities = None;
            }
            server.certificate.clone_from(&tls.cert);
            server.key = tls.key.as_ref().map(|key| key.expose().to_owned());
        }
        Ok(server)
    }

    fn to_url(&self) -> Result<String> {
        if let Some(url) = &self.connection_string {
            return Ok(url.expose().to_owned());
        }
        let host = self.host.as_deref().ok_or_else(|| {
            Error::invalid(
                "database-connection",
                "`backend.database.connection` names no `host`",
            )
            .hint("set `host` to the PostgreSQL server's name, or to the folder of its socket")
        })?;
        self.build(host).ok_or_else(|| {
            let message =
                format!("`backend.database.connection.host` is `{host}`, which is no host");
            Error::invalid("database-connection", message)
                .hint("set it to a name or an IP address, without a scheme or a port")
        })
    }

    fn build(&self, host: &str) -> Option<String> {
        let socket = host.starts_with('/');
        let mut url = Url::parse("postgres://localhost").ok()?;
        let bracketed = if host.contains(':') && !host.starts_with('[') {
            format!("[{host}]")
        } else {
            host.to_owned()
        };
        url.set_host(Some(if socket { "localhost" } else { &bracketed }))
            .ok()?;
        url.set_port(Some(self.port.unwrap_or(5432))).ok()?;
        url.set_username(self.user.as_deref().unwrap_or_default())
            .ok()?;
        url.set_password(self.password.as_ref().map(Secret::expose))
            .ok()?;
        url.set_path(self.database.as_deref().unwrap_or_default());
        if let Some(tls) = &self.ssl {
            url.query_pairs_mut().append_pair("sslmode", tls.mode());
        }
        if socket {
            url.query_pairs_mut().append_pair("host", host);
        }
        Some(url.into())
    }
}
