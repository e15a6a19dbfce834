//! The bytes of steps, as stores keep them: one after the other, in the order
//! in which they were recorded. They are golden.
//!
//! ```text
//! 'S' | length of the name | name | length of the result | result
//!   1 |     4, big-endian  |      |      4, big-endian   |
//! ```

use std::fmt;

use bytes::{BufMut, Bytes};

use crate::answer::Answer;
use crate::store::StoreError;

/// Apart from every [`AnswerKind`](crate::AnswerKind), so that neither can be
/// read as the other.
const TAG: u8 = b'S';
/// What stands around a name and a result.
pub(crate) const AROUND: usize = 9;

/// The result of a part of an attempt, for [`Store::step`](crate::Store::step).
/// Stores append [`Step::as_bytes`] to those that the record has, and need not
/// look inside.
#[derive(Clone, PartialEq, Eq)]
pub struct Step {
    name: String,
    result: Answer,
    bytes: Bytes,
}

/// All steps of a record that is not done, in one.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Steps(Bytes);

impl Step {
    /// The result of the part `name`.
    pub fn new(name: &str, result: Answer) -> Self {
        let mut bytes = Vec::with_capacity(AROUND + name.len() + result.as_bytes().len());
        bytes.push(TAG);
        for part in [name.as_bytes(), result.as_bytes()] {
            // Both are bounded far below 4 GiB.
            bytes.put_u32(u32::try_from(part.len()).unwrap_or(u32::MAX));
            bytes.extend_from_slice(part);
        }
        Self {
            name: name.to_owned(),
            result,
            bytes: bytes.into(),
        }
    }

    /// The name of the part.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its result.
    pub fn result(&self) -> &Answer {
        &self.result
    }

    /// The bytes, as stores append them.
    pub fn as_bytes(&self) -> &Bytes {
        &self.bytes
    }
}

impl Steps {
    /// No steps.
    pub const fn none() -> Self {
        Self(Bytes::new())
    }

    /// The steps whose bytes a store kept.
    pub fn from_bytes(bytes: impl Into<Bytes>) -> Self {
        Self(bytes.into())
    }

    /// The bytes, as stores keep them.
    pub fn as_bytes(&self) -> &Bytes {
        &self.0
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each of them, in order. One that was sent again stands there twice.
    pub fn read(&self) -> Result<Vec<Step>, StoreError> {
        let mut steps = Vec::new();
        let mut rest = self.0.clone();
        while !rest.is_empty() {
            let step = take_step(&mut rest).ok_or_else(|| StoreError::Corrupt {
                what: format!("steps that break off after {}", steps.len()),
            })?;
            steps.push(step);
        }
        Ok(steps)
    }
}

fn take_step(rest: &mut Bytes) -> Option<Step> {
    let whole = rest.clone();
    if take(rest, 1)?[0] != TAG {
        return None;
    }
    let name = take_part(rest)?;
    let result = Answer::from_bytes(take_part(rest)?);
    Some(Step {
        name: String::from_utf8(name.into()).ok()?,
        result,
        bytes: whole.slice(..whole.len() - rest.len()),
    })
}

fn take_part(rest: &mut Bytes) -> Option<Bytes> {
    let length = take(rest, 4)?;
    let length = u32::from_be_bytes(length[..].try_into().ok()?);
    take(rest, usize::try_from(length).ok()?)
}

fn take(rest: &mut Bytes, length: usize) -> Option<Bytes> {
    (length <= rest.len()).then(|| rest.split_to(length))
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Step({:?}, {:?})", self.name, self.result)
    }
}

impl fmt::Debug for Steps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Steps({} bytes)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(name: &str, result: &'static [u8]) -> Step {
        Step::new(name, Answer::from_bytes(result))
    }

    /// For good: what it once wrote is read by every later version.
    #[test]
    fn the_bytes_are_golden() {
        let golden = b"S\0\0\0\x06charge\0\0\0\x02\x027";
        assert_eq!(step("charge", b"\x027").as_bytes()[..], golden[..]);
        let read = Steps::from_bytes(&golden[..]).read().unwrap();
        assert_eq!(read, [step("charge", b"\x027")]);
    }

    #[test]
    fn what_was_appended_is_read_in_order() {
        let all = [
            step("a", b""),
            step("ü", b"\x02[1,2]"),
            step("a", b"\x04\x01"),
        ];
        let bytes: Vec<u8> = all
            .iter()
            .flat_map(|step| step.as_bytes().to_vec())
            .collect();
        assert_eq!(Steps::from_bytes(bytes).read().unwrap(), all);
        assert_eq!(Steps::none().read().unwrap(), []);
    }

    #[test]
    fn what_breaks_off_is_an_error() {
        let whole = step("charge", b"\x027").as_bytes().to_vec();
        for at in 1..whole.len() {
            assert!(
                Steps::from_bytes(whole[..at].to_vec()).read().is_err(),
                "{at}"
            );
        }
        assert!(Steps::from_bytes(&b"\x02\"an answer\""[..]).read().is_err());
    }
}
