//! When a key was made, if it is of a form that tells: a `UUIDv7` or a ULID.
//! The time is the client's; no record's life is measured by it.

use std::time::Duration;

use crate::key::Key;

/// When a `UUIDv7` key was made, since 1970; `None` for any other key.
pub(super) fn of_uuid(key: &Key) -> Option<Duration> {
    let text = key.as_str();
    if text.len() != 36 || text.as_bytes()[14] != b'7' {
        return None;
    }
    let dashes = text.bytes().enumerate().filter(|(_, byte)| *byte == b'-');
    if !dashes.map(|(at, _)| at).eq([8, 13, 18, 23]) {
        return None;
    }
    let high = u64::from_str_radix(text.get(..8)?, 16).ok()?;
    let low = u64::from_str_radix(text.get(9..13)?, 16).ok()?;
    Some(Duration::from_millis(high << 16 | low))
}

/// When a key was made that can be a ULID: 26 characters of Crockford's base
/// 32, of which the first ten are milliseconds since 1970. Times before there
/// were any, and far ones, are somebody's order numbers.
pub(super) fn of_ulid(key: &Key) -> Option<Duration> {
    /// The years 2015 to 2100.
    const TIMES: std::ops::Range<u64> = 1_420_070_400_000..4_102_444_800_000;
    let text = key.as_str();
    if text.len() != 26 || !text.bytes().all(|byte| digit(byte).is_some()) {
        return None;
    }
    let digits = text.bytes().take(10).filter_map(digit);
    let millis = digits.fold(0, |millis, digit| millis << 5 | digit);
    TIMES
        .contains(&millis)
        .then(|| Duration::from_millis(millis))
}

fn digit(byte: u8) -> Option<u64> {
    const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let byte = byte.to_ascii_uppercase();
    let at = DIGITS.iter().position(|digit| *digit == byte)?;
    u64::try_from(at).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_v7_tells_its_time_and_nothing_else_does() {
        let minted = |key: &str| of_uuid(&Key::new(key).unwrap());
        let time = Duration::from_millis(0x0192_d2f4_5678);
        assert_eq!(minted("0192d2f4-5678-7abc-8def-0123456789ab"), Some(time));
        assert_eq!(minted("0192d2f4-5678-4abc-8def-0123456789ab"), None);
        assert_eq!(minted("order-1001"), None);
        assert_eq!(minted("ü192d2f4-678-7abc-8def-0123456789ab"), None);
    }

    #[test]
    fn a_ulid_tells_its_time_and_nothing_else_does() {
        let minted = |key: &str| of_ulid(&Key::new(key).unwrap());
        let time = Duration::from_millis(1_469_922_850_259);
        assert_eq!(minted("01ARZ3NDEKTSV4RRFFQ69G5FAV"), Some(time));
        assert_eq!(minted("01ARZ3NDEKTSV4RRFFQ69G5FA"), None);
        assert_eq!(minted("01ARZ3NDEKTSV4RRFFQ69G5FAU"), None);
        assert_eq!(minted("00000000000000000000000000"), None);
    }
}
