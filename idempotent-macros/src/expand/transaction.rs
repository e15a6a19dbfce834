//! The open transaction among the parameters: where it stands, the store that
//! its type names, and the function as the router sees it, without it.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::{FnArg, PatType, Type};

use crate::args::Args;
use crate::function::Function;
use crate::span::Ends;

/// The parameter, if there is one.
pub(super) fn parameter<'a>(args: &Args, function: &'a Function) -> Option<&'a PatType> {
    function.args().find(|arg| args.is_transaction(arg))
}

/// The function without it: its extractors.
pub(super) fn without(args: &Args, function: &Function) -> Function {
    let mut function = function.clone();
    let inputs = std::mem::take(&mut function.sig.inputs);
    function.sig.inputs = (inputs.into_iter())
        .filter(|input| !matches!(input, FnArg::Typed(arg) if args.is_transaction(arg)))
        .collect();
    function
}

/// `<PgTransaction<'static> as Transaction>::Store`: a handler's signature names
/// the store and not the transaction, whose lifetime is the body's alone.
pub(super) fn store(args: &Args, arg: &PatType) -> TokenStream {
    let ty = match &*arg.ty {
        Type::Reference(reference) => &*reference.elem,
        other => other,
    };
    let ends = Ends::of(ty);
    let ty = of_static(ty.to_token_stream());
    let rt = crate::span::placed(&args.runtime(), ends.first);
    quote_spanned!(ends.first=> <#ty as #rt::Transaction>::Store)
}

/// The tokens with every lifetime as `'static`.
fn of_static(tokens: TokenStream) -> TokenStream {
    let mut after_quote = false;
    let each = tokens.into_iter().map(|token| {
        let quoted = std::mem::take(&mut after_quote);
        match token {
            TokenTree::Ident(ident) if quoted => Ident::new("static", ident.span()).into(),
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), of_static(group.stream()));
                inner.set_span(group.span());
                inner.into()
            }
            other => {
                after_quote = matches!(&other, TokenTree::Punct(punct) if punct.as_char() == '\'');
                other
            }
        }
    });
    each.collect()
}
