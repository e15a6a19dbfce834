//! The digest of multipart bodies, over parts that look like boundaries.

use proptest::prelude::*;

use super::digest;

fn hash(boundary: &str, body: &[u8]) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    digest(boundary.as_bytes(), body, &mut hasher);
    hasher.finalize()
}

fn body(boundary: &str, parts: &[String]) -> Vec<u8> {
    let parts = parts.iter().map(|part| {
        format!("--{boundary}\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n{part}\r\n")
    });
    parts
        .chain([format!("--{boundary}--\r\n")])
        .collect::<String>()
        .into_bytes()
}

/// Line ends, dashes and the letters that the boundaries are made of.
fn parts() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec("(\r\n|--|[abAB\r\n-]){0,12}", 0..4)
}

/// Nothing in the parts is a delimiter of either boundary.
fn clean(parts: &[String]) -> bool {
    parts.iter().all(|part| {
        !format!("\r\n{part}").contains("\r\n--a") && !format!("\r\n{part}").contains("\r\n--b")
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn the_boundary_is_no_difference(parts in parts()) {
        prop_assume!(clean(&parts));
        prop_assert_eq!(
            hash("a--b", &body("a--b", &parts)),
            hash("b", &body("b", &parts))
        );
    }

    #[test]
    fn the_parts_are(one in parts(), other in parts()) {
        prop_assume!(clean(&one) && clean(&other));
        let same = hash("a", &body("a", &one)) == hash("bb", &body("bb", &other));
        prop_assert_eq!(same, one == other);
    }

    /// Among bodies of one boundary nothing is overlooked.
    #[test]
    fn every_byte_is_digested(
        bytes in prop::collection::vec(prop::sample::select(b"\r\n-ab".to_vec()), 0..40),
        other in prop::collection::vec(prop::sample::select(b"\r\n-ab".to_vec()), 0..40),
    ) {
        prop_assert_eq!(hash("a", &bytes) == hash("a", &other), bytes == other);
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            prop_assert_ne!(hash("a", &bytes), hash("a", &changed));
        }
    }
}
