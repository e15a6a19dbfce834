//! The knob expressions: plain, immediate, and of what the caller sent.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Expr;

use crate::args::{Args, Fingerprint, Scope};
use crate::errors::Errors;
use crate::fresh;
use crate::knob::Knob;

pub(super) fn check(args: &Args, errors: &mut Errors) {
    let scope = match &args.scope {
        Some(Scope::Of(expr)) => Some(expr),
        _ => None,
    };
    let fingerprint = match &args.fingerprint {
        Some(Fingerprint::Of(expr)) => Some(expr),
        _ => None,
    };
    for (knob, expr) in [
        (Knob::Key, args.key.as_ref()),
        (Knob::Scope, scope),
        (Knob::Fingerprint, fingerprint),
        (Knob::Store, args.store.as_ref()),
    ] {
        let Some(expr) = expr else { continue };
        immediate(knob, expr, errors);
        if knob != Knob::Store {
            stable(knob, expr, errors);
        }
    }
}

fn stable(knob: Knob, expr: &Expr, errors: &mut Errors) {
    let Some((shown, span)) = fresh::find(expr.to_token_stream()) else {
        return;
    };
    let message = match knob {
        Knob::Scope => format!(
            "`{shown}` is another value at each call, so no retry is ever found under this scope: \
             use what tells whose key it is, such as `scope = account.id`"
        ),
        Knob::Fingerprint => format!(
            "`{shown}` is another value at each call, so every retry is refused as another \
             request: use what the caller asked, such as `fingerprint = order`"
        ),
        _ => format!(
            "`{shown}` makes a new key at each call, which protects nothing, as no retry ever has \
             the same: use what the caller sent, such as `key = event.id`"
        ),
    };
    errors.push(span, message);
}

/// `.await`, `?` and `return` would leave the expression; where it has a
/// closure or an async block of its own, the compiler judges.
fn immediate(knob: Knob, expr: &Expr, errors: &mut Errors) {
    let Some((what, span)) = leaves(expr.to_token_stream()) else {
        return;
    };
    let word = knob.word();
    errors.push(
        span,
        format!(
            "`{what}` cannot stand in `{word}`, which is evaluated before the claim: take the value \
             from the arguments, as in `{}`",
            knob.example()
        ),
    );
}

fn leaves(tokens: TokenStream) -> Option<(&'static str, Span)> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    if tokens.iter().any(opens_a_scope) {
        return None;
    }
    for (place, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Ident(ident) if ident == "return" => return Some(("return", ident.span())),
            TokenTree::Ident(ident) if ident == "await" && place > 0 => {
                return Some((".await", ident.span()));
            }
            TokenTree::Punct(punct) if punct.as_char() == '?' => return Some(("?", punct.span())),
            TokenTree::Group(group) => {
                if let Some(found) = leaves(group.stream()) {
                    return Some(found);
                }
            }
            _ => {}
        }
    }
    None
}

fn opens_a_scope(token: &TokenTree) -> bool {
    match token {
        TokenTree::Ident(ident) => ident == "async" || ident == "fn",
        TokenTree::Punct(punct) => punct.as_char() == '|',
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<&'static str> {
        leaves(text.parse().expect("tokens")).map(|(what, _)| what)
    }

    #[test]
    fn what_leaves_the_expression_is_found() {
        assert_eq!(found("lookup(id).await"), Some(".await"));
        assert_eq!(found("(a, f(id)?)"), Some("?"));
        assert_eq!(found("{ return 5 }"), Some("return"));
    }

    #[test]
    fn a_scope_of_its_own_is_left_to_the_compiler() {
        assert_eq!(found("ids.iter().map(|id| Some(id?.len()))"), None);
        assert_eq!(found("order.id"), None);
    }
}
