//! The function that the router sees: the user's name, visibility, generics and
//! number of arguments, the last one guarded.

use std::collections::HashSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::{call, cfgs, deferred, inner};
use crate::args::Args;
use crate::expand::attributes::Attributes;
use crate::expand::{arguments, own, transaction};
use crate::function::Function;
use crate::span::Ends;
use crate::{mention, pattern};

pub(super) fn expand(
    args: &Args,
    function: &Function,
    attributes: &Attributes,
    operation: &Ident,
) -> TokenStream {
    let rt = args.runtime();
    let span = Span::mixed_site();
    let (cfg, attrs, vis) = (&attributes.cfg, &attributes.outer, &function.vis);
    let ident = function.ident();
    let (generics, _, where_clause) = function.sig.generics.split_for_impl();
    let async_fn = async_fn(function);

    let transaction = transaction::parameter(args, function);
    let store = transaction.map(|arg| transaction::store(args, arg));
    let whole = function;
    let function = &transaction::without(args, function);
    let names: Vec<Ident> = (0..function.args().count())
        .map(|i| own(&format!("__{i}")))
        .collect();
    let guarded = names.last().cloned().unwrap_or_else(|| own("__0"));
    let words = mention::words(arguments::tokens(args));
    let params = params(function, &names, |ty| match &store {
        Some(store) => quote!(#rt::private::InTransaction<#operation, #store, #ty>),
        None if deferred::may_wait(function, &words).is_some() => {
            quote!(#rt::private::Deferred<#operation, #ty>)
        }
        None => quote!(#rt::private::Guarded<#operation, #ty>),
    });
    let inner = inner::expand(whole, attributes, &words);
    let arguments = arguments(args, function, &names, &words);
    let place = place(function);
    let call = call::expand(args, whole, &names, place);
    let guarded = Ident::new(&guarded.to_string(), place);
    let run = quote_spanned!(place=> #guarded.run(__arguments, #call).await);
    quote_spanned! {span=>
        #(#cfg)*
        #(#attrs)*
        #vis #async_fn #ident #generics (#params) -> #rt::private::Response #where_clause {
            #rt::private::register!(<#operation as #rt::private::Operation>::SPEC);
            #inner
            let __arguments = #arguments;
            #run
        }
    }
}

fn async_fn(function: &Function) -> TokenStream {
    let (asyncness, fn_token) = (&function.sig.asyncness, &function.sig.fn_token);
    quote!(#asyncness #fn_token)
}

/// `__0: A, __1: Guarded<_, B>`; with no extractor at all, `__0: Guarded<_, ()>`.
fn params(
    function: &Function,
    names: &[Ident],
    guard: impl Fn(TokenStream) -> TokenStream,
) -> TokenStream {
    let Some(last) = names.len().checked_sub(1) else {
        let (name, ty) = (own("__0"), guard(quote!(())));
        return quote!(#name: #ty);
    };
    let each = function
        .args()
        .zip(names)
        .enumerate()
        .map(|(place, (arg, name))| {
            let (cfg, ty) = (cfgs(arg), &arg.ty);
            let ty = if place == last {
                guard(quote!(#ty))
            } else {
                quote!(#ty)
            };
            quote!(#(#cfg)* #name: #ty)
        });
    quote!(#(#each),*)
}

/// The expressions' values, behind the bindings that they mention, by reference.
fn arguments(
    args: &Args,
    function: &Function,
    names: &[Ident],
    words: &HashSet<String>,
) -> TokenStream {
    let span = Span::mixed_site();
    let each = function
        .args()
        .zip(names)
        .enumerate()
        .filter_map(|(place, (arg, name))| {
            let (cfg, pattern) = (cfgs(arg), pattern::mentioned(&arg.pat, words)?.pattern);
            let value = (place + 1 == names.len()).then(|| quote_spanned!(span=> .value));
            Some(quote_spanned!(span=> #(#cfg)* let #pattern = &#name #value;))
        });
    let bindings: Vec<TokenStream> = each.collect();
    let arguments = arguments::expand(args);
    if bindings.is_empty() {
        return arguments;
    }
    quote_spanned!(span=> { #(#bindings)* #arguments })
}

/// Bounds on the answer are reported at the return type; all at its first
/// token, as the compiler shows a mistake once for each place.
fn place(function: &Function) -> Span {
    let name = || Ends::at(function.ident().span());
    function.return_type().map_or_else(name, Ends::of).first
}
