//! The bytes of a record, as a Redis string. The scripts in `lua/` write and
//! change them; this file reads them. They are golden: `packed/golden-v1.txt`
//! has a record in each state, and every later version must read those.
//!
//! ```text
//! at  bytes  what (numbers are big-endian; times are µs since 1970)
//!  0      1  format version: 1
//!  1      1  state: R running, F free, I interrupted, D done
//!  2      1  flags: bit 0, tell waiters when the attempt ends
//!  3      1  previous: 0 none, 1 released, 2 interrupted, 3 taken over,
//!            4 expired with the same fingerprint, 5 with another one
//!  4      4  attempts
//!  8     16  token
//! 24      8  fence
//! 32     33  fingerprint
//! 65      8  started: the time of the present attempt's claim
//! 73      8  lease_until
//! 81      8  expires_at
//! 89      4  lease, ms
//! 93      4  grace, ms
//! 97      4  length of the sections
//! 101     …  sections: tag (1), length (4), content
//!         …  a done record's answer; of others, their steps so far
//! ```
//!
//! Sections: 1 operation, 2 owner, 3 trace (25 bytes). A reader skips tags
//! that it does not know, and every writer but a claim keeps them.

use std::time::Duration;

use crate::fingerprint::Fingerprint;
use crate::lease::{Fence, Token};
use crate::outcome::{Previous, Release};
use crate::record::{StoreTime, Trace};
use crate::store::Claim;

const VERSION: u8 = 1;
/// The length of what stands before the sections.
const HEAD: usize = 101;

const OPERATION: u8 = 1;
const OWNER: u8 = 2;
const TRACE: u8 = 3;

/// What the flags say, as a claim writes them.
pub(super) const NOTIFY: u8 = 1;

/// A record's header and sections.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Packed<'a> {
    pub(super) state: State,
    pub(super) previous: Previous,
    pub(super) attempts: u32,
    pub(super) token: Token,
    pub(super) fence: Fence,
    pub(super) fingerprint: Fingerprint,
    pub(super) started: StoreTime,
    pub(super) lease_until: StoreTime,
    pub(super) expires_at: StoreTime,
    pub(super) lease: Duration,
    pub(super) operation: &'a str,
    pub(super) owner: &'a str,
    pub(super) trace: Option<Trace>,
    /// Where the answer begins, or the steps of a record that is not done.
    pub(super) answer_at: usize,
}

/// The state, without what depends on the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Running,
    Free(Release),
    Done,
}

/// Why bytes are no record, in words that follow "a record with".
pub(super) type Unreadable = String;

impl<'a> Packed<'a> {
    /// Reads a value, or as much of it as comes before the answer.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Unreadable> {
        match bytes.first() {
            Some(&VERSION) => {}
            Some(version) => return Err(format!("the format version {version}")),
            None => return Err("no bytes".to_owned()),
        }
        let mut reader = Reader { bytes, at: 1 };
        let state = match reader.byte()? {
            b'R' => State::Running,
            b'F' => State::Free(Release::Retry),
            b'I' => State::Free(Release::Interrupted),
            b'D' => State::Done,
            other => return Err(format!("the state {other}")),
        };
        // The flags are for the scripts.
        reader.byte()?;
        let previous = previous(reader.byte()?)?;
        let mut packed = Packed {
            state,
            previous,
            attempts: reader.u32()?,
            token: Token::from_bytes(reader.array()?),
            fence: Fence::new(reader.u64()?),
            fingerprint: Fingerprint::from_bytes(reader.array()?),
            started: reader.u64()?,
            lease_until: reader.u64()?,
            expires_at: reader.u64()?,
            lease: Duration::from_millis(u64::from(reader.u32()?)),
            operation: "",
            owner: "",
            trace: None,
            answer_at: HEAD,
        };
        // The grace is for the scripts.
        reader.u32()?;
        let length = reader.length()?;
        let sections = reader.take(length)?;
        packed.answer_at = reader.at;
        packed.read_sections(sections)?;
        Ok(packed)
    }

    fn read_sections(&mut self, sections: &'a [u8]) -> Result<(), Unreadable> {
        let mut reader = Reader {
            bytes: sections,
            at: 0,
        };
        while reader.at < sections.len() {
            let tag = reader.byte()?;
            let length = reader.length()?;
            let content = reader.take(length)?;
            match tag {
                OPERATION => self.operation = text(content)?,
                OWNER => self.owner = text(content)?,
                TRACE => {
                    let trace = content.try_into();
                    self.trace = Some(trace.map_err(|_| format!("a trace of {length} bytes"))?);
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// The sections of a claim, with their length before them.
pub(super) fn sections(claim: &Claim<'_>) -> Vec<u8> {
    let sections = [
        (OPERATION, claim.operation.as_bytes()),
        (OWNER, claim.owner.as_bytes()),
        (TRACE, claim.trace.as_ref().map_or(&[][..], |trace| trace)),
    ];
    let mut bytes = vec![0; 4];
    for (tag, content) in sections {
        if !content.is_empty() {
            bytes.push(tag);
            bytes.extend(length(content.len()));
            bytes.extend(content);
        }
    }
    let total = length(bytes.len() - 4);
    bytes[..4].copy_from_slice(&total);
    bytes
}

/// Names are far shorter; one of 4 GiB would not have come this far.
fn length(length: usize) -> [u8; 4] {
    u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes()
}

/// `ago` is known only to the claim that found the record expired.
fn previous(code: u8) -> Result<Previous, Unreadable> {
    Ok(match code {
        0 => Previous::None,
        1 => Previous::Released,
        2 => Previous::Interrupted,
        3 => Previous::TakenOver,
        4 | 5 => Previous::Expired {
            same_fingerprint: code == 4,
            ago: Duration::ZERO,
        },
        _ => return Err(format!("the previous attempt {code}")),
    })
}

fn text(bytes: &[u8]) -> Result<&str, Unreadable> {
    std::str::from_utf8(bytes).map_err(|_| "a name that is not UTF-8".to_owned())
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// The next bytes.
    fn take(&mut self, length: usize) -> Result<&'a [u8], Unreadable> {
        let end = self.at.checked_add(length);
        let taken = end.and_then(|end| self.bytes.get(self.at..end));
        let taken = taken.ok_or_else(|| format!("only {} bytes", self.bytes.len()))?;
        self.at += length;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Unreadable> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    fn byte(&mut self) -> Result<u8, Unreadable> {
        Ok(self.array::<1>()?[0])
    }

    fn u32(&mut self) -> Result<u32, Unreadable> {
        Ok(u32::from_be_bytes(self.array()?))
    }

    fn u64(&mut self) -> Result<u64, Unreadable> {
        Ok(u64::from_be_bytes(self.array()?))
    }

    fn length(&mut self) -> Result<usize, Unreadable> {
        let length = self.u32()?;
        usize::try_from(length).map_err(|_| format!("a section of {length} bytes"))
    }
}

#[cfg(test)]
mod tests;
