//! Just enough HTTP/1.1 to ask the portal, over one connection that stays open.
//!
//! A load generator shares the machine with what it measures, so this reads into one buffer and
//! copies nothing.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

/// The longest that an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// An open connection.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    filled: usize,
}

/// An answer; its body lies in the connection's buffer until the next request.
pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    pub(crate) body: &'a [u8],
}

/// How the length of a body is told.
enum Length {
    Bytes(usize),
    Chunks,
}

/// The request that reads `path`, as bytes.
pub(crate) fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n\r\n")
        .into_bytes()
}

/// The request that reads `path` with one more header, such as `Authorization: Bearer …`, as bytes.
pub(crate) fn get_with(header: &str, path: &str) -> Vec<u8> {
    format!(
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n{header}\r\n\r\n"
    )
    .into_bytes()
}

/// The request that sends JSON to `path`, as bytes.
pub(crate) fn post(path: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

impl Connection {
    /// Connects.
    pub(crate) fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self {
            stream,
            buffer: vec![0; 64 * 1024],
            filled: 0,
        })
    }

    /// Sends a request that [`get`] or [`post`] made, and reads the whole answer.
    pub(crate) fn ask(&mut self, request: &[u8]) -> Result<Answer<'_>> {
        self.filled = 0;
        self.stream.write_all(request)?;
        let (status, start, length) = self.head()?;
        match length {
            Length::Bytes(bytes) => {
                self.fill_to(start + bytes)?;
                Ok(Answer {
                    status,
                    body: &self.buffer[start..start + bytes],
                })
            }
            Length::Chunks => {
                let end = self.join_chunks(start)?;
                Ok(Answer {
                    status,
                    body: &self.buffer[start..end],
                })
            }
        }
    }

    /// Asks for `path` and reads the answer as JSON; any status but 200 is an error.
    pub(crate) fn json(&mut self, path: &str) -> Result<serde_json::Value> {
        let answer = self.ask(&get(path))?;
        ensure!(
            answer.status == 200,
            "GET {path} answered {}",
            answer.status
        );
        serde_json::from_slice(answer.body)
            .with_context(|| format!("GET {path} did not answer with JSON"))
    }

    /// Reads until the head is complete: the status, where the body begins, and its length.
    fn head(&mut self) -> Result<(u16, usize, Length)> {
        loop {
            self.read_more()?;
            let mut headers = [httparse::EMPTY_HEADER; 48];
            let mut head = httparse::Response::new(&mut headers);
            let httparse::Status::Complete(start) = head.parse(&self.buffer[..self.filled])? else {
                continue;
            };
            let value = |name: &str| {
                let header = head
                    .headers
                    .iter()
                    .find(|header| header.name.eq_ignore_ascii_case(name));
                header.and_then(|header| std::str::from_utf8(header.value).ok())
            };
            let length = match value("content-length") {
                Some(bytes) => Length::Bytes(bytes.parse()?),
                None if value("transfer-encoding").is_some() => Length::Chunks,
                None => Length::Bytes(0),
            };
            return Ok((head.code.unwrap_or(0), start, length));
        }
    }

    /// Moves the chunks from `start` together; answers where the body then ends.
    fn join_chunks(&mut self, start: usize) -> Result<usize> {
        let (mut from, mut end) = (start, start);
        loop {
            let parsed = httparse::parse_chunk_size(&self.buffer[from..self.filled]);
            let Ok(status) = parsed else {
                bail!("a chunk of the answer has no size")
            };
            let httparse::Status::Complete((head, size)) = status else {
                self.read_more()?;
                continue;
            };
            let (first, size) = (from + head, usize::try_from(size)?);
            self.fill_to(first + size + 2)?;
            if size == 0 {
                return Ok(end);
            }
            self.buffer.copy_within(first..first + size, end);
            end += size;
            from = first + size + 2;
        }
    }

    fn fill_to(&mut self, end: usize) -> Result<()> {
        while self.filled < end {
            self.read_more()?;
        }
        Ok(())
    }

    fn read_more(&mut self) -> Result<()> {
        if self.filled == self.buffer.len() {
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
        let count = self.stream.read(&mut self.buffer[self.filled..])?;
        ensure!(
            count > 0,
            "the server closed the connection in the middle of an answer"
        );
        self.filled += count;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    /// What a server that answers with `parts`, one write each, is understood to say.
    fn answer(parts: &'static [&'static str]) -> (u16, String) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 1024]).unwrap();
            for part in parts {
                stream.write_all(part.as_bytes()).unwrap();
                stream.flush().unwrap();
            }
        });
        let mut connection = Connection::open(address).unwrap();
        let answer = connection.ask(&get("/")).unwrap();
        let answer = (
            answer.status,
            String::from_utf8(answer.body.to_vec()).unwrap(),
        );
        server.join().unwrap();
        answer
    }

    #[test]
    fn a_body_of_a_given_length_may_come_in_pieces() {
        let parts = &[
            "HTTP/1.1 404 Not Found\r\nContent-Len",
            "gth: 5\r\n\r\nab",
            "cde",
        ];
        assert_eq!(answer(parts), (404, "abcde".to_owned()));
    }

    #[test]
    fn chunks_are_joined() {
        let parts = &[
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n",
            "2\r",
            "\nde\r\n0\r\n\r\n",
        ];
        assert_eq!(answer(parts), (200, "abcde".to_owned()));
    }
}
