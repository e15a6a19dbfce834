//! The handler's patterns, once more, for the knob expressions, which see the
//! arguments by reference: `mut`, `ref` and `&` are stripped (under a
//! reference edition 2024 refuses them), and what no expression mentions
//! becomes `_`, so that it needs no `allow`.

use std::collections::HashSet;

use proc_macro2::Ident;
use syn::{Member, Pat, PatType, Token};

/// A pattern that binds only what the expressions mention.
pub(crate) struct Mentioned {
    pub(crate) pattern: Pat,
    /// The bindings, which the attribute uses.
    pub(crate) bindings: Vec<Ident>,
}

/// `None` if the expressions mention no binding of the pattern.
pub(crate) fn mentioned(pattern: &Pat, words: &HashSet<String>) -> Option<Mentioned> {
    let mut pattern = pattern.clone();
    let mut bindings = Vec::new();
    strip(&mut pattern, words, &mut bindings);
    (!bindings.is_empty()).then_some(Mentioned { pattern, bindings })
}

/// The name of an argument that is bound whole.
pub(crate) fn name(arg: &PatType) -> Option<&Ident> {
    match &*arg.pat {
        Pat::Ident(binding) if binding.subpat.is_none() && binding.by_ref.is_none() => {
            Some(&binding.ident)
        }
        _ => None,
    }
}

fn strip(pattern: &mut Pat, words: &HashSet<String>, bindings: &mut Vec<Ident>) {
    match pattern {
        Pat::Ident(binding) => {
            binding.by_ref = None;
            binding.mutability = None;
            let used = words.contains(binding.ident.to_string().trim_start_matches("r#"));
            if used && !bindings.contains(&binding.ident) {
                bindings.push(binding.ident.clone());
            }
            match (&mut binding.subpat, used) {
                (None, true) => {}
                (None, false) => *pattern = syn::parse_quote!(_),
                (Some((_, inner)), used) => {
                    strip(inner, words, bindings);
                    if !used {
                        *pattern = (**inner).clone();
                    }
                }
            }
        }
        Pat::Reference(reference) => {
            let mut inner = (*reference.pat).clone();
            strip(&mut inner, words, bindings);
            *pattern = inner;
        }
        Pat::Paren(paren) => strip(&mut paren.pat, words, bindings),
        Pat::Or(or) => or
            .cases
            .iter_mut()
            .for_each(|case| strip(case, words, bindings)),
        Pat::Slice(slice) => slice
            .elems
            .iter_mut()
            .for_each(|elem| strip(elem, words, bindings)),
        Pat::Tuple(tuple) => tuple
            .elems
            .iter_mut()
            .for_each(|elem| strip(elem, words, bindings)),
        Pat::TupleStruct(tuple) => {
            tuple
                .elems
                .iter_mut()
                .for_each(|elem| strip(elem, words, bindings));
        }
        Pat::Struct(fields) => {
            for field in &mut fields.fields {
                strip(&mut field.pat, words, bindings);
                let shorthand = matches!((&*field.pat, &field.member),
                    (Pat::Ident(own), Member::Named(name)) if own.ident == *name);
                if !shorthand && field.colon_token.is_none() {
                    field.colon_token = Some(<Token![:]>::default());
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::ToTokens;
    use syn::parse::Parser;

    fn shown(pattern: &str, mentions: &[&str]) -> Option<String> {
        let pattern = Pat::parse_single.parse_str(pattern).expect(pattern);
        let words = mentions.iter().map(ToString::to_string).collect();
        let found = mentioned(&pattern, &words)?;
        Some(found.pattern.to_token_stream().to_string())
    }

    #[test]
    fn modifiers_are_stripped_at_any_depth() {
        for (pattern, expected) in [
            ("mut app", "app"),
            ("ref app", "app"),
            ("&app", "app"),
            ("State(mut app)", "State (app)"),
            ("State(App { ref app, .. })", "State (App { app , .. })"),
            (
                "(State(ref mut app), [&mut other, ..])",
                "(State (app) , [_ , ..])",
            ),
            ("app @ State(mut inner)", "app @ State (_)"),
            ("whole @ State(mut app)", "State (app)"),
            ("App { field: mut app }", "App { field : app }"),
            ("App { app, mut other }", "App { app , other : _ }"),
            ("r#app", "r#app"),
        ] {
            assert_eq!(
                shown(pattern, &["app"]).as_deref(),
                Some(expected),
                "{pattern}"
            );
        }
    }

    #[test]
    fn a_pattern_that_nobody_mentions_is_left_out() {
        for pattern in ["_", "State(app)", "Marker", "(a, b)", "Path(mut id)"] {
            assert_eq!(shown(pattern, &["other"]), None, "{pattern}");
        }
    }
}
