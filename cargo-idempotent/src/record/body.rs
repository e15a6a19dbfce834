//! A request's body on its way: passed on as it comes, kept up to a bound.

use std::io::{BufRead, Read as _, Write};

/// How a body ends.
pub(super) enum Framing {
    None,
    Length(u64),
    Chunked,
}

/// What was kept of a body.
#[derive(Default)]
pub(super) struct Kept {
    pub bytes: Vec<u8>,
    /// More came than is kept.
    pub cut: bool,
}

impl Kept {
    pub(super) fn add(&mut self, bytes: &[u8], cap: usize) {
        let room = cap.saturating_sub(self.bytes.len()).min(bytes.len());
        self.bytes.extend_from_slice(&bytes[..room]);
        self.cut |= room < bytes.len();
    }
}

/// Passes a body on with its own framing. A server that stops reading has its say in
/// its answer, so failures to write to it are not the end.
pub(super) fn pass(
    from: &mut impl BufRead,
    to: &mut impl Write,
    framing: &Framing,
    cap: usize,
) -> Result<Kept, String> {
    let mut kept = Kept::default();
    match framing {
        Framing::None => {}
        Framing::Length(length) => run(from, to, *length, &mut kept, cap)?,
        Framing::Chunked => loop {
            let line = line(from)?;
            let _ = to.write_all(line.as_bytes());
            let size = line.split(';').next().unwrap_or_default().trim();
            let size = u64::from_str_radix(size, 16)
                .map_err(|_| format!("`{size}` is no chunk's size"))?;
            if size == 0 {
                // Trailers, up to the empty line.
                loop {
                    let line = self::line(from)?;
                    let _ = to.write_all(line.as_bytes());
                    if line.trim().is_empty() {
                        return Ok(kept);
                    }
                }
            }
            run(from, to, size, &mut kept, cap)?;
            let end = self::line(from)?;
            let _ = to.write_all(end.as_bytes());
        },
    }
    Ok(kept)
}

fn run(
    from: &mut impl BufRead,
    to: &mut impl Write,
    length: u64,
    kept: &mut Kept,
    cap: usize,
) -> Result<(), String> {
    let mut part = from.take(length);
    loop {
        let bytes = part.fill_buf().map_err(|e| format!("the client: {e}"))?;
        let count = bytes.len();
        if count == 0 {
            break;
        }
        let _ = to.write_all(bytes);
        kept.add(bytes, cap);
        part.consume(count);
    }
    if part.limit() > 0 {
        return Err("the client left before its body ended".into());
    }
    Ok(())
}

/// A line with its end; at most 16 KiB.
pub(super) fn line(from: &mut impl BufRead) -> Result<String, String> {
    let mut line = String::new();
    let read = from.take(16 * 1024).read_line(&mut line);
    read.map_err(|e| format!("the client: {e}"))?;
    if line.ends_with('\n') {
        Ok(line)
    } else {
        Err("the client left, or sent a line of more than 16 KiB".into())
    }
}

#[cfg(test)]
mod tests {
    use super::{Framing, pass};

    #[test]
    fn a_chunked_body_goes_on_byte_by_byte_and_is_kept_without_its_framing() {
        let sent = b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: 1\r\n\r\nnext";
        let (mut from, mut to) = (&sent[..], Vec::new());
        let kept = pass(&mut from, &mut to, &Framing::Chunked, 100).unwrap();
        assert_eq!(kept.bytes, b"abcde");
        assert_eq!(to, &sent[..sent.len() - 4]);
        assert_eq!(from, b"next");
    }

    #[test]
    fn what_is_kept_is_bounded_and_what_is_passed_is_not() {
        let (mut from, mut to) = (&b"0123456789"[..], Vec::new());
        let kept = pass(&mut from, &mut to, &Framing::Length(10), 4).unwrap();
        assert_eq!((kept.bytes.as_slice(), kept.cut), (&b"0123"[..], true));
        assert_eq!(to, b"0123456789");
    }
}
