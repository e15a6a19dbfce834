//! Validity: what the knobs and the function's shape say together. Each check
//! adds its mistakes; none stops the others, but a function that is plainly
//! the other kind is told only that, as the rest would mislead.

mod expression;
mod function;
mod handler;
mod likeness;
mod rerun;
mod shape;
mod transaction;

use crate::args::Args;
use crate::duration;
use crate::errors::Errors;
use crate::function::Function;
use crate::knob::Knob;

/// The attribute's two modes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Mode {
    /// An axum handler: no `store`.
    Handler,
    /// A plain async function with a `store`.
    Function,
}

impl Mode {
    pub(crate) fn of(args: &Args) -> Self {
        if args.has(Knob::Store) {
            Self::Function
        } else {
            Self::Handler
        }
    }
}

pub(crate) fn check(args: &Args, function: &Function, errors: &mut Errors) {
    let mode = Mode::of(args);
    shape::check(function, mode, errors);
    expression::check(args, errors);
    lifetimes(args, errors);
    twice(function, errors);
    rerun::check(args, mode, errors);
    transaction::check(args, function, mode, errors);
    if likeness::mistaken(args, function, mode, errors) {
        return;
    }
    match mode {
        Mode::Handler => handler::check(args, function, errors),
        Mode::Function => function::check(args, function, errors),
    }
}

/// A key that may be older than its answer lives would run twice in silence,
/// which is what `max_key_age` is there to refuse.
fn lifetimes(args: &Args, errors: &mut Errors) {
    if let (Some(age), Some(ttl), Some(span)) =
        (args.max_key_age, args.ttl, args.at(Knob::MaxKeyAge))
        && age > ttl
    {
        let (age, ttl) = (duration::show(age), duration::show(ttl));
        errors.push(
            span,
            format!(
                "`max_key_age = \"{age}\"` is longer than `ttl = \"{ttl}\"`: a key between the two \
                 would run a second time; make it at most the ttl"
            ),
        );
    }
}

fn twice(function: &Function, errors: &mut Errors) {
    let again = function.attrs.iter().find(|attr| {
        attr.path()
            .segments
            .last()
            .is_some_and(|segment| segment.ident == "idempotent")
    });
    if let Some(again) = again {
        errors.push_at(
            again,
            "this function is `#[idempotent]` twice: put all knobs into one attribute",
        );
    }
}

/// The name is compulsory where the module's path does not tell two functions
/// apart.
fn name(args: &Args, function: &Function, errors: &mut Errors) {
    if args.has(Knob::Name) {
        return;
    }
    let own = function.plain_name();
    if let Some(receiver) = function.receiver() {
        errors.push(
            receiver.self_token.span,
            format!(
                "a method needs a name of its own, as two `{own}`s of one module would share keys: \
                 add `name = \"payments.{own}\"`"
            ),
        );
    } else if let Some(span) = function.self_type_at() {
        errors.push(
            span,
            format!(
                "a function inside an `impl` needs a name of its own, as two `{own}`s of one module \
                 would share keys: add `name = \"payments.{own}\"`"
            ),
        );
    } else if let Some(span) = function.generic_at() {
        errors.push(
            span,
            format!(
                "a generic function needs a name of its own, as all its forms share their keys: \
                 add `name = \"payments.{own}\"`"
            ),
        );
    }
}
