//! An answer, read from a stream.

use std::io::{self, ErrorKind};

use serde_json::Value;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt};

/// An answer, read whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Its status.
    pub status: u16,
    /// The bytes of the status line and the headers, as they came.
    pub head: Vec<u8>,
    /// Its body, without the framing.
    pub body: Vec<u8>,
}

impl Reply {
    pub(super) async fn read(from: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Self> {
        let mut reply = Self {
            status: 0,
            head: Vec::new(),
            body: Vec::new(),
        };
        loop {
            let length = reply.head.len();
            if from.read_until(b'\n', &mut reply.head).await? == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            if reply.head[length..] == *b"\r\n" {
                break;
            }
        }
        let line = String::from_utf8_lossy(&reply.head);
        let status = line.split(' ').nth(1).and_then(|code| code.parse().ok());
        reply.status = status.ok_or_else(|| invalid("no status"))?;
        if reply.header("transfer-encoding").is_some() {
            read_chunks(from, &mut reply.body).await?;
        } else if let Some(length) = reply.header("content-length") {
            let length = length.parse().map_err(|_| invalid("no content-length"))?;
            reply.body.resize(length, 0);
            from.read_exact(&mut reply.body).await?;
        }
        Ok(reply)
    }

    /// The headers, in the order in which they came.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.head
            .split(|byte| *byte == b'\n')
            .skip(1)
            .filter_map(|line| {
                let colon = line.iter().position(|byte| *byte == b':')?;
                let name = std::str::from_utf8(&line[..colon]).ok()?;
                Some((name, line[colon + 1..].trim_ascii()))
            })
    }

    /// The first header of a name, if it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers()
            .find(|(other, _)| other.eq_ignore_ascii_case(name))
            .and_then(|(_, value)| std::str::from_utf8(value).ok())
    }

    /// Whether it says that it is a replay.
    pub fn is_replay(&self) -> bool {
        self.header("idempotent-replayed") == Some("true")
    }

    /// The body as JSON; `null` where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The `code` of a problem document; empty where it is none.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// A body in chunks, each behind its length in hexadecimal.
async fn read_chunks(from: &mut (impl AsyncBufRead + Unpin), body: &mut Vec<u8>) -> io::Result<()> {
    loop {
        let mut line = String::new();
        from.read_line(&mut line).await?;
        let length =
            usize::from_str_radix(line.trim(), 16).map_err(|_| invalid("no length of a chunk"))?;
        let start = body.len();
        body.resize(start + length, 0);
        from.read_exact(&mut body[start..]).await?;
        let mut end = [0; 2];
        from.read_exact(&mut end).await?;
        if length == 0 {
            return Ok(());
        }
    }
}

fn invalid(what: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, format!("the answer has {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn reads_a_body_in_chunks_and_leaves_the_next_answer() {
        let mut bytes: &[u8] =
            b"HTTP/1.1 200 OK\r\nLink: a\r\nlink: b\r\nTransfer-Encoding: chunked\r\n\r\n\
            3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n\
            HTTP/1.1 204 No Content\r\n\r\n";
        let first = Reply::read(&mut bytes).await.unwrap();
        assert_eq!((first.status, first.body), (200, b"abc0123456789".to_vec()));
        assert_eq!(Reply::read(&mut bytes).await.unwrap().status, 204);
    }

    #[tokio::test]
    async fn an_answer_that_ends_early_is_an_error() {
        for bytes in [
            "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nab",
            "HTTP/1.1 200",
        ] {
            assert!(Reply::read(&mut bytes.as_bytes()).await.is_err(), "{bytes}");
        }
    }
}
