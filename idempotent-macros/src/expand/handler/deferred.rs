//! Whether the last extractor may wait for the claim: no knob looks at what it
//! gives, and it does nothing but parse the body. The first is seen here; the
//! second the runtime knows of the type.

use std::collections::HashSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;
use syn::Type;

use crate::args::Args;
use crate::expand::arguments;
use crate::function::Function;
use crate::{mention, pattern};

/// The last extractor's type, if no knob mentions what it gives. In a generic
/// handler it cannot be named outside of the function.
pub(super) fn may_wait<'a>(function: &'a Function, words: &HashSet<String>) -> Option<&'a Type> {
    let last = function.args().last()?;
    let mentioned = pattern::mentioned(&last.pat, words).is_some();
    let generic = !function.sig.generics.params.is_empty();
    (!mentioned && !generic).then_some(&last.ty)
}

// impl private::DeferringOperation<Json<New>> for __idempotent_pay {
//     const EXTRACT: Option<private::Extract<Json<New>>> = {
//         use private::Unknown as _;
//         <private::BodyOnly<Json<New>>>::EXTRACT
//     };
// }
pub(super) fn expand(args: &Args, function: &Function, operation: &Ident) -> Option<TokenStream> {
    let rt = args.runtime();
    if args.transaction.is_some() {
        return None;
    }
    let words = mention::words(arguments::tokens(args));
    let ty = may_wait(function, &words)?;
    Some(quote_spanned! {Span::mixed_site()=>
        impl #rt::private::DeferringOperation<#ty> for #operation {
            const EXTRACT: ::core::option::Option<#rt::private::Extract<#ty>> = {
                #[allow(unused_imports)]
                use #rt::private::Unknown as _;
                <#rt::private::BodyOnly<#ty>>::EXTRACT
            };
        }
    })
}
