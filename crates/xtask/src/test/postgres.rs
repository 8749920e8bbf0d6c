//! A PostgreSQL server for tests: the one that is named, one on this machine, or a private one.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::needs;
use crate::program::{Program, installed};

/// A server that on this machine anybody may use for tests.
const LOCAL: &str = "postgres://postgres@127.0.0.1:5432";
/// The database that tests use on it.
const DATABASE: &str = "callboard_test";

/// A server to test on; a private one stops when this goes away.
pub(crate) struct Server {
    /// Where it is.
    pub(crate) url: String,
    /// What it is, in a few words.
    pub(crate) note: String,
    private: Option<Private>,
}

impl Server {
    /// Finds a server or starts one.
    pub(crate) fn find(named: Option<&str>) -> Result<Self> {
        if let Some(url) = named {
            return Ok(Self {
                url: url.to_owned(),
                note: "the named server".to_owned(),
                private: None,
            });
        }
        if let Some(url) = local() {
            return Ok(Self {
                url,
                note: "the server on port 5432".to_owned(),
                private: None,
            });
        }
        let private = Private::start()?;
        let url = format!("postgres://postgres@127.0.0.1:{}/postgres", private.port);
        Ok(Self {
            url,
            note: "a private server".to_owned(),
            private: Some(private),
        })
    }

    /// Makes an empty schema called `name`, dropping what was in it; answers the address that uses it.
    pub(crate) fn fresh_schema(&self, name: &str) -> Result<String> {
        let sql = format!("DROP SCHEMA IF EXISTS {name} CASCADE; CREATE SCHEMA {name}");
        Program::new("psql --no-password --no-psqlrc --quiet --dbname")
            .with(self.url.as_str())
            .with("--command")
            .with(sql)
            .must()?;
        let joint = if self.url.contains('?') { '&' } else { '?' };
        Ok(format!("{}{joint}options=-csearch_path%3D{name}", self.url))
    }

    /// What it says about its version.
    pub(crate) fn version(&self) -> Result<String> {
        let version = Program::new("psql --no-password --no-psqlrc -qAt --dbname")
            .with(self.url.as_str())
            .with("--command")
            .with("SHOW server_version")
            .must()?;
        Ok(format!("PostgreSQL {}", version.trim()))
    }

    /// Stops a private server; leaves any other alone.
    pub(crate) fn stop(self) -> Result<()> {
        self.private.map_or(Ok(()), |private| private.stop())
    }
}

/// The server on this machine, when it lets anybody in without a password.
fn local() -> Option<String> {
    if !installed("psql") {
        return None;
    }
    let ask = |database: &str, sql: &str| {
        let url = format!("{LOCAL}/{database}");
        Program::new("psql --no-password --no-psqlrc -qAt --dbname")
            .with(url)
            .with("--command")
            .with(sql)
            .set("PGCONNECT_TIMEOUT", "3")
            .run()
            .ok()
            .filter(|outcome| outcome.ok)
    };
    if ask(DATABASE, "SELECT 1").is_none() {
        ask("postgres", &format!("CREATE DATABASE {DATABASE}"))?;
    }
    Some(format!("{LOCAL}/{DATABASE}"))
}

/// A server of our own, from Debian's packages, in a folder that goes away with it.
struct Private {
    folder: tempfile::TempDir,
    programs: PathBuf,
    port: u16,
    stopped: bool,
}

impl Private {
    fn start() -> Result<Self> {
        let programs = match newest_programs() {
            Some(programs) => programs,
            None => {
                needs::debian_package("postgresql")
                    .context("there is no PostgreSQL server to test on")?;
                newest_programs().context("the package `postgresql` has no `initdb`")?
            }
        };
        // Short, since the path of a socket has at most 107 bytes.
        let folder = tempfile::Builder::new().prefix("callboard-pg").tempdir()?;
        if is_root()? {
            Program::new("chown postgres")
                .with(folder.path().display().to_string())
                .must()?;
        }
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let server = Self {
            folder,
            programs,
            port,
            stopped: false,
        };
        server
            .program("initdb")?
            .with("--auth=trust")
            .with("--username=postgres")
            .with("--no-sync")
            .must()?;
        let socket = server.folder.path().display();
        let options = format!(
            "-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={socket} \
             -c fsync=off -c full_page_writes=off -c max_connections=200"
        );
        let log = server.folder.path().join("log").display().to_string();
        server
            .program("pg_ctl")?
            .with("--wait")
            .with("--log")
            .with(log)
            .with("--options")
            .with(options)
            .with("start")
            .must()?;
        Ok(server)
    }

    /// One of the server's programs, on its data; never as root, which PostgreSQL refuses.
    fn program(&self, name: &str) -> Result<Program> {
        let path = self.programs.join(name).display().to_string();
        let program = if is_root()? {
            Program::new("runuser -u postgres --").with(path)
        } else {
            Program::new("env").with(path)
        };
        let data = self.folder.path().join("data").display().to_string();
        Ok(program.with("--pgdata").with(data).inside("/"))
    }

    fn stop(mut self) -> Result<()> {
        self.stop_now()
    }

    fn stop_now(&mut self) -> Result<()> {
        if !std::mem::replace(&mut self.stopped, true) {
            self.program("pg_ctl")?
                .with("--mode=immediate")
                .with("--wait")
                .with("stop")
                .must()?;
        }
        Ok(())
    }
}

impl Drop for Private {
    fn drop(&mut self) {
        if let Err(error) = self.stop_now() {
            eprintln!(
                "warning: the PostgreSQL server on port {} still runs: {error:#}",
                self.port
            );
        }
    }
}

fn is_root() -> Result<bool> {
    Ok(Program::new("id -u").must()?.trim() == "0")
}

/// Where Debian keeps the server's programs, of the newest version there is.
fn newest_programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    let version = |path: &Path| {
        path.file_name()
            .and_then(|name| name.to_str()?.parse::<u32>().ok())
    };
    let newest = versions
        .filter_map(|entry| Some(entry.ok()?.path()))
        .max_by_key(|path| version(path))?;
    let programs = newest.join("bin");
    programs.join("initdb").exists().then_some(programs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_is_named_is_used_as_it_is() {
        let server = Server::find(Some("postgres://db.example.com/x")).unwrap();
        assert_eq!(server.url, "postgres://db.example.com/x");
        server.stop().unwrap();
    }
}
