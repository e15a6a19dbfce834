//! A handler's expansion: the operation's type, the function that the router
//! sees, and the user's function inside it.

mod call;
mod deferred;
mod inner;
mod operation;
mod outer;

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{Attribute, PatType};

use super::attributes;
use crate::args::Args;
use crate::function::Function;

// Input:
//     #[idempotent(scope = app.tenant)]
//     pub async fn pay(State(mut app): State<App>, Json(new): Json<New>) -> Ret {
//         BODY
//     }
//
// Output:
//     pub struct __idempotent_pay {}
//     impl private::Operation for __idempotent_pay {
//         const SPEC: private::Spec = private::Spec::handler(NAME, FILE, LINE, COLUMN).scope_expression();
//     }
//     pub async fn pay(
//         __0: State<App>,
//         __1: private::Guarded<__idempotent_pay, Json<New>>,
//     ) -> private::Response {
//         private::register!(<__idempotent_pay as private::Operation>::SPEC);
//         async fn pay(State(mut app): State<App>, Json(new): Json<New>) -> Ret {
//             let _ = (&app,);
//             { BODY }
//         }
//         let __arguments = {
//             let State(app) = &__0;
//             private::Arguments::new().scope((|| private::scope(&(app.tenant)))())
//         };
//         __1.run(__arguments, move |__value| pay(__0, __value)).await
//     }
//
// Where no knob mentions what the last extractor gives, `Deferred` guards it
// instead: an extractor that only parses the body then runs within the
// attempt, and a replay parses nothing.
//
// The operation is a type, so that the extractor knows the knobs. The *last*
// argument is wrapped: it is the one that may consume the request, and the
// handler keeps its number of arguments, which `debug_handler` relies on.
pub(super) fn expand(attribute: &TokenStream, args: &Args, function: &Function) -> TokenStream {
    if let Some(both) = with_and_without_last(attribute, args, function) {
        return both;
    }
    let attributes = attributes::split(args, function);
    let operation = format_ident!(
        "__idempotent_{}",
        function.plain_name(),
        span = Span::mixed_site()
    );
    let items = operation::expand(args, function, &attributes, &operation);
    let outer = outer::expand(args, function, &attributes, &operation);
    quote! {
        #items
        #outer
    }
}

// Which argument is the last may depend on a `#[cfg]`, which is decided after
// us. Then the attribute is asked again, in either case:
//     #[cfg(x)]      #[idempotent(…)] async fn pay(a: A, b: B) { … }
//     #[cfg(not(x))] #[idempotent(…)] async fn pay(a: A) { … }
fn with_and_without_last(
    attribute: &TokenStream,
    args: &Args,
    function: &Function,
) -> Option<TokenStream> {
    let extractors = function.args().filter(|arg| !args.is_transaction(arg));
    let last = extractors.last()?;
    let place = last.attrs.iter().position(is_cfg)?;
    let (mut with, mut without) = (function.clone(), function.clone());
    let (at, last) = (with.sig.inputs.iter_mut().enumerate())
        .filter_map(|(at, input)| match input {
            syn::FnArg::Typed(arg) if !args.is_transaction(arg) => Some((at, arg)),
            _ => None,
        })
        .last()?;
    let cfg = last.attrs.remove(place);
    let predicate = cfg.parse_args::<TokenStream>().ok()?;
    without.sig.inputs = (without.sig.inputs.into_iter().enumerate())
        .filter_map(|(own, input)| (own != at).then_some(input))
        .collect();
    let rt = args.runtime();
    let ours = quote_spanned!(Span::call_site()=> #[#rt::idempotent(#attribute)]);
    Some(quote! {
        #[cfg(#predicate)]
        #ours
        #with
        #[cfg(not(#predicate))]
        #ours
        #without
    })
}

fn cfgs(arg: &PatType) -> Vec<&Attribute> {
    arg.attrs.iter().filter(|attr| is_cfg(attr)).collect()
}

fn is_cfg(attr: &Attribute) -> bool {
    attr.path().is_ident("cfg")
}
