//! Which words stand in tokens, macro arguments and inline format captures
//! (`format!("{id}")`) included. It errs towards finding a word.

use std::collections::HashSet;

use proc_macro2::{Span, TokenStream, TokenTree};

/// Every word, so that a binding can be looked up.
pub(crate) fn words(tokens: TokenStream) -> HashSet<String> {
    let mut found = HashSet::new();
    each(tokens, &mut |word, _| {
        found.insert(word.to_owned());
    });
    found
}

/// The first word that is wanted.
pub(crate) fn find(tokens: TokenStream, wanted: impl Fn(&str) -> bool) -> Option<Span> {
    let mut found = None;
    each(tokens, &mut |word, span| {
        if found.is_none() && wanted(word) {
            found = Some(span);
        }
    });
    found
}

fn each(tokens: TokenStream, visit: &mut impl FnMut(&str, Span)) {
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => {
                let word = ident.to_string();
                visit(word.strip_prefix("r#").unwrap_or(&word), ident.span());
            }
            TokenTree::Group(group) => each(group.stream(), visit),
            TokenTree::Literal(literal) => {
                for word in captures(&literal.to_string()) {
                    visit(word, literal.span());
                }
            }
            TokenTree::Punct(_) => {}
        }
    }
}

/// The words right after a `{` of a string literal.
fn captures(literal: &str) -> impl Iterator<Item = &str> {
    literal.split('{').skip(1).filter_map(|after| {
        let end = after
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(after.len());
        (end > 0).then(|| &after[..end])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<String> {
        let mut found: Vec<_> = words(text.parse().expect("tokens")).into_iter().collect();
        found.sort();
        found
    }

    #[test]
    fn words_are_found_in_groups_macros_and_captures() {
        assert_eq!(of("(a.b, [c])"), ["a", "b", "c"]);
        assert_eq!(
            of(r#"format!("{id}-{rest:?}-{{x}}", r#type)"#),
            ["format", "id", "rest", "type", "x"]
        );
        assert_eq!(of(r#""plain {} text""#), Vec::<String>::new());
    }

    #[test]
    fn the_first_wanted_word_is_found() {
        let tokens: TokenStream = "Vec<impl Copy>".parse().expect("tokens");
        assert!(find(tokens.clone(), |word| word == "impl").is_some());
        assert!(find(tokens, |word| word == "Self").is_none());
    }
}
