//! `transaction = tx`, and `claim`: the parameter that is the open transaction,
//! and the knobs that make no sense beside it.

use syn::{FnArg, Type};

use super::Mode;
use crate::args::{Args, Claim};
use crate::errors::Errors;
use crate::expand::expressions;
use crate::function::Function;
use crate::knob::Knob;
use crate::mention;

pub(super) fn check(args: &Args, function: &Function, mode: Mode, errors: &mut Errors) {
    if let Some(span) = args.at(Knob::Claim) {
        if !args.has(Knob::Transaction) {
            errors.push(
                span,
                "`claim` says where a transaction's claim is made, and there is none: add \
                 `transaction = tx`, or remove `claim`",
            );
        } else if mode == Mode::Function {
            errors.push(
                span,
                "`claim` is for handlers: a function's transaction is its caller's, open already, \
                 so that its claim can only ride in it; remove `claim`",
            );
        }
    }
    if !args.has(Knob::Transaction) {
        return;
    }
    parameter(args, function, errors);
    unfinished(args, mode, errors);
    expressions_without_it(args, errors);
}

/// It is there, and it is `&mut` of something.
fn parameter(args: &Args, function: &Function, errors: &mut Errors) {
    let Some(wanted) = &args.transaction else {
        return;
    };
    let Some(arg) = function.args().find(|arg| args.is_transaction(arg)) else {
        let own = function
            .sig
            .inputs
            .iter()
            .any(|arg| matches!(arg, FnArg::Typed(_)));
        let among = if own { " among the parameters" } else { "" };
        errors.push(
            wanted.span(),
            format!(
                "there is no `{wanted}`{among}: add it under its plain name, \
                 `{wanted}: &mut sqlx::PgTransaction<'_>`"
            ),
        );
        return;
    };
    if !matches!(&*arg.ty, Type::Reference(reference) if reference.mutability.is_some()) {
        errors.push_at(
            &arg.ty,
            format!(
                "the transaction is lent to the body, and committed after it: write \
                 `{wanted}: &mut sqlx::PgTransaction<'_>`, or `&mut` of another database's"
            ),
        );
    }
}

/// Inside a transaction no attempt is ever found unfinished.
fn unfinished(args: &Args, mode: Mode, errors: &mut Errors) {
    let before = matches!(args.claim, Some(Claim::Before));
    if let Some(span) = args.at(Knob::OnInterrupt)
        && !before
    {
        errors.push(
            span,
            "an attempt that dies in its transaction leaves nothing, so that there is no interruption \
             to decide about: remove `on_interrupt`, or claim first by `claim = before`",
        );
    }
    if let Some(span) = args.at(Knob::Lease)
        && mode == Mode::Function
    {
        errors.push(
            span,
            "`lease` bounds a transaction that the runtime opens, and this one is the caller's: \
             remove `lease`, and set the timeouts where it is opened",
        );
    }
}

/// The expressions are evaluated before there is a transaction.
fn expressions_without_it(args: &Args, errors: &mut Errors) {
    let Some(own) = &args.transaction else {
        return;
    };
    let own = own.to_string();
    if let Some(span) = mention::find(expressions(args), |word| word == own) {
        errors.push(
            span,
            format!(
                "`{own}` is the transaction, which opens after the key, scope and fingerprint are \
                 known: take the value from the other arguments"
            ),
        );
    }
}
