//! The operation as a type, so that the extractor `Guarded` knows the knobs
//! before the handler runs.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;
use syn::spanned::Spanned;

use crate::args::{Args, Persist};
use crate::check::Mode;
use crate::expand::attributes::Attributes;
use crate::expand::{at, spec};
use crate::function::Function;

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
            let call = quote_spanned!(at(path.span())=> #path(response));
            quote_spanned! {span=>
                fn classify(response: &#rt::private::Response) -> #rt::Persist {
                    #call
                }
            }
        }
        _ => TokenStream::new(),
    };
    let check_state = args.state.as_ref().map(|state| {
        let call = quote_spanned!(at(state.span())=> #rt::private::check_state::<#state>);
        quote_spanned! {span=>
            #(#cfg)*
            const _: fn() = #call;
        }
    });
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

        #check_state
    }
}
