//! A portal that runs, and raw requests to it.
#![expect(clippy::unwrap_used, reason = "a step that fails is a failed test")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::folder::{Folder, Output};

/// Longer than any machine needs; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// A portal that listens.
pub(crate) struct Running {
    child: Child,
    port: u16,
    log: Receiver<String>,
    printed: Receiver<String>,
    reader: Option<JoinHandle<String>>,
}

impl Running {
    pub(crate) fn start(folder: &Folder, arguments: &[&str]) -> Self {
        Self::start_in(folder, arguments, &[])
    }

    /// The same with these variables in its environment.
    pub(crate) fn start_in(
        folder: &Folder,
        arguments: &[&str],
        variables: &[(&str, &str)],
    ) -> Self {
        let mut command = folder.command(arguments);
        command.envs(variables.iter().copied());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (sender, log) = channel();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let reader = thread::spawn(move || {
            let mut all = String::new();
            for line in stderr.lines().map_while(Result::ok) {
                all.push_str(&line);
                all.push('\n');
                // Nobody may listen to the log any more; it is kept all the same.
                let _ = sender.send(line);
            }
            all
        });
        let mut greeting = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut greeting).unwrap();
        let (sender, printed) = channel();
        // Until the end, because a program whose output nobody reads fails to print.
        thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        let Some(port) = greeting
            .trim()
            .rsplit(':')
            .next()
            .and_then(|port| port.parse().ok())
        else {
            child.wait().unwrap();
            panic!(
                "the portal did not start: {greeting}\n{}",
                reader.join().unwrap()
            );
        };
        Self {
            child,
            port,
            log,
            printed,
            reader: Some(reader),
        }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// The whole answer as text.
    pub(crate) fn get(&self, path: &str) -> String {
        let head = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
        self.begin(&head).read_to_end()
    }

    /// Opens a connection and sends the beginning of a request.
    pub(crate) fn begin(&self, text: &str) -> Exchange {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut exchange = Exchange(stream);
        exchange.send(text);
        exchange
    }

    /// The next line that the program prints with `text` in it.
    pub(crate) fn printed(&self, text: &str) -> String {
        loop {
            let line = self.printed.recv_timeout(PATIENCE).unwrap();
            if line.contains(text) {
                return line;
            }
        }
    }

    /// The whole answer to a request with these headers and this body, as text.
    pub(crate) fn send(&self, line: &str, headers: &[(&str, &str)], body: &str) -> String {
        let mut head = format!("{line} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n");
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("content-type: application/json\r\n");
        head.push_str(&format!("content-length: {}\r\n\r\n{body}", body.len()));
        self.begin(&head).read_to_end()
    }

    pub(crate) fn signal(&self) {
        let status = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status();
        assert!(status.unwrap().success());
    }

    pub(crate) fn signal_to_stop(self) -> Self {
        self.signal();
        self
    }

    pub(crate) fn terminate(self) -> Output {
        self.signal_to_stop().wait()
    }

    /// What somebody does who loses patience.
    pub(crate) fn signal_until_it_ends(mut self) -> Output {
        while self.child.try_wait().unwrap().is_none() {
            self.signal();
        }
        self.wait()
    }

    pub(crate) fn wait_for_log(&self, text: &str) {
        while !self.log.recv_timeout(PATIENCE).unwrap().contains(text) {}
    }

    pub(crate) fn wait(mut self) -> Output {
        let code = self.child.wait().unwrap().code();
        let stderr = self
            .reader
            .take()
            .map(|reader| reader.join().unwrap())
            .unwrap_or_default();
        Output {
            code,
            stdout: String::new(),
            stderr,
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // After a test that ended well the process is gone, and this does nothing.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A connection on which a request was begun.
pub(crate) struct Exchange(TcpStream);

impl Exchange {
    pub(crate) fn send(&mut self, text: &str) {
        self.0.write_all(text.as_bytes()).unwrap();
    }

    /// Everything up to the empty line that ends a head.
    pub(crate) fn read_head(&mut self) -> String {
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") {
            self.0.read_exact(&mut byte).unwrap();
            head.push(byte[0]);
        }
        String::from_utf8(head).unwrap()
    }

    pub(crate) fn read_to_end(&mut self) -> String {
        let mut text = String::new();
        self.0.read_to_string(&mut text).unwrap();
        text
    }
}
