//! The key `backend.database`.

use std::path::Path;

use callboard_db::{Database, Settings};
use callboard_model::{Error, Result};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Connection, ConnectionParts};

/// Where everything is kept.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct DatabaseSettings {
    /// Which database; SQLite, inside this program, unless told.
    pub client: DatabaseClient,
    /// For SQLite `:memory:`, a file, or a directory; for PostgreSQL a URL or its parts.
    pub connection: Option<Connection>,
    /// Whether processes on one PostgreSQL database tell each other of changes by its notifications; yes unless
    /// told. Without, each looks once a second.
    pub notifications: Option<bool>,
}

/// Which database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum DatabaseClient {
    /// SQLite, inside this program.
    #[default]
    #[serde(rename = "better-sqlite3", alias = "sqlite3", alias = "sqlite")]
    Sqlite,
    /// A PostgreSQL server.
    #[serde(rename = "pg", alias = "postgres", alias = "postgresql")]
    Postgres,
}

const FOLDER: &str = "data";
const FILE: &str = "callboard.sqlite";

impl DatabaseSettings {
    /// Which database to open; relative paths begin in `working_directory`.
    ///
    /// # Errors
    /// `Invalid`, when the connection lacks what its client needs.
    pub fn resolve(&self, working_directory: &Path) -> Result<Settings> {
        match self.client {
            DatabaseClient::Sqlite => Ok(self.sqlite(working_directory)),
            DatabaseClient::Postgres => self.postgres(),
        }
    }

    /// Opens it.
    ///
    /// # Errors
    /// As [`DatabaseSettings::resolve`], and when the database cannot be opened.
    pub async fn open(&self, working_directory: &Path) -> Result<Database> {
        let database = Database::open(&self.resolve(working_directory)?).await?;
        Ok(match self.notifications {
            Some(false) => database.without_announcements(),
            Some(true) | None => database,
        })
    }

    fn sqlite(&self, working_directory: &Path) -> Settings {
        let in_folder =
            |folder: &str| Settings::SqliteFile(working_directory.join(folder).join(FILE));
        let file = |name: &str| match name {
            ":memory:" => Settings::SqliteMemory,
            name => Settings::SqliteFile(working_directory.join(name)),
        };
        match &self.connection {
            None => in_folder(FOLDER),
            Some(Connection::Text(text)) => file(text.expose()),
            Some(Connection::Parts(ConnectionParts {
                filename: Some(name),
                ..
            })) => file(name),
            Some(Connection::Parts(ConnectionParts {
                directory: Some(folder),
                ..
            })) => in_folder(folder),
            Some(Connection::Parts(_)) => in_folder(FOLDER),
        }
    }

    fn postgres(&self) -> Result<Settings> {
        match &self.connection {
            Some(Connection::Text(url)) => Ok(Settings::Postgres(url.expose().to_owned().into())),
            Some(Connection::Parts(parts)) => parts.to_server().map(Settings::Postgres),
            None => Err(Error::invalid(
                "database-connection",
                "`backend.database.client` is `pg`, and `backend.database.connection` is missing",
            )
            .hint("set it to `postgres://user:password@host:5432/database`, or to host, port, user, password and database")),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use callboard_config::{Config, Environment, Sources};

    use super::*;

    fn resolve(yaml: &str) -> Result<Settings> {
        let sources = Sources::text("app-config.yaml", format!("database: {yaml}"));
        let config = Config::load(&sources, &Environment::default()).unwrap();
        config
            .read::<DatabaseSettings>("database")
            .unwrap()
            .resolve(Path::new("/srv"))
    }

    fn file(yaml: &str) -> PathBuf {
        match resolve(yaml).unwrap() {
            Settings::SqliteFile(path) => path,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn sqlite_lies_in_the_data_folder_unless_told() {
        assert_eq!(file("{}"), Path::new("/srv/data/callboard.sqlite"));
        assert_eq!(
            file("{client: better-sqlite3, connection: {directory: db}}"),
            Path::new("/srv/db/callboard.sqlite")
        );
        assert_eq!(
            file("{connection: {filename: /var/a.db}}"),
            Path::new("/var/a.db")
        );
        assert!(matches!(
            resolve("{connection: ':memory:'}").unwrap(),
            Settings::SqliteMemory
        ));
    }

    #[test]
    fn postgres_takes_a_url_or_its_parts() {
        let url = |yaml: &str| match resolve(yaml).unwrap() {
            Settings::Postgres(server) => server.url,
            other => panic!("{other:?}"),
        };
        assert_eq!(
            url("{client: pg, connection: 'postgres://u@h/d'}"),
            "postgres://u@h/d"
        );
        assert_eq!(
            url(
                "{client: pg, connection: {host: db, port: '5433', user: me, password: 'p@ss/word', database: portal, ssl: true}}"
            ),
            "postgres://me:p%40ss%2Fword@db:5433/portal?sslmode=verify-full"
        );
        assert_eq!(
            url(
                "{client: pg, connection: {host: /run/postgresql, user: me, ssl: {rejectUnauthorized: false}}}"
            ),
            "postgres://me@localhost:5432?sslmode=require&host=%2Frun%2Fpostgresql"
        );
    }

    #[test]
    fn certificates_are_handed_on() {
        let yaml =
            "{client: pg, connection: {host: db, ssl: {ca: authority, cert: mine, key: hush}}}";
        let Settings::Postgres(server) = resolve(yaml).unwrap() else {
            panic!("it is PostgreSQL")
        };
        assert!(
            server.url.ends_with("?sslmode=verify-full"),
            "{}",
            server.url
        );
        assert_eq!(server.authorities.as_deref(), Some("authority"));
        assert_eq!(server.certificate.as_deref(), Some("mine"));
        assert_eq!(server.key.as_deref(), Some("hush"));
    }

    #[test]
    fn a_wrong_part_is_named_and_a_password_is_not_shown() {
        let text = "database: {client: pg, connection: {host: db, port: many, password: hush}}";
        let sources = Sources::text("app-config.yaml", text);
        let config = Config::load(&sources, &Environment::default()).unwrap();

        let errors = config
            .read::<DatabaseSettings>("database")
            .unwrap_err()
            .to_string();

        assert!(errors.contains("database.connection.port"), "{errors}");
        assert!(!errors.contains("hush"), "{errors}");
    }

    #[test]
    fn postgres_without_a_connection_says_what_is_missing() {
        assert_eq!(
            resolve("{client: pg}").unwrap_err().code(),
            "database-connection"
        );
        assert_eq!(
            resolve("{client: pg, connection: {user: me}}")
                .unwrap_err()
                .code(),
            "database-connection"
        );
    }
}
