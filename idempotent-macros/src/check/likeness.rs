//! A function with `store` that looks like a handler, or the reverse.

use syn::{PatType, Type};

use super::Mode;
use crate::args::Args;
use crate::errors::Errors;
use crate::function::Function;
use crate::knob::Knob;
use crate::mention;
use crate::output;
use crate::pattern;

const EXTRACTORS: [&str; 10] = [
    "State",
    "Json",
    "Path",
    "Query",
    "HeaderMap",
    "Form",
    "Extension",
    "Multipart",
    "TypedHeader",
    "WebSocketUpgrade",
];

const ANSWERS: [&str; 6] = [
    "IntoResponse",
    "Response",
    "Json",
    "StatusCode",
    "Redirect",
    "Html",
];

/// Reports and says so, if the function is plainly the other kind.
pub(super) fn mistaken(args: &Args, function: &Function, mode: Mode, errors: &mut Errors) -> bool {
    match mode {
        Mode::Function => handler_with_store(args, function, errors),
        Mode::Handler => function_without_store(args, function, errors),
    }
}

fn handler_with_store(args: &Args, function: &Function, errors: &mut Errors) -> bool {
    let Some(span) = args.at(Knob::Store) else {
        return false;
    };
    let answers = function.return_type().is_some_and(|ty| {
        mention::find(quote::quote!(#ty), |word| ANSWERS.contains(&word)).is_some()
    });
    if function.receiver().is_some() || !answers || !function.args().any(is_extractor) {
        return false;
    }
    errors.push(
        span,
        "this looks like an axum handler, which finds its store in the router's state: remove \
         `store`, and say whose key it is by `scope = …`",
    );
    true
}

fn looks_like_a_transaction(arg: &PatType) -> bool {
    let ty = &arg.ty;
    mention::find(quote::quote!(#ty), |word| word.ends_with("Transaction")).is_some()
}

fn is_extractor(arg: &PatType) -> bool {
    output::last_segment(&arg.ty).is_some_and(|last| EXTRACTORS.iter().any(|own| last.ident == own))
}

fn function_without_store(args: &Args, function: &Function, errors: &mut Errors) -> bool {
    let own = function.plain_name();
    if let Some(receiver) = function.receiver() {
        errors.push(
            receiver.self_token.span,
            format!(
                "without `store` this is an axum handler, and a handler takes no `self`: annotate a \
                 free function; or, if `{own}` is a plain async method, add \
                 `store = self.idempotency` and a `key`"
            ),
        );
        return true;
    }
    if let Some(span) = function.self_type_at() {
        errors.push(
            span,
            "without `store` this is an axum handler, and a handler cannot stand in an `impl`: \
             annotate a free function; or, if it is a plain async function, add `store` and a `key`",
        );
        return true;
    }
    // A transaction under another name than the attribute's is told elsewhere.
    let misnamed =
        args.has(Knob::Transaction) && !function.args().any(|arg| args.is_transaction(arg));
    let borrowed = function.args().find(|arg| {
        matches!(*arg.ty, Type::Reference(_)) && !args.is_transaction(arg) && !misnamed
    });
    if let Some(arg) = borrowed
        && args.at(Knob::Transaction).is_none()
        && let Some(name) = pattern::name(arg)
        && looks_like_a_transaction(arg)
    {
        errors.push_at(
            &arg.ty,
            format!(
                "a handler is handed an open transaction by `transaction = {name}`, which also \
                 carries its key and its answer: add it to the attribute"
            ),
        );
        return true;
    }
    if let Some(arg) = borrowed {
        errors.push_at(
            &arg.ty,
            "without `store` this is an axum handler, and a handler's arguments are extractors, not \
             references: if it is a plain async function, add `store = app.idempotency` and a `key`",
        );
        return true;
    }
    false
}
