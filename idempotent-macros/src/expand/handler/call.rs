//! What the guard runs: the user's function inside, and before it, where a knob
//! says so, the one that finds out what an interrupted attempt has done.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{GenericParam, Token};

use super::cfgs;
use crate::args::Args;
use crate::expand::{own, recover};
use crate::function::Function;
use crate::span::Ends;

// move |__value| pay(__0, __value)
//
// With `transaction = tx`, whose lifetime is the body's:
//
// move |__tx, __value| Box::pin(async move { private::respond(pay(__0, __tx, __value).await) })
//
// With `on_interrupt = recover(find)`:
//
// move |__value| async move {
//     /* if there is something to ask: find(&__attempt, &__0, &__value) */
//     private::respond(pay(__0, __value).await)
// }
pub(super) fn expand(args: &Args, function: &Function, names: &[Ident], span: Span) -> TokenStream {
    let ident = function.ident();
    let turbofish = turbofish(function);
    let value = own("__value");
    let transaction = own("__tx");
    let extracted: Vec<&Ident> = match names.split_last() {
        Some((_, before)) => before.iter().chain([&value]).collect(),
        None => Vec::new(),
    };
    let each = |lent: &TokenStream, transaction: Option<&Ident>| {
        let mut extracted = extracted.iter();
        let each = function.args().filter_map(|arg| {
            let cfg = cfgs(arg);
            if args.is_transaction(arg) {
                return transaction.map(|name| quote!(#name));
            }
            let name = extracted.next()?;
            Some(quote!(#(#cfg)* #lent #name))
        });
        let each: Vec<TokenStream> = each.collect();
        quote!(#(#each),*)
    };
    let moved = each(&quote!(), Some(&transaction));
    let param = if extracted.is_empty() {
        quote!(())
    } else {
        quote!(#value)
    };
    let body = quote_spanned!(span=> #ident #turbofish (#moved));
    let recovered = recover::path(args).map(|path| {
        let lent = each(&quote!(&), None);
        recover::expand(args, path, "recover_response", &quote!(), &lent)
    });
    let respond = Ends::at(span).private(&args.runtime(), "respond");
    let responded = quote_spanned! {span=>
        async move {
            #recovered
            #respond(#body.await)
        }
    };
    if args.transaction.is_some() {
        quote_spanned!(span=> move |#transaction, #param| ::std::boxed::Box::pin(#responded))
    } else if recovered.is_some() {
        quote_spanned!(span=> move |#param| #responded)
    } else {
        quote_spanned!(span=> move |#param| #body)
    }
}

/// The outer function's own parameters, for the inner one; lifetimes are
/// always inferred.
fn turbofish(function: &Function) -> Option<TokenStream> {
    let idents: Vec<TokenStream> = (function.sig.generics.params.iter())
        .filter_map(|param| match param {
            GenericParam::Type(param) => Some(param.ident.to_token_stream()),
            GenericParam::Const(param) => Some(param.ident.to_token_stream()),
            GenericParam::Lifetime(_) => None,
        })
        .collect();
    let colons = <Token![::]>::default();
    (!idents.is_empty()).then(|| quote!(#colons<#(#idents),*>))
}
