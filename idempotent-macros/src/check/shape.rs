//! The function's own form: async, safe, of Rust's calling convention.

use syn::Safety;

use super::Mode;
use crate::errors::Errors;
use crate::function::Function;
use crate::output;

pub(super) fn check(function: &Function, mode: Mode, errors: &mut Errors) {
    let sig = &function.sig;
    if let Some(token) = &sig.constness {
        errors.push(
            token.span,
            "a `const fn` runs at compile time and has nothing to repeat: make it an `async fn`",
        );
    }
    if let Safety::Unsafe(token) = &sig.safety {
        errors.push(
            token.span,
            "an `unsafe fn` is not supported: annotate a safe function that calls it",
        );
    }
    if let Some(abi) = &sig.abi {
        errors.push_at(
            abi,
            "an `extern` function is not supported: annotate a Rust function that calls it",
        );
    }
    if let Some(variadic) = &sig.variadic {
        errors.push_at(
            variadic,
            "variadic arguments are not supported: list the arguments",
        );
    }
    if sig.constness.is_none() && sig.asyncness.is_none() {
        asyncness(function, mode, errors);
    }
}

fn asyncness(function: &Function, mode: Mode, errors: &mut Errors) {
    let span = function.sig.fn_token.span;
    if function.boxed_output().is_some() {
        // async_trait's form; a handler's receiver is reported elsewhere.
        if mode == Mode::Handler && function.receiver().is_none() {
            errors.push(
                span,
                "a handler is an `async fn`: write `async fn` and its output's type",
            );
        }
        return;
    }
    let future = function.return_type().is_some_and(|ty| {
        matches!(ty, syn::Type::ImplTrait(_))
            || output::last_segment(ty)
                .is_some_and(|last| last.ident.to_string().contains("Future"))
    });
    errors.push(
        span,
        if future {
            "`#[idempotent]` cannot see into a returned future: write `async fn` with the future's \
             output as the return type"
        } else {
            "`#[idempotent]` waits for its store, so the function must be async: write `async fn`"
        },
    );
}
