//! The bytes of a sealed answer, which are golden:
//!
//! ```text
//! kind = 5 | version = 1 | key id, big-endian | nonce | ciphertext | tag
//!        1 |           1 |                  4 |    24 |        any |  16
//! ```
//!
//! The cipher is XChaCha20-Poly1305; what it seals is the whole answer, its
//! kind included. The tag also covers the first six bytes and the record's
//! id, so that a row moved to another record does not open.

use chacha20poly1305::aead::AeadInPlace;
use chacha20poly1305::{Tag, XChaCha20Poly1305, XNonce};

use crate::answer::{Answer, AnswerKind};
use crate::record::RecordId;
use crate::store::StoreError;

const VERSION: u8 = 1;
/// What stands before the nonce: kind, version, key id.
const HEAD: usize = 6;
pub(super) const NONCE: usize = 24;
const TAG: usize = 16;
/// By how much a sealed answer is longer.
pub(super) const BYTES: usize = HEAD + NONCE + TAG;

pub(super) fn seal(
    cipher: &XChaCha20Poly1305,
    key: u32,
    record: &RecordId,
    answer: &Answer,
    nonce: [u8; NONCE],
) -> Result<Answer, StoreError> {
    let plain = answer.as_bytes();
    let head = head(key);
    let mut bytes = Vec::with_capacity(BYTES + plain.len());
    bytes.extend_from_slice(&head);
    bytes.extend_from_slice(&nonce);
    bytes.extend_from_slice(plain);
    let tag = cipher
        .encrypt_in_place_detached(
            XNonce::from_slice(&nonce),
            &associated(head, record),
            &mut bytes[HEAD + NONCE..],
        )
        .map_err(|_| StoreError::Corrupt {
            what: format!("an answer of {} bytes is too long to seal", plain.len()),
        })?;
    bytes.extend_from_slice(&tag);
    Ok(Answer::encoded(bytes))
}

/// A sealed answer, taken apart.
pub(super) struct Parts<'a> {
    pub(super) key: u32,
    head: [u8; HEAD],
    nonce: &'a [u8; NONCE],
    ciphertext: &'a [u8],
    tag: &'a [u8; TAG],
}

impl<'a> Parts<'a> {
    /// The parts, or what is wrong with them.
    pub(super) fn of(sealed: &'a Answer) -> Result<Self, &'static str> {
        let short = "is cut off; find out who wrote it, or forget the record";
        let (head, rest) = sealed.as_bytes().split_first_chunk().ok_or(short)?;
        let head: [u8; HEAD] = *head;
        if head[1] != VERSION {
            return Err("has a seal of a later version; upgrade this process");
        }
        let (nonce, rest) = rest.split_first_chunk().ok_or(short)?;
        let (ciphertext, tag) = rest.split_last_chunk().ok_or(short)?;
        Ok(Self {
            key: u32::from_be_bytes([head[2], head[3], head[4], head[5]]),
            head,
            nonce,
            ciphertext,
            tag,
        })
    }

    /// The answer; `None` unless all of it is as it was sealed for this
    /// record with this key.
    pub(super) fn open(&self, cipher: &XChaCha20Poly1305, record: &RecordId) -> Option<Answer> {
        let mut plain = self.ciphertext.to_vec();
        let opened = cipher.decrypt_in_place_detached(
            XNonce::from_slice(self.nonce),
            &associated(self.head, record),
            &mut plain,
            Tag::from_slice(self.tag),
        );
        opened.ok().map(|()| Answer::from_bytes(plain))
    }
}

fn head(key: u32) -> [u8; HEAD] {
    let [a, b, c, d] = key.to_be_bytes();
    [AnswerKind::Sealed as u8, VERSION, a, b, c, d]
}

/// What the tag covers beside the answer.
fn associated(head: [u8; HEAD], record: &RecordId) -> [u8; HEAD + RecordId::BYTES] {
    let mut bytes = [0; HEAD + RecordId::BYTES];
    bytes[..HEAD].copy_from_slice(&head);
    bytes[HEAD..].copy_from_slice(record.as_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use chacha20poly1305::KeyInit;

    use super::*;

    /// Version 1, as libsodium's `crypto_aead_xchacha20poly1305_ietf` makes it.
    #[rustfmt::skip]
    const GOLDEN: [u8; 53] = [
        0x05, 0x01, 0x01, 0x02, 0x03, 0x04,
        0x05, 0x05, 0x05, 0x05, 0x05, 0x05, 0x05, 0x05, 0x05, 0x05, 0x05, 0x05,
        0x05, 0x05, 0x05, 0x05, 0x05, 0x05, 0x05, 0x05, 0x05, 0x05, 0x05, 0x05,
        0xf3, 0x98, 0x05, 0x8c, 0x74, 0x13, 0xeb,
        0xd1, 0x4b, 0x2a, 0x4e, 0x0e, 0x9a, 0xbe, 0x12,
        0x8d, 0x60, 0xa8, 0x5f, 0x91, 0xe8, 0x17, 0x12,
    ];

    fn cipher() -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&[7; 32].into())
    }

    fn record(number: u8) -> RecordId {
        RecordId::from_bytes([number; RecordId::BYTES])
    }

    fn open(sealed: Vec<u8>, number: u8) -> Option<Answer> {
        Parts::of(&Answer::from_bytes(sealed))
            .ok()?
            .open(&cipher(), &record(number))
    }

    /// Version 1, for good: what it once wrote is read by every later version.
    #[test]
    fn the_bytes_are_golden() {
        let answer = Answer::from_bytes(&b"\x02\"paid\""[..]);
        let sealed = seal(&cipher(), 0x0102_0304, &record(9), &answer, [5; NONCE]).unwrap();
        assert_eq!(sealed.as_bytes()[..], GOLDEN);
        assert_eq!(sealed.as_bytes().len(), answer.as_bytes().len() + BYTES);
        assert_eq!(open(GOLDEN.to_vec(), 9), Some(answer));
    }

    #[test]
    fn no_byte_can_be_changed_and_none_left_out() {
        for at in 0..GOLDEN.len() {
            for bit in 0..8 {
                let mut changed = GOLDEN.to_vec();
                changed[at] ^= 1 << bit;
                assert_eq!(open(changed, 9), None, "bit {bit} of byte {at}");
            }
            assert_eq!(open(GOLDEN[..at].to_vec(), 9), None, "{at} bytes");
        }
        assert_eq!(open([&GOLDEN[..], &[0]].concat(), 9), None, "a byte more");
    }

    #[test]
    fn another_record_does_not_open_it() {
        assert_eq!(open(GOLDEN.to_vec(), 8), None);
    }
}
