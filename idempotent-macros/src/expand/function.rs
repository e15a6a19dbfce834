//! A plain async function's expansion: one form for free functions, methods of
//! any receiver, generics, borrows and trait impls.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Type;

use super::{arguments, recover, spec, transaction};
use crate::args::{Args, Persist};
use crate::check::Mode;
use crate::function::Function;
use crate::output;
use crate::pattern;
use crate::span::{self, Ends};

// Input:
//     #[idempotent(store = self.idempotency, key = order.id, name = "pay")]
//     async fn pay(&self, order: &Order) -> Result<Receipt, Error> {
//         BODY
//     }
//
// Output:
//     async fn pay(&self, order: &Order) -> Result<Receipt, Error> {
//         const __SPEC: private::Spec = private::Spec::function("pay", FILE, LINE, COLUMN).key_expression();
//         private::register!(__SPEC);
//         let __store = Idempotency::clone(&(self.idempotency));
//         let __arguments = private::Arguments::new().key((|| private::key(&(order.id)))());
//         private::run_fn(&__SPEC, __store, __arguments, async move {
//             if let Some(__answer) = None::<Result<Receipt, Error>> {
//                 return __answer;
//             }
//             { BODY }
//         })
//         .await
//     }
//
// The `if let` never runs: it tells the async block its type, as the function
// did, so that `?` and `Ok(…)` need no more than they needed before.
pub(super) fn expand(args: &Args, function: &Function) -> TokenStream {
    let Some(ret) = function.return_type() else {
        return TokenStream::new();
    };
    let run = match function.boxed_output() {
        None => run(args, function, ret, &function.block()),
        Some(output) => boxed(args, function, ret, output),
    };
    let sig = &transaction::lent(args, function);
    let (attrs, vis) = (&function.attrs, &function.vis);
    let inner_attrs = &function.inner_attrs;
    let block = quote_spanned! {Span::mixed_site()=> {
        #(#inner_attrs)*
        #run
    }};
    quote! {
        #(#attrs)*
        #vis #sig #block
    }
}

// Under async_trait the function returns `Pin<Box<dyn Future>>`, and its body
// makes that box:
//     Box::pin(async move {
//         …
//         private::run_fn(&__SPEC, __store, __arguments, async move {
//             if let Some(__answer) = None::<Output> { return __answer; }
//             (move || -> Pin<Box<dyn Future<Output = Output>>> { BODY })().await
//         })
//         .await
//     })
fn boxed(args: &Args, function: &Function, ret: &Type, output: &Type) -> TokenStream {
    let span = Span::mixed_site();
    let body = function.block();
    // The transaction is lent for the body alone, and not for as long as the
    // future may live.
    let ret = if args.transaction.is_some() {
        transaction::with_lifetimes(ret.to_token_stream(), "_")
    } else {
        ret.to_token_stream()
    };
    let body = quote_spanned!(span=> (move || -> #ret #body)().await);
    let run = run(args, function, output, &body);
    quote_spanned! {span=>
        ::std::boxed::Box::pin(async move { #run })
    }
}

/// The statements that claim, run and answer.
fn run(args: &Args, function: &Function, ret: &Type, body: &TokenStream) -> TokenStream {
    let rt = args.runtime();
    let span = Span::mixed_site();
    let spec = spec::expand(args, function, Mode::Function);
    let store = store(args, &rt);
    let arguments = arguments::expand(args);
    let hint = output::inferable(ret).into_token_stream();
    let recovered = recovered(args, function);
    let attempt = quote_spanned! {span=>
        async move {
            if let ::core::option::Option::Some(__answer) = ::core::option::Option::None::<#hint> {
                return __answer;
            }
            #recovered
            #body
        }
    };
    if let Some(transaction) = transaction::parameter(args, function) {
        let riding = transaction::ride(args, transaction, ret, &attempt);
        return quote_spanned! {span=>
            const __SPEC: #rt::private::Spec = #spec;
            #rt::private::register!(__SPEC);
            let __store = #store;
            let __arguments = #arguments;
            #riding
        };
    }
    // Bounds on the answer are reported at the return type.
    let place = Ends::of(ret).first;
    let (runner, persist) = match &args.persist {
        Some(Persist::All) => (
            "run_fn_persisting",
            quote_spanned!(span=> |_| #rt::Persist::Yes,),
        ),
        Some(Persist::By(path)) => ("run_fn_persisting", quote!(#path,)),
        Some(Persist::Default | Persist::Success) | None => ("run_fn", TokenStream::new()),
    };
    let runner = Ends::at(place).private(&rt, runner);
    let run = quote_spanned! {place=>
        #runner(&__SPEC, __store, __arguments, #persist #attempt).await
    };
    quote_spanned! {span=>
        const __SPEC: #rt::private::Spec = #spec;
        #rt::private::register!(__SPEC);
        let __store = #store;
        let __arguments = #arguments;
        #run
    }
}

/// `private::recover_value(&__attempt, find(self, &__attempt, &order))`, where a
/// knob says so.
fn recovered(args: &Args, function: &Function) -> Option<TokenStream> {
    let path = recover::path(args)?;
    let receiver = function.receiver().map(|receiver| {
        let this = &receiver.self_token;
        quote!(&#this,)
    });
    let names = function.args().filter_map(pattern::name);
    Some(recover::expand(
        args,
        path,
        "recover_value",
        &quote!(#receiver),
        &quote!(#(&#names),*),
    ))
}

/// A clone of the caller's handle, so that nothing of his stays borrowed.
fn store(args: &Args, rt: &TokenStream) -> TokenStream {
    let expr = args.store.as_ref();
    let ends = Ends::of(&expr);
    let (rt, store) = (span::placed(rt, ends.first), ends.borrowed(quote!(#expr)));
    let clone = quote_spanned!(ends.last=> clone(#store));
    if args.transaction.is_some() {
        quote_spanned!(ends.first=> #rt::Transactional::#clone)
    } else {
        quote_spanned!(ends.first=> #rt::Idempotency::#clone)
    }
}
