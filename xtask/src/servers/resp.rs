//! As much of Redis's protocol as it takes to ask whether a node serves, and to
//! form a cluster: one command, one reply, one connection.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

/// Longer than a busy machine stalls, shorter than a reader's patience.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Sends a command to the node on `port`. A refusal (`-ERR …`) is an error of
/// the kind `Other`.
pub(super) fn call(port: u16, command: &[&str]) -> io::Result<String> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let mut request = Vec::new();
    write!(request, "*{}\r\n", command.len())?;
    for part in command {
        write!(request, "${}\r\n{part}\r\n", part.len())?;
    }
    stream.write_all(&request)?;
    reply(&mut BufReader::new(stream))
}

fn reply(stream: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    stream.read_line(&mut line)?;
    let line = line.trim_end();
    match line.split_at_checked(1) {
        Some(("+" | ":", text)) => Ok(text.to_owned()),
        Some(("-", text)) => Err(io::Error::other(text.to_owned())),
        Some(("$", length)) => {
            let length = length.parse().map_err(io::Error::other)?;
            let mut text = vec![0; length];
            stream.read_exact(&mut text)?;
            String::from_utf8(text).map_err(io::Error::other)
        }
        _ => Err(io::Error::other(format!("an unexpected reply: {line:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_each_kind_of_reply() {
        let read = |bytes: &str| reply(&mut bytes.as_bytes());
        assert_eq!(read("+OK\r\n").expect("a status"), "OK");
        assert_eq!(read(":7\r\n").expect("a number"), "7");
        assert_eq!(read("$3\r\na\nb\r\n").expect("a text"), "a\nb");
        let refusal = read("-LOADING wait\r\n").expect_err("a refusal");
        assert_eq!(refusal.to_string(), "LOADING wait");
        assert!(read("").is_err(), "a closed connection is no reply");
    }
}
