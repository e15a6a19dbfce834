//! Values that are made anew at each call: as a key, a scope or a fingerprint
//! they protect nothing, since no retry ever meets its original.

use proc_macro2::{Span, TokenStream, TokenTree};

/// Functions that make a fresh value, whatever they hang on.
const ALONE: [&str; 9] = [
    "new_v4",
    "now_v1",
    "now_v6",
    "now_v7",
    "thread_rng",
    "now_utc",
    "now_local",
    "nanoid",
    "random_range",
];

/// `Type::function` and `crate::function` pairs; `*` is any function.
const PAIRS: [(&str, &str); 14] = [
    ("Uuid", "new_v1"),
    ("Uuid", "new_v6"),
    ("Uuid", "new_v7"),
    ("SystemTime", "now"),
    ("Instant", "now"),
    ("Utc", "now"),
    ("Local", "now"),
    ("Zoned", "now"),
    ("Timestamp", "now"),
    ("Ulid", "new"),
    ("Ulid", "generate"),
    ("rand", "*"),
    ("fastrand", "*"),
    ("getrandom", "*"),
];

/// The first fresh value in the tokens: how it reads, and where.
pub(crate) fn find(tokens: TokenStream) -> Option<(String, Span)> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (place, token) in tokens.iter().enumerate() {
        if let TokenTree::Group(group) = token
            && let Some(found) = find(group.stream())
        {
            return Some(found);
        }
        let TokenTree::Ident(ident) = token else {
            continue;
        };
        let word = ident.to_string();
        let before = path_before(&tokens, place);
        if let Some(owner) = &before
            && pairs(owner, &word)
        {
            return Some((format!("{owner}::{word}"), ident.span()));
        }
        if ALONE.contains(&word.as_str()) && is_called(&tokens, place) {
            let shown = before.map_or(word.clone(), |owner| format!("{owner}::{word}"));
            return Some((shown, ident.span()));
        }
    }
    None
}

fn pairs(owner: &str, word: &str) -> bool {
    PAIRS
        .iter()
        .any(|(left, right)| owner == *left && (word == *right || *right == "*"))
}

/// `A` of `A::word`.
fn path_before(tokens: &[TokenTree], place: usize) -> Option<String> {
    let [
        TokenTree::Ident(owner),
        TokenTree::Punct(first),
        TokenTree::Punct(second),
    ] = tokens.get(place.checked_sub(3)?..place)?
    else {
        return None;
    };
    (first.as_char() == ':' && second.as_char() == ':').then(|| owner.to_string())
}

/// A call or a macro's invocation follows; else it is somebody's field.
fn is_called(tokens: &[TokenTree], place: usize) -> bool {
    match tokens.get(place + 1) {
        Some(TokenTree::Group(_)) => true,
        Some(TokenTree::Punct(punct)) => punct.as_char() == '!',
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<String> {
        find(text.parse().expect("tokens")).map(|(shown, _)| shown)
    }

    #[test]
    fn fresh_values_are_found() {
        for (text, shown) in [
            ("Uuid::new_v4()", "Uuid::new_v4"),
            ("uuid::Uuid::now_v7().to_string()", "Uuid::now_v7"),
            (
                "format!(\"{}-{}\", order.id, Uuid::new_v4())",
                "Uuid::new_v4",
            ),
            ("&SystemTime::now()", "SystemTime::now"),
            ("std::time::Instant::now()", "Instant::now"),
            ("chrono::Utc::now().timestamp()", "Utc::now"),
            ("OffsetDateTime::now_utc()", "OffsetDateTime::now_utc"),
            ("rand::random::<u64>()", "rand::random"),
            ("rand::rng().next_u64()", "rand::rng"),
            ("Ulid::new()", "Ulid::new"),
            ("nanoid!()", "nanoid"),
            ("nanoid::nanoid!()", "nanoid::nanoid"),
            ("(order.id, [fastrand::u64(..)])", "fastrand::u64"),
        ] {
            assert_eq!(found(text).as_deref(), Some(shown), "{text}");
        }
    }

    #[test]
    fn what_a_caller_sent_is_not_fresh() {
        for text in [
            "order.id",
            "order.new_v4",
            "event.now",
            "rand",
            "order.rand()",
            "Uuid::new_v5(&NS, b)",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
