//! `on_interrupt = recover(path)`: within the attempt and before the body, the
//! user's function is asked what an attempt that died unfinished has done.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;
use syn::Path;

use super::own;
use crate::args::{Args, OnInterrupt};
use crate::span::Ends;

/// The path of the user's function, if there is one.
pub(super) fn path(args: &Args) -> Option<&Path> {
    match &args.on_interrupt {
        Some(OnInterrupt::Recover(path)) => Some(path),
        _ => None,
    }
}

// if let Some(__attempt) = private::interrupted() {
//     if let Some(__answer) = private::recover_response(&__attempt, find(&__attempt, &__0, &__value)).await {
//         return __answer;
//     }
// }
//
// The function takes the attempt and then the arguments, by reference: `before`
// the attempt stands a method's `self`. What is wrong with it is reported at
// its path.
pub(super) fn expand(
    args: &Args,
    path: &Path,
    recover: &str,
    before: &TokenStream,
    arguments: &TokenStream,
) -> TokenStream {
    let rt = args.runtime();
    let span = Span::mixed_site();
    let ends = Ends::of(path);
    let recover = ends.private(&rt, recover);
    let attempt = own("__attempt");
    let answer = Ident::new("__answer", ends.last);
    let asked = quote_spanned!(ends.last=> #path(#before &#attempt, #arguments));
    let recovered = quote_spanned!(ends.last=> #recover(&#attempt, #asked).await);
    let returned = quote_spanned!(ends.last=> return #answer);
    quote_spanned! {span=>
        if let ::core::option::Option::Some(#attempt) = #rt::private::interrupted() {
            if let ::core::option::Option::Some(#answer) = #recovered {
                #returned;
            }
        }
    }
}
