//! An axum handler's knobs and arguments.

use proc_macro2::Span;
use syn::Expr;

use crate::args::{Args, Scope};
use crate::errors::Errors;
use crate::function::Function;
use crate::knob::Knob;
use crate::mention;

const MOST_EXTRACTORS: usize = 16;

pub(super) fn check(args: &Args, function: &Function, errors: &mut Errors) {
    scope(args, errors);
    key(args, errors);
    state(args, function, errors);
    super::name(args, function, errors);
    extractors(args, function, errors);
}

fn scope(args: &Args, errors: &mut Errors) {
    match &args.scope {
        None if !args.has(Knob::Scope) => errors.push(
            Span::call_site(),
            "whose key is it? Without a scope all callers share their keys, and whoever sends \
             another caller's key is given that caller's stored answer.\n\
             If callers differ, name theirs by an expression over the arguments: \
             `scope = account.id`\n\
             If every caller may see every answer, say so: `scope = public`",
        ),
        Some(Scope::Of(Expr::Lit(literal))) => errors.push_at(
            literal,
            "this scope is the same for every caller: name the caller by an expression over the \
             arguments, `scope = account.id`, or say that all share their keys, `scope = public`",
        ),
        _ => {}
    }
}

fn key(args: &Args, errors: &mut Errors) {
    if !args.has(Knob::Key) {
        return;
    }
    if let Some(span) = args.at(Knob::Header) {
        errors.push(
            span,
            "`header` and `key` are two sources of one key: keep `header` if the client chooses the \
             key, `key` if it lies in the arguments",
        );
    }
    if let Some(span) = args.at(Knob::Required) {
        errors.push(
            span,
            "`required` is about the header, but `key` always gives a key: remove one of them",
        );
    }
}

fn state(args: &Args, function: &Function, errors: &mut Errors) {
    let Some(state) = &args.state else { return };
    let params: Vec<String> = function
        .sig
        .generics
        .type_params()
        .map(|param| param.ident.to_string())
        .collect();
    if let Some(span) = mention::find(quote::quote!(#state), |word| {
        params.iter().any(|own| own == word)
    }) {
        errors.push(
            span,
            "`state` is checked outside the function, where its type parameters are unknown: \
             leave `state` out",
        );
    }
}

fn extractors(args: &Args, function: &Function, errors: &mut Errors) {
    let extractors = || function.args().filter(|arg| !args.is_transaction(arg));
    if let Some(one_too_many) = extractors().nth(MOST_EXTRACTORS) {
        errors.push_at(
            one_too_many,
            format!(
                "axum handlers take at most {MOST_EXTRACTORS} extractors: join some in a tuple, as \
                 in `(State(app), Path(id)): (State<App>, Path<u32>)`"
            ),
        );
    }
    for arg in extractors() {
        let ty = &arg.ty;
        if let Some(span) = mention::find(quote::quote!(#ty), |word| word == "WebSocketUpgrade") {
            errors.push(
                span,
                "a WebSocket has no answer that could be stored and given again: open it in a \
                 handler without `#[idempotent]`",
            );
        }
    }
}
