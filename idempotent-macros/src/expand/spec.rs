//! The operation's `Spec`: all fixed knobs, as one constant expression.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use crate::args::{Args, Claim, Fingerprint, OnConflict, OnInterrupt, Persist, Scope};
use crate::check::Mode;
use crate::function::Function;

/// The expression of type `private::Spec`.
pub(super) fn expand(args: &Args, function: &Function, mode: Mode) -> TokenStream {
    let rt = args.runtime();
    let span = Span::mixed_site();
    let name = name(args, function);
    let start = match mode {
        Mode::Handler => quote_spanned!(span=> handler),
        Mode::Function => quote_spanned!(span=> function),
    };
    let knobs = knobs(args, mode, &rt);
    quote_spanned! {span=>
        #rt::private::Spec::#start(
            #name,
            ::core::file!(),
            ::core::line!(),
            ::core::column!(),
        )
        #knobs
    }
}

fn name(args: &Args, function: &Function) -> TokenStream {
    let span = Span::mixed_site();
    if let Some(name) = &args.name {
        return quote_spanned!(span=> #name);
    }
    let own = function.plain_name();
    quote_spanned!(span=> ::core::concat!(::core::module_path!(), "::", #own))
}

/// The builder's calls; a default needs none.
fn knobs(args: &Args, mode: Mode, rt: &TokenStream) -> TokenStream {
    let span = Span::mixed_site();
    let mut calls = TokenStream::new();
    if let Some(header) = &args.header {
        calls.extend(quote_spanned!(span=> .header(#header)));
    }
    if args.required == Some(false) {
        calls.extend(quote_spanned!(span=> .optional()));
    }
    if args.key.is_some() {
        calls.extend(quote_spanned!(span=> .key_expression()));
    }
    if matches!(args.scope, Some(Scope::Of(_))) {
        calls.extend(quote_spanned!(span=> .scope_expression()));
    }
    calls.extend(match (&args.fingerprint, mode) {
        (Some(Fingerprint::Of(_)), _) => quote_spanned!(span=> .fingerprint_expression()),
        (Some(Fingerprint::None), _) => quote_spanned!(span=> .fingerprint_none()),
        // A redelivered event may differ in its bytes.
        (None, Mode::Handler) if args.key.is_some() => quote_spanned!(span=> .fingerprint_none()),
        (None, _) => TokenStream::new(),
    });
    let wait = match args.on_conflict {
        Some(OnConflict::Wait(millis)) => Some(millis),
        Some(OnConflict::Reject) | None => None,
    };
    for (method, millis) in [
        ("ttl", args.ttl),
        ("lease", args.lease),
        ("wait", wait),
        ("max_key_age", args.max_key_age),
    ] {
        let Some(millis) = millis else { continue };
        let method = super::own(method);
        calls.extend(quote_spanned! {span=>
            .#method(#rt::private::Duration::from_millis(#millis))
        });
    }
    if let Some(millionths) = args.rerun_safe_sample {
        calls.extend(quote_spanned!(span=> .rerun_safe_sample(#millionths)));
    }
    calls.extend(match &args.on_interrupt {
        Some(OnInterrupt::Reject) => quote_spanned!(span=> .reject_interrupted()),
        Some(OnInterrupt::Recover(_)) => quote_spanned!(span=> .recover_interrupted()),
        Some(OnInterrupt::Rerun) | None => TokenStream::new(),
    });
    if args.transaction.is_some() {
        calls.extend(match args.claim {
            Some(Claim::Before) => quote_spanned!(span=> .claim_before()),
            Some(Claim::Inside) | None => quote_spanned!(span=> .transaction()),
        });
    }
    calls.extend(match &args.persist {
        Some(Persist::Success) => quote_spanned!(span=> .persist_success()),
        Some(Persist::All) => quote_spanned!(span=> .persist_all()),
        Some(Persist::By(_)) => quote_spanned!(span=> .persist_custom()),
        Some(Persist::Default) | None => TokenStream::new(),
    });
    calls
}
