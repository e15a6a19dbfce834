//! Frames as bytes (RFC 9113, section 4.1), and what a client has to say to some.

pub(super) const DATA: u8 = 0;
pub(super) const HEADERS: u8 = 1;
pub(super) const RESET: u8 = 3;
pub(super) const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
pub(super) const WINDOW: u8 = 8;
pub(super) const CONTINUATION: u8 = 9;

/// Flags: the stream's last frame, and the header block's.
pub(super) const END: u8 = 1;
pub(super) const END_HEADERS: u8 = 4;
const PADDED: u8 = 8;
const PRIORITY: u8 = 32;
const ACK: u8 = 1;

/// A frame's bytes; payloads are short of 16 KiB.
pub(super) fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap_or(u32::MAX);
    let mut bytes = length.to_be_bytes()[1..].to_vec();
    bytes.extend([kind, flags]);
    bytes.extend(stream.to_be_bytes());
    bytes.extend(payload);
    bytes
}

pub(super) struct Frame<'a> {
    pub(super) kind: u8,
    pub(super) flags: u8,
    pub(super) stream: u32,
    payload: &'a [u8],
    /// With its head.
    pub(super) length: usize,
}

impl<'a> Frame<'a> {
    /// The first frame of the bytes, if it is whole.
    pub(super) fn first(bytes: &'a [u8]) -> Option<Self> {
        let head: &[u8; 9] = bytes.first_chunk()?;
        let [a, b, c, kind, flags, s @ ..] = *head;
        let length = usize::try_from(u32::from_be_bytes([0, a, b, c])).ok()? + 9;
        Some(Self {
            kind,
            flags,
            stream: u32::from_be_bytes(s) & 0x7fff_ffff,
            payload: bytes.get(9..length)?,
            length,
        })
    }

    /// The payload without padding and priority.
    pub(super) fn content(&self) -> Option<&'a [u8]> {
        let mut content = self.payload;
        if self.flags & PADDED != 0 {
            let (pad, rest) = content.split_first()?;
            content = rest.get(..rest.len().checked_sub(usize::from(*pad))?)?;
        }
        if self.kind == HEADERS && self.flags & PRIORITY != 0 {
            content = content.get(5..)?;
        }
        Some(content)
    }

    /// What has to be answered; an error if the server ends the connection.
    pub(super) fn reply(&self) -> Result<Vec<u8>, String> {
        let acked = self.flags & ACK != 0;
        match self.kind {
            SETTINGS if !acked => Ok(frame(SETTINGS, ACK, 0, &[])),
            PING if !acked => Ok(frame(PING, ACK, 0, self.payload)),
            GOAWAY => Err("the server ends the HTTP/2 connection".into()),
            // What was received may be sent again.
            DATA if !self.payload.is_empty() => {
                let length = u32::try_from(self.payload.len()).unwrap_or(1);
                Ok(frame(WINDOW, 0, 0, &length.to_be_bytes()))
            }
            _ => Ok(Vec::new()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{DATA, Frame, HEADERS, frame};

    #[test]
    fn a_frame_is_read_as_it_was_written_and_only_whole() {
        let bytes = frame(DATA, 1, 7, b"body");
        for cut in 0..bytes.len() {
            assert!(Frame::first(&bytes[..cut]).is_none(), "{cut}");
        }
        let read = Frame::first(&bytes).unwrap();
        assert_eq!((read.kind, read.flags, read.stream), (DATA, 1, 7));
        assert_eq!((read.content(), read.length), (Some(&b"body"[..]), 13));
    }

    #[test]
    fn padding_and_priority_are_no_content() {
        let bytes = frame(HEADERS, 8 | 32, 1, b"\x02\0\0\0\0\x10block??");
        assert_eq!(Frame::first(&bytes).unwrap().content(), Some(&b"block"[..]));
        let broken = frame(DATA, 8, 1, b"\x09short");
        assert_eq!(Frame::first(&broken).unwrap().content(), None);
    }
}
