//! nginx with the same bytes in a file: what a server on this machine can do at all.

use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::portal::{GLANCE, fresh_folder};
use crate::program::Program;
use crate::test::needs;

/// A private nginx that is stopped when this goes away.
pub(super) struct Nginx {
    child: Child,
    pub(super) address: SocketAddr,
}

/// Where the file is.
pub(super) const PATH: &str = "/answer.json";

impl Nginx {
    /// Serves `answer` from a file below `folder`.
    pub(super) fn serve(folder: &Path, answer: &[u8]) -> Result<Self> {
        needs::program("nginx", "nginx-light")?;
        fresh_folder(folder)?;
        fs::write(folder.join("answer.json"), answer)?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let config = folder.join("nginx.conf");
        fs::write(&config, configuration(folder, port)?)?;
        let child = Command::new("nginx")
            .arg("-p")
            .arg(folder)
            .arg("-c")
            .arg(&config)
            .arg("-e")
            .arg(folder.join("error.log"))
            .stdin(Stdio::null())
            .spawn()
            .context("cannot start nginx")?;
        let nginx = Self {
            child,
            address: SocketAddr::from(([127, 0, 0, 1], port)),
        };
        let started = Instant::now();
        while TcpStream::connect(nginx.address).is_err() {
            ensure!(
                started.elapsed() < Duration::from_secs(10),
                "nginx does not answer: see {}",
                folder.join("error.log").display()
            );
            std::thread::park_timeout(GLANCE);
        }
        Ok(nginx)
    }

    /// Its version.
    pub(super) fn version() -> String {
        Program::new("nginx -v").must().map_or_else(
            |_| "nginx".to_owned(),
            |text| text.trim().trim_start_matches("nginx version: ").to_owned(),
        )
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let ended = Program::new("kill -QUIT")
            .with(self.child.id().to_string())
            .must()
            .and_then(|_| Ok(self.child.wait()?));
        if let Err(error) = ended {
            eprintln!("warning: nginx may still run: {error:#}");
        }
    }
}

/// As one sets nginx up to be fast with static files: no log, open files remembered.
fn configuration(folder: &Path, port: u16) -> Result<String> {
    let folder = folder.display();
    let user = match Program::new("id -u").must()?.trim() {
        "0" => "user root;\n",
        _ => "",
    };
    Ok(format!(
        "{user}daemon off;\nworker_processes auto;\npid {folder}/nginx.pid;\n\
         events {{ worker_connections 256; }}\n\
         http {{\n  access_log off;\n  sendfile on;\n  tcp_nopush on;\n  keepalive_requests 100000000;\n  \
         open_file_cache max=16 inactive=1h;\n  open_file_cache_valid 1h;\n  \
         default_type application/json;\n  \
         client_body_temp_path {folder}/body;\n  proxy_temp_path {folder}/proxy;\n  \
         fastcgi_temp_path {folder}/fastcgi;\n  uwsgi_temp_path {folder}/uwsgi;\n  \
         scgi_temp_path {folder}/scgi;\n  \
         server {{ listen 127.0.0.1:{port}; root {folder}; }}\n}}\n"
    ))
}
