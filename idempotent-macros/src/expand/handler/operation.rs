//! The operation as a type, so that the extractor `Guarded` knows the knobs
//! before the handler runs.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use crate::args::{Args, Persist};
use crate::check::Mode;
use crate::expand::attributes::Attributes;
use crate::expand::{spec, transaction};
use crate::function::Function;
use crate::span::{Ends, placed};

/// The operation's type and what hangs on it.
pub(super) fn expand(
    args: &Args,
    function: &Function,
    attributes: &Attributes,
    operation: &Ident,
) -> TokenStream {
    let rt = args.runtime();
    let cfg = &attributes.cfg;
    let vis = &function.vis;
    let span = Span::mixed_site();
    let spec = spec::expand(args, function, Mode::Handler);
    let classify = match &args.persist {
        Some(Persist::By(path)) => {
            let ends = Ends::of(path);
            let rt = placed(&rt, ends.first);
            quote_spanned! {ends.last=>
                fn classify(response: &#rt::private::Response) -> #rt::Persist {
                    #path(response)
                }
            }
        }
        _ => TokenStream::new(),
    };
    let check_state = args.state.as_ref().map(|state| {
        let store = transaction::parameter(args, function);
        let store = store.map(|arg| transaction::store(args, arg));
        let (check, store) = match store {
            Some(store) => ("check_transactional", quote!(, #store)),
            None => ("check_state", TokenStream::new()),
        };
        let check = Ends::of(state).private(&rt, check);
        quote_spanned! {span=>
            #(#cfg)*
            const _: fn() = #check::<#state #store>;
        }
    });
    let deferring = super::deferred::expand(args, function, operation);
    let deferring = deferring.map(|deferring| quote_spanned!(span=> #(#cfg)* #deferring));
    quote_spanned! {span=>
        #(#cfg)*
        #[doc(hidden)]
        #[allow(non_camel_case_types)]
        #vis struct #operation {}

        #(#cfg)*
        impl #rt::private::Operation for #operation {
            const SPEC: #rt::private::Spec = #spec;
            #classify
        }

        #deferring
        #check_state
    }
}
