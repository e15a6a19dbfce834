//! What is encoded is decoded as it was, and no bytes break the decoder.

use proptest::prelude::*;

use super::*;

fn name() -> impl Strategy<Value = HeaderName> {
    prop_oneof![
        prop::sample::select(NAMES.to_vec()),
        "[a-z][a-z0-9_-]{0,200}".prop_map(|name| name.parse().expect("a header's name")),
    ]
}

/// Visible, blank and non-ASCII bytes: all that HTTP lets through.
fn value() -> impl Strategy<Value = HeaderValue> {
    let byte = prop_oneof![8 => 0x20..=0x7e_u8, 1 => 0x80..=0xff_u8, 1 => Just(b'\t')];
    prop::collection::vec(byte, 0..40)
        .prop_map(|bytes| HeaderValue::from_bytes(&bytes).expect("a header's value"))
}

fn stored() -> impl Strategy<Value = Stored> {
    let status = (100..1000_u16).prop_map(|code| StatusCode::from_u16(code).expect("a status"));
    // Few names, so that some are repeated.
    let names = prop::collection::vec(name(), 1..5);
    let headers = names.prop_flat_map(|names| {
        let header = (prop::sample::select(names), value());
        prop::collection::vec(header, 0..12)
    });
    let body = prop::collection::vec(any::<u8>(), 0..300);
    (status, headers, body).prop_map(|(status, headers, body)| Stored {
        status,
        headers: {
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.append(name, value);
            }
            map
        },
        body: body.into(),
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn what_is_encoded_is_decoded(stored in stored()) {
        let answer = encode(stored.status, &stored.headers, |_| true, &stored.body);
        prop_assert_eq!(answer.kind(), Some(AnswerKind::Http));
        // Equal maps have the values of a name in the same order.
        prop_assert_eq!(decode(&answer), Some(stored));
    }

    #[test]
    fn what_is_not_kept_is_not_there(stored in stored()) {
        let keep = |name: &HeaderName| code(name).is_some();
        let answer = encode(stored.status, &stored.headers, keep, &stored.body);
        let decoded = decode(&answer).expect("an answer of this format");
        let kept = stored.headers.iter().filter(|(name, _)| keep(name));
        prop_assert!(decoded.headers.iter().eq(kept));
        prop_assert_eq!(decoded.body, stored.body);
    }

    #[test]
    fn a_cut_answer_is_refused_or_has_a_cut_body(stored in stored(), at in any::<prop::sample::Index>()) {
        let whole = encode(stored.status, &stored.headers, |_| true, &stored.body);
        let cut = at.index(whole.as_bytes().len());
        match decode(&Answer::from_bytes(whole.as_bytes().slice(..cut))) {
            None => prop_assert!(cut < whole.as_bytes().len() - stored.body.len()),
            Some(decoded) => prop_assert!(stored.body.starts_with(&decoded.body)),
        }
    }

    #[test]
    fn no_bytes_break_the_decoder(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        decode(&Answer::encoded([vec![AnswerKind::Http as u8, 0, 200], bytes].concat()));
    }
}

/// A header map holds 32,768 entries at most; more can only be corruption.
#[test]
fn more_headers_than_a_map_holds_are_refused() {
    let mut bytes = vec![AnswerKind::Http as u8, 0, 200];
    write_length(40_000, &mut bytes);
    for number in 0..40_000 {
        bytes.push(0);
        write_sized(format!("x-{number}").as_bytes(), &mut bytes);
        write_sized(b"", &mut bytes);
    }
    assert_eq!(decode(&Answer::encoded(bytes)), None);
}
