//! A plain async function's knobs and return type.

use proc_macro2::Span;

use crate::args::Args;
use crate::errors::Errors;
use crate::function::Function;
use crate::knob::Knob;

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
    super::name(args, function, errors);
}
