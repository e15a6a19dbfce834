//! Keys for downstream calls: derived one way from a record and a name, so
//! that they are the same in every attempt and tell nothing of the record.

use crate::key::Key;
use crate::record::RecordId;

/// Of how child keys are made; a change makes a rerun's keys new to every
/// downstream.
const CONTEXT: &str = "idempotent-runtime 2026 child key, version 1";

pub(super) fn of(secret: Option<&[u8; 32]>, id: &RecordId, name: &str) -> Key {
    let mut hasher = blake3::Hasher::new_derive_key(CONTEXT);
    // The parts before the name have fixed lengths.
    match secret {
        Some(secret) => hasher.update(&[1]).update(secret),
        None => hasher.update(&[0]),
    };
    hasher.update(id.as_bytes()).update(name.as_bytes());
    let mut bytes = [0; 16];
    hasher.finalize_xof().fill(&mut bytes);
    // RFC 9562: version 8 is of one's own making; the variant is the RFC's.
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    Key::ascii(uuid(bytes))
}

fn uuid(bytes: [u8; 16]) -> String {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(36);
    for (place, byte) in bytes.into_iter().enumerate() {
        if matches!(place, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from(HEX[usize::from(digit)]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn id(number: u8) -> RecordId {
        RecordId::from_bytes([number; 32])
    }

    #[test]
    fn a_child_key_is_golden() {
        let plain = of(None, &id(7), "charge");
        let keyed = of(Some(&[9; 32]), &id(7), "charge");
        assert_eq!(plain.as_str(), "ffab86d3-ae02-892b-8ea4-6744797753ea");
        assert_eq!(keyed.as_str(), "92589d16-b11c-82e4-9ce0-06d21cfb0c24");
    }

    #[test]
    fn record_name_and_secret_each_make_another_key() {
        let (one, two) = ([1; 32], [2; 32]);
        let mut seen = HashSet::new();
        for secret in [None, Some(&one), Some(&two)] {
            for number in 0..4 {
                for name in ["", "charge", "charge-fee", "Charge"] {
                    assert!(seen.insert(of(secret, &id(number), name)));
                }
            }
        }
    }

    #[test]
    fn a_child_key_reads_as_a_key_and_as_a_uuid_of_version_8() {
        let key = of(None, &id(0), "charge");
        assert_eq!(Key::new(key.as_str()), Ok(key.clone()));
        let text = key.as_str();
        assert_eq!((text.len(), &text[14..15]), (36, "8"));
        assert!(matches!(&text[19..20], "8" | "9" | "a" | "b"));
    }
}
