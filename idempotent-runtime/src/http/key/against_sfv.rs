//! The key's header against an independent parser of structured fields: where
//! the header begins with a quote, both read the same string or none.

use proptest::prelude::*;
use sfv::{BareItem, Item, Parser};

use super::{KeyError, parse};

/// The string that the header begins with, as `sfv` reads it, and what comes
/// behind it. A string ends at its closing quote, so at most one beginning of
/// the header is one.
fn string(header: &[u8]) -> Option<(String, &[u8])> {
    (2..=header.len()).find_map(|end| {
        let (beginning, rest) = header.split_at(end);
        if !beginning.ends_with(b"\"") {
            return None;
        }
        match Parser::new(beginning).parse::<Item>().ok()?.bare_item {
            BareItem::String(text) => Some((text.as_str().to_owned(), rest)),
            _ => None,
        }
    })
}

/// What the header says of its key. Parameters are ignored whatever they are.
fn expected(header: &[u8]) -> Result<String, KeyError> {
    match string(header.trim_ascii()) {
        Some((text, b"" | [b';', ..])) => match text.len() {
            0 => Err(KeyError::Empty),
            1..=255 => Ok(text),
            _ => Err(KeyError::TooLong),
        },
        _ => Err(KeyError::Malformed),
    }
}

fn parsed(header: &[u8]) -> Result<String, KeyError> {
    parse(header).map(|key| key.as_str().to_owned())
}

/// What a header may be made of: mostly what means something, or nearly does.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => "[a-z0-9 ]{0,6}".prop_map(String::into_bytes),
        2 => Just(b"\"".to_vec()),
        2 => prop::sample::select(vec![&br"\"[..], br#"\""#, br"\\", br"\n", b";", b";v=1", b", ", b"\t"])
            .prop_map(<[u8]>::to_vec),
        1 => any::<u8>().prop_map(|byte| vec![byte]),
    ]
}

fn escaped(text: &str) -> String {
    text.replace('\\', r"\\").replace('"', r#"\""#)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_quoted_key_is_a_structured_string_or_nothing(
        pieces in prop::collection::vec(piece(), 0..8),
    ) {
        let header = [b"\"".to_vec(), pieces.concat()].concat();
        prop_assert_eq!(parsed(&header), expected(&header));
    }

    #[test]
    fn what_is_written_as_a_structured_string_is_read_back(
        text in "[ -~]{0,300}",
        parameters in "(;[a-z]=[0-9])?",
    ) {
        let header = format!("\"{}\"{parameters}", escaped(&text));
        let item: Item = Parser::new(&header).parse().expect("a structured string");
        prop_assert_eq!(item.bare_item, BareItem::String(sfv::String::from_string(text.clone()).unwrap()));
        prop_assert_eq!(parsed(header.as_bytes()), expected(header.as_bytes()));
        if (1..=255).contains(&text.len()) {
            prop_assert_eq!(parsed(header.as_bytes()), Ok(text));
        }
    }

    #[test]
    fn a_bare_key_means_the_quoted_one(text in "[!-~]{1,300}") {
        let bare = parsed(text.as_bytes());
        if text.contains(['"', ',', ';']) {
            // A lone string is quoted, and is another test's.
            prop_assert!(text.starts_with('"') || bare == Err(KeyError::Malformed));
        } else {
            prop_assert_eq!(bare, parsed(format!("\"{}\"", escaped(&text)).as_bytes()));
        }
    }

    #[test]
    fn no_bytes_are_too_much(header in prop::collection::vec(any::<u8>(), 0..600)) {
        if let Ok(key) = parse(&header) {
            prop_assert!((1..=255).contains(&key.as_str().len()));
            prop_assert!(!key.as_str().contains(char::is_control));
        }
    }
}
