//! A plain async function's knobs and return type.

use proc_macro2::Span;

use crate::args::{Args, OnInterrupt};
use crate::errors::Errors;
use crate::function::Function;
use crate::knob::Knob;
use crate::pattern;

pub(super) fn check(args: &Args, function: &Function, errors: &mut Errors) {
    for (knob, message) in [
        (
            Knob::Header,
            "`header` is for handlers; a function with `store` takes its key from `key`",
        ),
        (
            Knob::Required,
            "`required` is for handlers; a function with `store` always has its key",
        ),
        (
            Knob::State,
            "`state` is for handlers; a function with `store` has its store already",
        ),
    ] {
        if let Some(span) = args.at(knob) {
            errors.push(span, format!("{message}: remove `{}`", knob.word()));
        }
    }
    if !args.has(Knob::Key) {
        errors.push(
            Span::call_site(),
            "a function has no header to take its key from: name the key by an expression over the \
             arguments, such as `key = order.id`",
        );
    }
    if function.return_type().is_none() {
        errors.push(
            function.sig.paren_token.span.close(),
            "a function that is run once must return what a retry is given: write \
             `-> Result<T, E>`, where `E: From<idempotent_runtime::Error>` (`Result<(), E>` if there \
             is nothing to say)",
        );
    }
    recover(args, function, errors);
    super::name(args, function, errors);
}

/// The arguments are lent to the user's function by their names.
fn recover(args: &Args, function: &Function, errors: &mut Errors) {
    if !matches!(args.on_interrupt, Some(OnInterrupt::Recover(_))) {
        return;
    }
    for arg in function.args().filter(|arg| pattern::name(arg).is_none()) {
        errors.push_at(
            &arg.pat,
            "`recover` hands each argument on by its name: give this one a plain name, and take it \
             apart in the body",
        );
    }
}
