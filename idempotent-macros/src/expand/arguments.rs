//! The knob expressions over the arguments. Each sits in a closure of its own
//! that is called at once, so that `.await`, `?` and `return` cannot leave it,
//! and is only borrowed, so that `order.id` moves nothing; nor does
//! `(order.id, order.line)`, as each element of a tuple is borrowed.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Expr;

use crate::args::{Args, Fingerprint, Scope};
use crate::span::Ends;

/// The expression of type `private::Arguments`.
pub(super) fn expand(args: &Args) -> TokenStream {
    let rt = args.runtime();
    let span = Span::mixed_site();
    let mut arguments = quote_spanned!(span=> #rt::private::Arguments::new());
    for (knob, expr) in expressions(args) {
        let ends = Ends::of(expr);
        let call = ends.private(&rt, knob);
        let (knob, value) = (Ident::new(knob, ends.last), borrowed(expr));
        arguments.extend(quote_spanned!(ends.last=> .#knob((|| #call(#value))())));
    }
    arguments
}

/// `&(a)`, and `&(&(a), &(b))` of a tuple.
fn borrowed(expr: &Expr) -> TokenStream {
    let value = match expr {
        Expr::Tuple(tuple) if !tuple.elems.is_empty() => {
            let elems = tuple.elems.iter().map(borrowed);
            quote!(#(#elems,)*)
        }
        _ => quote!(#expr),
    };
    Ends::of(expr).borrowed(value)
}

/// All that the expressions say, to find which bindings they mention.
pub(crate) fn tokens(args: &Args) -> TokenStream {
    expressions(args)
        .map(|(_, expr)| expr.to_token_stream())
        .fold(quote!(), |mut all, one| {
            all.extend(quote!(#one,));
            all
        })
}

fn expressions(args: &Args) -> impl Iterator<Item = (&'static str, &Expr)> {
    let scope = match &args.scope {
        Some(Scope::Of(expr)) => Some(expr),
        Some(Scope::Public) | None => None,
    };
    let fingerprint = match &args.fingerprint {
        Some(Fingerprint::Of(expr)) => Some(expr),
        Some(Fingerprint::None) | None => None,
    };
    [
        ("scope", scope),
        ("key", args.key.as_ref()),
        ("fingerprint", fingerprint),
    ]
    .into_iter()
    .filter_map(|(knob, expr)| Some((knob, expr?)))
}
