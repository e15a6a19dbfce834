//! The open transaction among the parameters: where it stands, the store that
//! its type names, and the function as the router sees it, without it.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{FnArg, Pat, PatType, Signature, Type};

use crate::args::{Args, Persist};
use crate::function::Function;
use crate::pattern;
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
    let ty = with_lifetimes(ty.to_token_stream(), "static");
    let rt = crate::span::placed(&args.runtime(), ends.first);
    quote_spanned!(ends.first=> <#ty as #rt::Transaction>::Store)
}

/// The signature of a function whose transaction is only passed on: `mut` would
/// warn there.
pub(super) fn lent(args: &Args, function: &Function) -> Signature {
    let mut sig = function.sig.clone();
    for input in &mut sig.inputs {
        if let FnArg::Typed(arg) = input
            && args.is_transaction(arg)
            && let Pat::Ident(binding) = &mut *arg.pat
        {
            binding.mutability = None;
        }
    }
    sig
}

// let __tx: &mut _ = tx;
// let mut __riding = match private::ride(&__SPEC, &__store, __arguments, &mut *__tx).await {
//     Ok(riding) => riding,
//     Err(early) => return early.output(),
// };
// let __output = __riding.run({
//     let tx = &mut *__tx;
//     async move { BODY }
// }).await;
// __riding.arrive(__tx, __output).await
//
// The caller's transaction is lent to the claim, then to the body, then to the
// answer, and stays the caller's to commit.
pub(super) fn ride(args: &Args, arg: &PatType, ret: &Type, attempt: &TokenStream) -> TokenStream {
    let rt = args.runtime();
    let span = Span::mixed_site();
    let (pattern, name) = (&arg.pat, pattern::name(arg));
    let place = Ends::of(ret).first;
    let at = Ends::of(&arg.ty);
    let ride = at.private(&rt, "ride");
    let early = |method: &str| Ident::new(method, place);
    let (output, arrive, classify) = match &args.persist {
        Some(Persist::All) => (
            early("output_persisting"),
            early("arrive_persisting"),
            quote_spanned!(span=> , |_| #rt::Persist::Yes),
        ),
        Some(Persist::By(path)) => (
            early("output_persisting"),
            early("arrive_persisting"),
            quote!(, #path),
        ),
        Some(Persist::Default | Persist::Success) | None => {
            (early("output"), early("arrive"), TokenStream::new())
        }
    };
    quote_spanned! {span=>
        let __tx: &mut _ = #name;
        let mut __riding = match #ride(&__SPEC, &__store, __arguments, &mut *__tx).await {
            ::core::result::Result::Ok(__riding) => __riding,
            ::core::result::Result::Err(__early) => return __early.#output(),
        };
        let __output = __riding
            .run({
                let #pattern = &mut *__tx;
                #attempt
            })
            .await;
        __riding.#arrive(__tx, __output #classify).await
    }
}

/// The tokens with this lifetime for every one.
pub(super) fn with_lifetimes(tokens: TokenStream, lifetime: &str) -> TokenStream {
    let mut after_quote = false;
    let each = tokens.into_iter().map(|token| {
        let quoted = std::mem::take(&mut after_quote);
        match token {
            TokenTree::Ident(ident) if quoted => Ident::new(lifetime, ident.span()).into(),
            TokenTree::Group(group) => {
                let mut inner =
                    Group::new(group.delimiter(), with_lifetimes(group.stream(), lifetime));
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
