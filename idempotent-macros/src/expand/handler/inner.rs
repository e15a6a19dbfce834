//! The user's function, nested under its own name, so that a body that calls
//! itself still finds itself.

use std::collections::HashSet;

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use super::cfgs;
use crate::expand::attributes::{self, Attributes};
use crate::function::Function;
use crate::pattern;

/// The user's function, as it was, but for a use of the bindings that only the
/// attribute uses: the compiler would call them unused.
pub(super) fn expand(
    function: &Function,
    attributes: &Attributes,
    words: &HashSet<String>,
) -> TokenStream {
    let span = Span::mixed_site();
    let uses = function.args().filter_map(|arg| {
        let (cfg, bindings) = (cfgs(arg), pattern::mentioned(&arg.pat, words)?.bindings);
        Some(quote_spanned!(span=> #(#cfg)* let _ = (#(&#bindings,)*);))
    });
    let attrs = &attributes.inner;
    // The user's body need not await.
    let unused_async = (!attributes::mentions_lint(&function.attrs, "unused_async"))
        .then(|| quote_spanned!(span=> #[allow(clippy::unused_async)]));
    let (sig, inner_attrs) = (&function.sig, &function.inner_attrs);
    let uses: Vec<TokenStream> = uses.collect();
    let body = if uses.is_empty() {
        function.body.stream()
    } else {
        function.block()
    };
    quote_spanned! {span=>
        #unused_async
        #(#attrs)*
        #sig {
            #(#inner_attrs)*
            #(#uses)*
            #body
        }
    }
}
